// Receiver: Alertmanager's payloads come in, are labelled, and go out; what it answers decides
// whether Alertmanager tries again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/attribute/store_watch.h"
#include "base/log.h"
#include "http/client.h"
#include "http/server/server.h"
#include "notify/attribution.h"
#include "notify/attribution_memory.h"
#include "plan/secrets.h"
#include "rt/loop.h"

namespace weir::app {

struct ReceiverPlan {
    notify::AttributionScope scope;
    std::string forward_real;  // the same as forward_run: payloads stay whole
    std::string forward_run;
    base::Nanos store_time = std::chrono::seconds(3);    // for the store to answer
    base::Nanos forward_time = std::chrono::seconds(5);  // for a payload to be taken
    plan::Secrets secrets;                               // in no text
};

/// Lives on one loop; its calls park the calling fiber.
class Receiver {
public:
    Receiver(
        ReceiverPlan plan, StoreWatch& store, http::Client& client, rt::Loop& loop, base::Log log);

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
    [[nodiscard]] base::Result<Parts> labelled(std::string_view body, const StoreWatch::View& view);
    [[nodiscard]] notify::Cause cause_of(const notify::Alert& alert, const StoreWatch::View& view);
    /// Words why it was not taken; empty when it was.
    [[nodiscard]] std::string forward(const http::ReceivedRequest& request,
                                      const std::string& url,
                                      std::string body);
    [[nodiscard]] std::string metrics(const http::ServerTotals& server) const;

    ReceiverPlan plan_;
    StoreWatch* store_;
    http::Client* client_;
    rt::Loop* loop_;
    base::Log log_;
    Totals totals_;
    notify::AttributionMemory memory_;
};

/// One line without control characters: names in alerts are anybody's.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace weir::app
