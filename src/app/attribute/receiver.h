// Receiver: Alertmanager's payloads come in, are labelled, and go out; what it answers decides
// whether Alertmanager tries again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/attribute/store_watch.h"
#include "app/attribute/suites.h"
#include "base/log.h"
#include "http/client.h"
#include "http/server/server.h"
#include "notify/attribution_memory.h"
#include "plan/secrets.h"
#include "rt/epoll_loop.h"

namespace weir::app {

struct ReceiverPlan {
    std::vector<WatchedSuite> suites;  // one at least; the first says how alerts are labelled
    std::string forward_real;          // the same as forward_run: payloads stay whole
    std::string forward_run;
    base::Nanos store_time = std::chrono::seconds(3);    // for the store to answer
    base::Nanos forward_time = std::chrono::seconds(5);  // for a payload to be taken
    plan::Secrets secrets;                               // in no text
};

/// Lives on one loop; its calls park the calling fiber.
class Receiver {
public:
    /// Asks the plan's stores, on threads of its own.
    Receiver(ReceiverPlan plan, rt::EpollLoop& loop, http::Client& client, base::Log log);

    /// POST is a payload; GET /-/healthy and /metrics are pages.
    [[nodiscard]] http::ServerAnswer answer(const http::ReceivedRequest& request,
                                            const http::ServerTotals& server);

private:
    struct Totals {
        std::uint64_t payloads = 0;
        std::uint64_t garbage = 0;
        std::uint64_t alerts_run = 0;
        std::uint64_t alerts_real = 0;
        std::uint64_t alerts_unreadable = 0;
        std::uint64_t forwarded = 0;
        std::uint64_t forward_failures = 0;
        std::uint64_t store_failures = 0;
    };
    /// What is to go where; empty text: nothing.
    struct Parts {
        std::string real;
        std::string run;
    };

    [[nodiscard]] http::ServerAnswer take(const http::ReceivedRequest& request);
    [[nodiscard]] StoreViews ask_stores();
    [[nodiscard]] base::Result<Parts> labelled(std::string_view body, const StoreViews& views);
    /// Words why it was not taken; empty when it was.
    [[nodiscard]] std::string forward(const http::ReceivedRequest& request,
                                      const std::string& url,
                                      std::string body);
    [[nodiscard]] std::string metrics(const http::ServerTotals& server) const;

    ReceiverPlan plan_;
    rt::EpollLoop* loop_;
    http::Client* client_;
    base::Log log_;
    Totals totals_;
    notify::AttributionMemory memory_;
    std::vector<std::unique_ptr<StoreWatch>> stores_;  // of each suite
};

/// One line without control characters: names in alerts are anybody's.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace weir::app
