// ClosedExecutor: users that loop: constant-vus, ramping-vus, per-vu-iterations, shared-iterations.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/executor.h"
#include "pace/user_curve.h"

namespace weir::engine {

/// How many iterations there are, if that ends the scenario.
struct IterationBudget {
    std::uint64_t per_user = 0;                          // 0: no limit per user
    std::shared_ptr<std::atomic<std::uint64_t>> shared;  // left over all workers; null: no limit
};

struct ClosedPlan {
    std::vector<pace::UserStep> steps;  // ordered; the first is at 0
    base::Nanos duration{};             // after it no iteration begins (duration or maxDuration)
    base::Nanos graceful_ramp_down{};
    IterationBudget budget;
};

class ClosedExecutor final : public Executor {
public:
    ClosedExecutor(ExecutorSeat seat, ClosedPlan plan);
    ~ClosedExecutor() override;

    void start(base::Instant at) override;
    void on_user_ready(journey::User& user) override;
    void on_user_failed() override;

private:
    /// A place in the scenario that one user fills; a lost user leaves it to another.
    struct Place {
        journey::User* user = nullptr;
        std::uint64_t iterations = 0;
        bool spent = false;                     // its budget is used up
        base::Instant retire_by = base::never;  // ramped down: interrupted then
    };

    void next(journey::User& user) override;
    void on_draining() override;
    void on_lost(journey::User& user) override;

    void step();
    void fill_places();
    void seat_user(journey::User& user);
    void retire_above_wanted();
    void run_again();
    void go_on(journey::User& user);
    [[nodiscard]] bool take_from_budget(Place& place);
    void leave(std::size_t index);
    void drain_when_spent();
    void drop_what_is_left();
    void arm_retirement();
    static void on_step(void* self);
    static void on_end(void* self);
    static void on_again(void* self);
    static void on_retire(void* self);

    ClosedPlan plan_;
    base::Instant start_{};
    std::vector<Place> places_;  // as many as the highest step has users
    std::unordered_map<const journey::User*, std::size_t> place_of_;
    std::vector<journey::User*> again_;  // ended an iteration in this turn; go on in the next
    std::vector<journey::User*> turn_;   // scratch for run_again()
    std::size_t next_step_ = 0;
    std::uint32_t wanted_ = 0;
    std::uint32_t coming_ = 0;  // asked for, not ready yet
    rt::Timer step_timer_;
    rt::Timer end_timer_;
    rt::Timer again_timer_;
    rt::Timer retire_timer_;
};

}  // namespace weir::engine
