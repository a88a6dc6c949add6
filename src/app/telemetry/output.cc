#include "app/telemetry/output.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "base/units.h"

namespace weir::app {

void Output::offer(std::shared_ptr<telemetry::Moment> moment) {
    const std::scoped_lock lock(guard_);
    if (waiting_) replaced_ += 1;
    waiting_ = std::move(moment);
}

std::shared_ptr<telemetry::Moment> Output::next() {
    const std::scoped_lock lock(guard_);
    dropped_ += std::exchange(replaced_, 0);
    return std::exchange(waiting_, nullptr);
}

void Output::note(bool taken, const std::string& words) {
    well_ = taken;
    taken ? ++sent_ : ++dropped_;
    // Why it was not taken before says more than that there was no time at the end.
    constexpr std::string_view no_time = "it had not answered when the run was over";
    if (!words.empty()) words_ = words;
    if (!taken && words_.empty()) words_ = no_time;
    if (taken == !said_) return;
    said_ = !taken;
    if (taken) {
        log_.info(base::format("telemetry: {} takes what it is told again", parts_.name));
    } else {
        log_.warn(base::format("telemetry: {} did not take it: {}; it is tried again each {}",
                               parts_.name, words_, base::write_duration(parts_.interval)));
    }
}

Output::Sending Output::send(const telemetry::SharedMoment& moment,
                             Parcels parcels,
                             base::Instant now,
                             base::Instant deadline) {
    Sending sending;
    std::size_t next = 0;
    while (next < parcels.size()) {
        const auto carried = parts_.carrier->carry(std::span(parcels).subspan(next), deadline);
        for (const std::size_t last = next + carried.parcels; next < last; ++next) {
            parts_.encoder->taken(moment, parcels[next]);
        }
        if (!carried.words.empty()) sending.words = carried.words;
        if (carried.wait > base::Nanos{}) quiet_until_ = now + carried.wait;
        if (carried.end == Carried::End::all) break;
        sending.whole = false;
        if (carried.end == Carried::End::bad && next < parcels.size()) {
            // Told again as a part of later ones it would spoil those.
            parts_.encoder->taken(moment, parcels[next]);
            next += 1;
            continue;
        }
        if (carried.end == Carried::End::later && parts_.encoder->increments()) {
            parcels.erase(parcels.begin(), parcels.begin() + static_cast<std::ptrdiff_t>(next));
            doubt_ = std::make_unique<Doubt>(Doubt{moment, std::move(parcels)});
        }
        sending.settled = false;
        break;
    }
    return sending;
}

void Output::push(std::shared_ptr<telemetry::Moment> moment,
                  base::Instant now,
                  base::Instant deadline) {
    const bool last = moment->last;
    wanted_ = moment->at;
    if (now < quiet_until_ && !last) {
        dropped_ += 1;
        return;
    }
    if (const auto doubt = std::move(doubt_)) {
        // It was counted when it was sent first.
        const auto again = send(doubt->moment, std::move(doubt->parcels), now, deadline);
        if (!again.settled) return note(false, again.words);
    }
    const base::Instant begun = clock_.now();
    // The last who holds it need not copy it.
    telemetry::Moment own = moment.use_count() == 1 ? std::move(*moment) : *moment;
    moment.reset();
    const auto shaped = std::make_shared<const telemetry::Moment>(
        telemetry::with_tags(std::move(own), parts_.tags));
    auto parcels = parts_.encoder->encode(*shaped);
    cost_ = (clock_.now() - begun).count();
    const bool anything = std::any_of(parcels.begin(), parcels.end(),
                                      [](const auto& each) { return !each.body.empty(); });
    if (anything) {
        const auto sent = send(shaped, std::move(parcels), now, deadline);
        note(sent.whole, sent.words);
        if (!sent.settled) return;
    }
    reached_ = shaped->at;
}

record::TelemetryDelivery Output::delivery() const {
    record::TelemetryDelivery delivery{
        .output = parts_.name, .sent = sent_, .dropped = dropped_ + replaced_, .words = words_};
    const base::WallTime wanted = waiting_ ? waiting_->at : wanted_;
    if (waiting_) delivery.dropped += 1;
    if (delivery.dropped == 0) return delivery;
    if (delivery.words.empty()) delivery.words = "it was slower than the pushes";
    if (sent_ == 0) {
        delivery.words += "; it has nothing of this run";
    } else if (reached_ >= wanted) {
        delivery.words += "; its totals are whole";
    } else {
        delivery.words +=
            base::format("; it has nothing of the last {}",
                         base::write_duration(std::chrono::duration_cast<std::chrono::seconds>(
                             std::max<base::Nanos>(wanted - reached_, std::chrono::seconds(1)))));
    }
    return delivery;
}

}  // namespace weir::app
