// Backlog: what an iteration still waits for besides its own frames: timers and async requests.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "rt/baton.h"
#include "rt/loop.h"
#include "script/isolate.h"
#include "script/value.h"

namespace weir::journey {

using TimerId = std::uint32_t;

/// One per user. Callbacks run on the user's fiber, between frames of the script, never inside one.
class Backlog {
public:
    explicit Backlog(rt::Loop& loop) : loop_(&loop), news_(loop) {}

    /// setTimeout and setInterval; negative delays count as zero.
    TimerId add_timer(script::Value callback,
                      std::vector<script::Value> args,
                      base::Nanos delay,
                      bool repeats);
    void clear_timer(TimerId id);

    /// Something has begun elsewhere that will settle `promise`; finish() with this ticket must
    /// follow.
    using Ticket = std::uint32_t;
    [[nodiscard]] Ticket expect(script::Deferred promise);
    /// From any fiber of the loop. `settle` runs on the user's fiber, if the script still waits; it
    /// holds no script values of its own, for it may outlive the isolate.
    using Settle = std::function<void(script::Isolate&, const script::Deferred&)>;
    void finish(Ticket ticket, Settle settle);

    [[nodiscard]] bool empty() const noexcept { return timers_.empty() && expected_ == 0; }

    /// Runs one thing that is ready. False: nothing was. What it threw is pending in `js`.
    struct Step {
        bool ran = false;
        bool threw = false;
    };
    [[nodiscard]] Step run_one(script::Isolate& js);
    /// Parks until something may be ready; only when !empty(). False: the fiber was cancelled.
    [[nodiscard]] bool wait(script::Isolate& js);
    /// Parks until nothing is expected any more; what came is dropped.
    void wait_for_expected();
    /// Forgets timers and results; before the isolate goes.
    void clear();

private:
    struct Timer {
        TimerId id = 0;
        script::Value callback;
        std::vector<script::Value> args;
        std::optional<base::Nanos> repeat;
    };
    rt::Loop* loop_;
    rt::Baton news_;
    std::multimap<base::Instant, Timer> timers_;  // equal times in the order they were set
    std::map<Ticket, script::Deferred> promises_;
    std::vector<std::pair<Ticket, Settle>> finished_;
    std::size_t expected_ = 0;
    TimerId next_id_ = 1;
    Ticket next_ticket_ = 1;
};

}  // namespace weir::journey
