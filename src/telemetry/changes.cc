#include "telemetry/changes.h"

#include <type_traits>
#include <utility>
#include <variant>

namespace weir::telemetry {
namespace {

using record::CounterTotal;
using record::GaugeTotal;
using record::RateTotal;

std::string key_of(const record::Series& series) {
    std::string key = std::to_string(static_cast<std::uint32_t>(series.metric));
    for (const auto& [name, value] : series.tags.pairs()) {
        key.append(1, '\0').append(name).append(1, '\0').append(value);
    }
    return key;
}

CounterTotal difference(const CounterTotal& now, const CounterTotal& before) {
    CounterTotal change = now;
    change.sum.add(-before.sum.high());
    change.sum.add(-before.sum.low());
    change.samples -= before.samples;
    return change;
}
GaugeTotal difference(const GaugeTotal& now, const GaugeTotal& /*before*/) {
    return now;
}
RateTotal difference(const RateTotal& now, const RateTotal& before) {
    return {.passes = now.passes - before.passes, .fails = now.fails - before.fails};
}
stats::Distribution difference(const stats::Distribution& now, const stats::Distribution& before) {
    return now.since(before);
}

}  // namespace

const Changes::Taken* Changes::find(const Moment& moment, std::size_t series) const {
    const auto found = taken_.find(key_of(moment.series[series]));
    return found == taken_.end() ? nullptr : &found->second;
}

record::Aggregate Changes::of(const Moment& moment, std::size_t series) const {
    const auto& now = moment.series[series].total;
    const Taken* const taken = find(moment, series);
    if (taken == nullptr) return now;
    const auto& before = taken->moment->series[taken->series].total;
    return std::visit(
        [&before](const auto& total) -> record::Aggregate {
            return difference(total, std::get<std::decay_t<decltype(total)>>(before));
        },
        now);
}

base::WallTime Changes::since(const Moment& moment, std::size_t series) const {
    const Taken* const taken = find(moment, series);
    return taken == nullptr ? moment.since : taken->moment->at;
}

void Changes::take(const SharedMoment& moment, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
        taken_.insert_or_assign(key_of(moment->series[i]), Taken{moment, i});
    }
}

bool is_empty(const record::Aggregate& change) noexcept {
    return record::samples_of(change) == 0;
}

}  // namespace weir::telemetry
