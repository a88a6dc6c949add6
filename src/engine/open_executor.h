// OpenExecutor: iterations begin when they are due, whatever the target does: the arrival-rate
// executors.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "engine/executor.h"
#include "pace/arrivals.h"

namespace weir::engine {

struct OpenPlan {
    pace::Arrivals arrivals;  // this worker's part, relative to the scenario's start
    base::Nanos duration{};
    std::uint32_t users_ready = 1;  // preAllocatedVUs, this worker's share
    std::uint32_t users_max = 1;    // maxVUs, this worker's share
};

/// Hands out every due time exactly once: begun (late if it must be, never re-timed) or dropped and
/// counted. A due time that finds no free user waits for one more to be made, while maxVUs allows.
class OpenExecutor final : public Executor {
public:
    OpenExecutor(ExecutorSeat seat, OpenPlan plan);
    ~OpenExecutor() override;

    void start(base::Instant at) override;
    void on_user_ready(journey::User& user) override;
    void on_user_failed() override;

private:
    struct Due {
        base::Instant at = base::never;
        std::uint64_t index = 0;
    };

    void next(journey::User& user) override;
    void on_draining() override;
    void on_lost(journey::User& user) override;

    void pace();
    void dispatch(const Due& due);
    static void on_due(void* self);
    static void on_end(void* self);

    OpenPlan plan_;
    base::Instant start_{};
    Due next_;                          // at is never: the next one was not drawn yet
    std::vector<journey::User*> idle_;  // the last one back is the first out
    std::deque<Due> waiting_;           // for users in the making; never longer than those
    std::uint32_t held_ = 0;            // borrowed or asked for
    std::uint32_t coming_ = 0;
    rt::Timer due_timer_;
    rt::Timer end_timer_;
};

}  // namespace weir::engine
