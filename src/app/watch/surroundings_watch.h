// SurroundingsWatch: light requests beside the load, on a thread of its own: probes and metrics.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "http/client.h"
#include "net/fault.h"
#include "net/net_dialer.h"
#include "record/surroundings.h"

namespace weir::app {

struct WatchPlan {
    std::vector<record::Probed> probed;  // the target first; probes still empty
    std::string metrics_url;             // empty: none
    std::string user_agent;
    net::NetSettings network;
    http::ProxySettings proxies;
    base::Nanos interval = std::chrono::seconds(1);
    int looks_apart = 5;  // before and after the load: enough for a median
};

/// Looks a few times before the load, each interval while it lasts, and a few times after it.
class SurroundingsWatch {
public:
    /// Returns when it has looked for the first time. The error names a URL that cannot be asked.
    [[nodiscard]] static base::Result<std::unique_ptr<SurroundingsWatch>> start(WatchPlan plan);
    ~SurroundingsWatch();
    SurroundingsWatch(const SurroundingsWatch&) = delete;
    SurroundingsWatch& operator=(const SurroundingsWatch&) = delete;

    /// How the target answered the first looks; an Error when it did not, or was not well.
    [[nodiscard]] base::Result<void> target_is_well() const;
    /// Why it had no answer at all, at the first looks; nothing when there was one.
    [[nodiscard]] std::optional<net::Fault> unanswered() const;
    /// Looks for the last time and ends. Instants are spans from `run_start`. Once.
    [[nodiscard]] record::Surroundings finish(base::Instant run_start);

private:
    struct State;
    explicit SurroundingsWatch(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace weir::app
