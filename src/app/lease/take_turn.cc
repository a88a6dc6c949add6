#include "app/lease/take_turn.h"

#include <utility>

#include "base/format.h"
#include "base/units.h"
#include "record/wall_text.h"

namespace weir::app {
namespace {

using base::Result;
using gate::ExitCode;

constexpr std::string_view file_for_all_without_a_store = "sqlite:.weir/lease.db";
constexpr base::Nanos look_interval = std::chrono::seconds(1);
/// The same words again, for whoever reads the log of a pipeline that seems to hang.
constexpr base::Nanos tell_interval = std::chrono::seconds(60);

std::string ordinal(std::size_t n) {
    const auto tens = n % 100;
    if (tens >= 11 && tens <= 13) return base::format("{}th", n);
    const char* const ending = n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
    return base::format("{}{}", n, ending);
}

/// "12:03 UTC"
std::string minute_of(base::WallTime at) {
    return record::to_text(at).substr(11, 5) + " UTC";
}

std::string holder_words(const ledger::LeasePlace& holder) {
    return base::format("run {} of pipeline {}, since {}", holder.run_id, holder.pipeline,
                        minute_of(holder.held_since));
}

struct Place {
    ledger::Ledger ledger;
    std::string url;
    ledger::LeaseTicket ticket;
};

Result<Place> join(const std::string& url,
                   const ledger::LeaseApplicant& who,
                   const rt::Clock& clock) {
    TRY(auto opened, ledger::Ledger::open(url));
    TRY(const auto number, opened.join_queue(who, clock.wall()));
    return Place{std::move(opened), url, {who.environment, number}};
}

/// In the store's queue, or in that of this machine.
Result<Place> join_any(const TurnWish& wish, const rt::Clock& clock, const base::Log& log) {
    if (!wish.store.empty()) {
        auto place = join(wish.store, wish.who, clock);
        if (place.ok()) return place;
        log.warn(
            "the store's queue for this environment cannot be had; only runs on this machine are "
            "kept apart: " +
            place.error().text);
    }
    return join(std::string(file_for_all_without_a_store), wish.who, clock);
}

/// One gate's wait, from its place in the queue to the front.
class Waiting {
public:
    Waiting(Place place, const TurnWish& wish, const rt::Clock& clock, const base::Log& log)
        : place_(std::move(place)), wish_(wish), clock_(clock), log_(log), begun_(clock.now()) {}

    Turn wait(Interruption& interruption) {
        for (;;) {
            auto queue = look();
            if (queue.ok()) {
                if (queue.value().held()) return held();
                if (clock_.now() - begun_ >= wish_.wait) return busy(queue.value());
                tell(queue.value());
                known_at_ = clock_.now();
            } else if (clock_.now() - known_at_ >= ledger::lease_silence) {
                return without("the queue cannot be seen any more: " + queue.error().text);
            }
            const auto next = clock_.now() + look_interval;
            while (clock_.now() < next) {
                if (interruption.asked()) return interrupted();
            }
        }
    }

private:
    Result<ledger::LeaseQueue> look() {
        auto queue = place_.ledger.look_at_queue(place_.ticket, clock_.wall());
        if (!queue.ok()) {
            // A connection that broke; the place in the queue is still there for a while.
            TRY(place_.ledger, ledger::Ledger::open(place_.url));
            queue = place_.ledger.look_at_queue(place_.ticket, clock_.wall());
        }
        if (!queue.ok() || queue.value().mine) return queue;
        // This process slept for longer than others wait: to the end of the queue.
        TRY(place_.ticket.number, place_.ledger.join_queue(wish_.who, clock_.wall()));
        return place_.ledger.look_at_queue(place_.ticket, clock_.wall());
    }

    void tell(const ledger::LeaseQueue& queue) {
        auto words = base::format("{}: {}", wish_.who.environment, waiting_words(queue));
        if (words == told_ && clock_.now() - told_at_ < tell_interval) return;
        log_.info(words);
        told_ = std::move(words);
        told_at_ = clock_.now();
    }

    Turn held() {
        auto lease =
            std::make_unique<HeldLease>(std::move(place_.ledger), place_.url, place_.ticket);
        if (auto kept = lease->keep(); !kept.ok()) return without(kept.error().text);
        if (!told_.empty()) log_.info(wish_.who.environment + ": its turn has come");
        return {.lease = std::move(lease), .end = {}, .words = {}};
    }

    Turn busy(const ledger::LeaseQueue& queue) {
        leave();
        const std::string waited =
            wish_.wait > base::Nanos{}
                ? base::format("this one gave up after {}", base::write_duration(wish_.wait))
                : "this one does not wait (lease.wait is 0)";
        return {.lease = {},
                .end = ExitCode::busy,
                .words = base::format("the environment {} is in use by {}; {}, {}",
                                      wish_.who.environment, holder_words(queue.places.front()),
                                      waiting_place(queue), waited)};
    }

    static std::string waiting_place(const ledger::LeaseQueue& queue) {
        return base::format("{} waiting", queue.places.size() - 1);
    }

    Turn interrupted() {
        leave();
        return {.lease = {},
                .end = ExitCode::external_abort,
                .words = "interrupted while waiting for " + wish_.who.environment +
                         "; nothing was run, and the place in the queue is given up"};
    }

    Turn without(const std::string& why) {
        log_.warn("this run is not kept apart from others: " + why);
        return {};
    }

    void leave() {
        if (auto left = place_.ledger.leave_queue(place_.ticket); !left.ok()) {
            log_.warn("leaving the queue: " + left.error().text);
        }
    }

    Place place_;
    const TurnWish& wish_;
    const rt::Clock& clock_;
    const base::Log& log_;
    base::Instant begun_;
    base::Instant known_at_ = begun_;  // how the queue stands
    std::string told_;
    base::Instant told_at_{};
};

}  // namespace

std::string waiting_words(const ledger::LeaseQueue& queue) {
    const auto place = queue.mine.value_or(queue.places.size());
    return base::format("waiting behind {}, {} of {}", holder_words(queue.places.front()),
                        ordinal(place), queue.places.size() - 1);
}

Turn take_turn(const TurnWish& wish,
               const rt::Clock& clock,
               const base::Log& log,
               Interruption& interruption) {
    auto place = join_any(wish, clock, log);
    if (!place.ok()) {
        log.warn("this run is not kept apart from others: " + place.error().text);
        return {};
    }
    return Waiting(std::move(place).value(), wish, clock, log).wait(interruption);
}

}  // namespace weir::app
