#include "engine/crew.h"

#include <utility>

#include "base/assert.h"

namespace weir::engine {

Crew::Crew(const journey::RunContext& run, journey::WorkerContext& worker, UserNumbers numbers)
    : run_(&run), worker_(&worker), numbers_(numbers) {}

Crew::~Crew() {
    CHECK(alive_ == 0);
}

Crew::Member& Crew::member(const journey::User& user) {
    return members_[(user.id() - numbers_.first) / numbers_.step];
}

void Crew::add(Borrower* borrower) {
    const std::uint64_t id = numbers_.first + members_.size() * numbers_.step;
    auto& added = members_.emplace_back();
    added.borrower = borrower;
    added.user = std::make_unique<journey::User>(*run_, *worker_, *this, id);
    alive_ += 1;
    added.user->start();
}

void Crew::prepare(std::size_t count, std::function<void(base::Result<void>)> ready) {
    CHECK(preparing_ == 0);
    if (count == 0) {
        worker_->loop->post([ready = std::move(ready)] { ready({}); });
        return;
    }
    preparing_ = count;
    prepared_ = std::move(ready);
    preparation_ = {};
    members_.reserve(members_.size() + count);
    for (std::size_t i = 0; i < count; ++i) add(nullptr);
}

void Crew::settle_preparation(const base::Result<void>& init) {
    if (!init.ok() && preparation_.ok()) preparation_ = init;
    if (preparing_ == 0 || --preparing_ > 0) return;
    // Not from inside the user's fiber: whoever waits may start executors at once.
    worker_->loop->post(
        [ready = std::exchange(prepared_, nullptr), result = preparation_] { ready(result); });
}

journey::User* Crew::take(Borrower& borrower) {
    if (idle_.empty()) return nullptr;
    journey::User* user = idle_.back();
    idle_.pop_back();
    member(*user).borrower = &borrower;
    return user;
}

void Crew::request(Borrower& borrower) {
    add(&borrower);
}

void Crew::give_back(journey::User& user) {
    auto& returned = member(user);
    returned.borrower = nullptr;
    if (stopped_) {
        user.stop();
        return;
    }
    idle_.push_back(&user);
}

void Crew::cancel_busy(const Borrower& borrower) {
    for (std::size_t i = 0; i < members_.size(); ++i) {  // by index: endings may add members
        auto& each = members_[i];
        if (each.user && each.ready && each.borrower == &borrower && !each.user->idle()) {
            each.user->cancel();
        }
    }
}

void Crew::stop_all(std::function<void()> stopped) {
    CHECK(stopped);
    stopped_ = std::move(stopped);
    idle_.clear();
    if (alive_ == 0) {
        worker_->loop->post(std::exchange(stopped_, nullptr));
        return;
    }
    for (std::size_t i = 0; i < members_.size(); ++i) {
        if (!members_[i].user || !members_[i].ready)
            continue;  // those in the making end in on_ready
        if (members_[i].user->idle()) {
            members_[i].user->stop();
        } else {
            members_[i].user->cancel();
        }
    }
}

void Crew::on_ready(journey::User& user, const base::Result<void>& init) {
    auto& arrived = member(user);
    arrived.ready = init.ok();
    Borrower* borrower = arrived.borrower;
    if (!init.ok()) arrived.borrower = nullptr;
    const bool was_prepared = borrower == nullptr;
    if (stopped_) {
        if (init.ok()) user.stop();
    } else if (!init.ok()) {
        if (borrower != nullptr) borrower->on_user_failed();
    } else if (borrower != nullptr) {
        borrower->on_user_ready(user);
    } else {
        idle_.push_back(&user);
    }
    if (was_prepared) settle_preparation(init);
}

void Crew::on_iteration_end(journey::User& user, journey::IterationOutcome outcome) {
    Borrower* borrower = member(user).borrower;
    if (borrower != nullptr) borrower->on_iteration_end(user, outcome);
}

void Crew::on_stopped(journey::User& user) {
    const std::uint64_t place = (user.id() - numbers_.first) / numbers_.step;
    // The user's own frames are still below us: let it go from the loop's stack.
    worker_->loop->post([this, place] {
        members_[place].user.reset();
        alive_ -= 1;
        if (alive_ == 0 && stopped_) std::exchange(stopped_, nullptr)();
    });
}

}  // namespace weir::engine
