// Crew: one worker's virtual users. Made ahead of need, lent to executors, replaced when lost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"
#include "journey/user.h"

namespace weir::engine {

/// Who borrows users: an executor. Called on the worker's thread; see UserListener for the rules.
class Borrower {
public:
    virtual ~Borrower() = default;
    /// A user that was asked for with Crew::request() is ready and now borrowed.
    virtual void on_user_ready(journey::User& user) = 0;
    virtual void on_iteration_end(journey::User& user, journey::IterationOutcome outcome) = 0;
    /// A user that was asked for could not be made; nothing will come.
    virtual void on_user_failed() = 0;
};

/// __VU numbers of one worker: first, first + step, … so that workers never share one.
struct UserNumbers {
    std::uint64_t first = 1;
    std::uint64_t step = 1;
};

/// Not thread-safe. Users are destroyed only by posted tasks, never under their own feet.
class Crew final : public journey::UserListener {
public:
    Crew(const journey::RunContext& run, journey::WorkerContext& worker, UserNumbers numbers);
    ~Crew() override;

    /// Starts users that nobody waits for. `ready` is called once, when all of them are ready or
    /// one failed.
    void prepare(std::size_t count, std::function<void(base::Result<void>)> ready);
    /// An idle user, now lent to `borrower`; null when there is none.
    [[nodiscard]] journey::User* take(Borrower& borrower);
    /// Starts one more user for `borrower`: on_user_ready or on_user_failed follows.
    void request(Borrower& borrower);
    /// Back among the idle.
    void give_back(journey::User& user);
    /// Cancels every user of `borrower` that is in an iteration.
    void cancel_busy(const Borrower& borrower);
    /// Ends every user; `stopped` is called when the last one is gone.
    void stop_all(std::function<void()> stopped);

    [[nodiscard]] std::size_t size() const noexcept { return alive_; }
    [[nodiscard]] std::size_t idle() const noexcept { return idle_.size(); }

    void on_ready(journey::User& user, const base::Result<void>& init) override;
    void on_iteration_end(journey::User& user, journey::IterationOutcome outcome) override;
    void on_stopped(journey::User& user) override;

private:
    struct Member {
        std::unique_ptr<journey::User> user;
        Borrower* borrower = nullptr;
        bool ready = false;
    };
    Member& member(const journey::User& user);
    void add(Borrower* borrower);
    void settle_preparation(const base::Result<void>& init);

    const journey::RunContext* run_;
    journey::WorkerContext* worker_;
    UserNumbers numbers_;
    std::vector<Member> members_;       // by number; a lost user leaves an empty place
    std::vector<journey::User*> idle_;  // the last one back is the first out: warm caches
    std::size_t alive_ = 0;
    std::size_t preparing_ = 0;
    std::function<void(base::Result<void>)> prepared_;
    base::Result<void> preparation_;
    std::function<void()> stopped_;
};

}  // namespace weir::engine
