#include "app/lease/held_lease.h"

#include <chrono>
#include <memory>
#include <utility>

#include "base/format.h"
#include "base/units.h"

namespace weir::app {
namespace {

constexpr base::Nanos beat_interval = ledger::lease_silence / 6;

std::string taken_words(const ledger::LeaseQueue& queue, const std::string& environment) {
    if (queue.places.empty()) {
        return base::format(
            "this run gave no sign of life for {} and lost its turn on {}: another run may have "
            "begun meanwhile",
            base::write_duration(ledger::lease_silence), environment);
    }
    const auto& other = queue.places.front();
    return base::format(
        "this run gave no sign of life for {} and lost its turn on {}: run {} of {} has it now",
        base::write_duration(ledger::lease_silence), environment, other.run_id, other.pipeline);
}

}  // namespace

HeldLease::HeldLease(ledger::Ledger ledger, std::string url, ledger::LeaseTicket ticket)
    : ledger_(std::move(ledger)),
      url_(std::move(url)),
      ticket_(std::move(ticket)),
      known_at_(clock_.now()),
      worker_({.name = "lease", .cpu = {}}) {}

base::Result<void> HeldLease::keep() {
    return worker_.start([this](rt::EpollLoop& loop) {
        timer_ = std::make_unique<rt::Timer>(on_time, this);
        loop.arm(*timer_, loop.clock().now() + beat_interval);
        loop.run();
        timer_.reset();
    });
}

HeldLease::~HeldLease() {
    worker_.loop().post_from_any_thread([this] { worker_.loop().stop(); });
    worker_.join();
    if (ledger_ && !lost_) (void)ledger_->leave_queue(ticket_);
}

void HeldLease::on_time(void* self) {
    auto& lease = *static_cast<HeldLease*>(self);
    {
        const std::lock_guard lock(lease.mutex_);
        lease.beat();
    }
    auto& loop = lease.worker_.loop();
    loop.arm(*lease.timer_, loop.clock().now() + beat_interval);
}

void HeldLease::beat() {
    if (lost_) return;
    if (!ledger_) {
        auto again = ledger::Ledger::open(url_);
        if (again.ok()) {
            ledger_.emplace(std::move(again).value());
        } else {
            trouble_ = again.error().text;
            return;
        }
    }
    const auto queue = ledger_->look_at_queue(ticket_, clock_.wall());
    if (!queue.ok()) {
        trouble_ = queue.error().text;
        ledger_.reset();
        return;
    }
    known_at_ = clock_.now();
    if (!queue.value().held()) lost_ = taken_words(queue.value(), ticket_.environment);
}

std::optional<std::string> HeldLease::lost() const {
    // A store that hangs keeps the beat's lock: then nothing new is known.
    const std::unique_lock lock(mutex_, std::try_to_lock);
    return lock.owns_lock() ? lost_ : std::nullopt;
}

std::optional<std::string> HeldLease::lost_by_now() {
    const std::lock_guard lock(mutex_);
    beat();
    return lost_;
}

std::optional<std::string> HeldLease::unknown() const {
    const std::lock_guard lock(mutex_);
    const base::Nanos since = clock_.now() - known_at_;
    if (lost_ || since < ledger::lease_silence) return std::nullopt;
    return base::format(
        "for the last {} the store could not say whether this run was alone on {}: {}",
        base::write_duration(std::chrono::duration_cast<std::chrono::seconds>(since)),
        ticket_.environment, trouble_);
}

}  // namespace weir::app
