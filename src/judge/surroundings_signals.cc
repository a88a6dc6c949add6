#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/units.h"
#include "judge/counting.h"
#include "judge/signals.h"
#include "judge/track.h"

namespace weir::judge {
namespace {

using record::Probe;
using record::Probed;
using record::TargetReading;

void add_drift(Signals& signals, std::string words) {
    signals.push_back({.name = "data drift",
                       .hard = true,
                       .words = std::move(words),
                       .who = "whoever keeps this environment's data"});
}

/// "9000", "0.25": as people write it.
std::string number_text(double value) {
    return base::format("{:.10g}", value);
}

void judge_fact(const record::Surroundings& seen, const plan::FactPin& pin, Signals& signals) {
    const auto fact = std::find_if(seen.facts.begin(), seen.facts.end(),
                                   [&pin](const auto& each) { return each.name == pin.name; });
    if (fact == seen.facts.end()) {
        const std::string why = seen.facts_error.empty() ? "no journey's facts() gave it"
                                                         : "facts() failed: " + seen.facts_error;
        return add_drift(signals, base::format("the fact '{}' is not known: {}", pin.name, why));
    }
    if (pin.has_least && fact->value < pin.at_least) {
        add_drift(signals, base::format("{}: {}, pinned at {} or more", pin.name,
                                        number_text(fact->value), number_text(pin.at_least)));
    }
    if (pin.has_most && fact->value > pin.at_most) {
        add_drift(signals, base::format("{}: {}, pinned at {} or less", pin.name,
                                        number_text(fact->value), number_text(pin.at_most)));
    }
}

bool is_well(const Probed& dependency, const Probe& probe) {
    const bool slow = dependency.slow_over > base::Nanos{} && probe.took > dependency.slow_over;
    return probe.well() && !slow;
}

base::Nanos median(std::vector<base::Nanos> times) {
    if (times.empty()) return {};
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
}

/// The first and the last reading of one process within the run.
struct Readings {
    TargetReading first;
    TargetReading last;
};
std::optional<Readings> readings_of(const record::RunRecord& record) {
    std::optional<Readings> found;
    for (const auto& each : record.surroundings.readings) {
        if (each.at < base::Nanos{} || each.at > record.duration) continue;
        if (!found) found = Readings{each, each};
        if (each.process_start == found->first.process_start) found->last = each;
    }
    return found;
}

/// Between the first two processes that were seen; nothing when there was one alone.
struct Handover {
    TargetReading before;
    TargetReading after;
};
std::optional<Handover> handover_in(const record::RunRecord& record) {
    const auto& readings = record.surroundings.readings;
    for (std::size_t i = 1; i < readings.size(); ++i) {
        const auto& before = readings[i - 1];
        const auto& after = readings[i];
        if (before.process_start <= 0 || after.process_start <= 0) continue;
        if (before.process_start != after.process_start) return Handover{before, after};
    }
    return std::nullopt;
}

/// Whether nearly all requests that were to start in the stretch were answered as expected, and the
/// slow ones among them not under way for seconds.
bool was_well(const record::Windows& windows, Stretch stretch) {
    std::uint64_t requests = 0;
    std::uint64_t good = 0;
    constexpr auto long_wait = std::chrono::nanoseconds(std::chrono::seconds(1)).count();
    base::Nanos begin{};
    for (const auto& window : windows.all()) {
        const base::Nanos end = begin + windows.width();
        const bool within = begin >= stretch.begin && end <= stretch.end;
        begin = end;
        if (!within) continue;
        for (const auto& row : window.rows) {
            requests += row.requests;
            good += row.response_time.count_at_most(long_wait);
        }
    }
    constexpr double nearly_all = 0.98;
    return requests > 0 && share(good, requests) >= nearly_all;
}

}  // namespace

void judge_facts(const record::RunRecord& record, const Criteria& criteria, Signals& signals) {
    for (const auto& pin : criteria.facts) judge_fact(record.surroundings, pin, signals);
}

void judge_dependencies(const record::RunRecord& record, Signals& signals) {
    if (record.surroundings.probed.empty()) return;
    const auto& target = record.surroundings.probed.front().probes;  // asked at the same moments
    for (const auto& dependency : record.surroundings.probed) {
        if (dependency.name.empty() || dependency.probes.empty()) continue;
        std::size_t bad = 0;
        std::vector<base::Nanos> times;
        for (std::size_t i = 0; i < dependency.probes.size(); ++i) {
            // What fell silent together with the target may have been taken down by it.
            if (i < target.size() && target[i].status == 0) continue;
            if (!is_well(dependency, dependency.probes[i])) bad += 1;
            times.push_back(dependency.probes[i].took);
        }
        constexpr double tolerable = 0.2;
        if (share(bad, times.size()) <= tolerable || bad < 2) continue;
        std::string words = base::format(
            "the dependency {} was not well: {} of {} health checks failed or took over {} "
            "(median {})",
            dependency.name, bad, times.size(), base::write_duration(dependency.slow_over),
            base::write_duration(median(times)));
        if (!dependency.last_error.empty()) words += ": " + dependency.last_error;
        signals.push_back({.name = "dependency unhealthy",
                           .hard = true,
                           .words = std::move(words),
                           .who = "whoever runs " + dependency.name});
    }
}

void judge_probe(const record::RunRecord& record, Signals& signals) {
    if (record.surroundings.probed.empty()) return;
    std::vector<base::Nanos> before;
    std::vector<base::Nanos> during;
    for (const auto& probe : record.surroundings.probed.front().probes) {
        if (!probe.well()) continue;
        if (probe.at < base::Nanos{}) before.push_back(probe.took);
        if (probe.at >= base::Nanos{} && probe.at <= record.duration) during.push_back(probe.took);
    }
    if (before.empty() || during.empty()) return;
    constexpr std::int64_t times_as_slow = 5;
    constexpr base::Nanos noticeable = std::chrono::milliseconds(50);
    const base::Nanos was = median(before);
    const base::Nanos is = median(during);
    if (is < was * times_as_slow || is < was + noticeable) return;
    signals.push_back(
        {.name = "probe slowed",
         .words = base::format("a light request beside the load took {} instead of {}",
                               base::write_duration(is), base::write_duration(was)),
         .who = std::string(environment_keepers)});
}

void judge_foreign_load(const record::RunRecord& record,
                        const Criteria& criteria,
                        Signals& signals) {
    const auto readings = readings_of(record);
    if (!readings) return;
    const auto& [first, last] = *readings;
    constexpr base::Nanos known_after = std::chrono::seconds(4);
    const double machine = last.machine_cpu_seconds - first.machine_cpu_seconds;
    if (last.at - first.at < known_after || machine <= 0) return;
    const double busy = machine - (last.machine_idle_seconds - first.machine_idle_seconds);
    const double own = last.process_cpu_seconds - first.process_cpu_seconds;
    const auto& health = record.health;
    const double generator = record.surroundings.generator_on_target
                                 ? base::to_seconds(health.cpu_user + health.cpu_system)
                                 : 0;
    const double foreign = (busy - own - generator) / machine;
    if (foreign <= criteria.trust.foreign_cpu_share) return;
    signals.push_back({.name = "someone else's load",
                       .hard = true,
                       .words = base::format(
                           "others used {:.0f} % of the CPU of the target's machine (the target "
                           "itself {:.0f} %)",
                           foreign * 100, own / machine * 100),
                       .who = std::string(environment_keepers)});
}

void judge_memory(const record::RunRecord& record, Signals& signals) {
    const auto readings = readings_of(record);
    if (!readings || readings->first.memory_bytes <= 0) return;
    const auto& [first, last] = *readings;
    constexpr double twice = 2;
    constexpr double noticeable = 128.0 * (1 << 20);
    const double grown = last.memory_bytes - first.memory_bytes;
    if (last.memory_bytes < twice * first.memory_bytes || grown < noticeable) return;
    signals.push_back({.name = "target's memory grew",
                       .note = true,
                       .words = base::format(
                           "the target's memory grew from {:.0f} to {:.0f} MiB "
                           "within {}",
                           first.memory_bytes / (1 << 20), last.memory_bytes / (1 << 20),
                           base::write_duration(std::chrono::duration_cast<std::chrono::seconds>(
                               last.at - first.at))),
                       .who = std::string(developers)});
}

void judge_settling(const record::RunRecord& record, const Criteria& criteria, Signals& signals) {
    plan::Condition mean;
    mean.kind = plan::ConditionKind::mean_under;
    constexpr std::int64_t parts = 5;
    const base::Nanos first_part = record.duration / parts;
    const stats::ErrorLevels any;
    mean.limit = std::chrono::seconds(1);
    const Ruling early =
        rule_on(track_of(record.windows, mean, {.begin = {}, .end = first_part}), mean, any, 0);
    const Ruling later =
        rule_on(track_of(record.windows, mean, {.begin = first_part, .end = record.duration}), mean,
                any, 0);
    constexpr double noticeable_ms = 50;
    if (early.samples == 0 || later.samples == 0) return;
    const bool settled = early.value <= later.value * (1 + criteria.trust.settled_share) ||
                         early.value <= later.value + noticeable_ms;
    if (settled) return;
    signals.push_back(
        {.name = "warm-up not settled",
         .words = base::format("the first fifth of the run took {:.0f} ms on average, "
                               "the rest {:.0f} ms",
                               early.value, later.value),
         .who = std::string(journey_author)});
}

bool restarted_from_outside(const record::RunRecord& record) {
    const auto handover = handover_in(record);
    if (!handover) return false;
    const auto readings = readings_of(record);
    constexpr double twice = 2;
    const bool grew = readings && readings->first.memory_bytes > 0 &&
                      readings->last.memory_bytes > twice * readings->first.memory_bytes;
    if (grew) return false;
    // The last second or two before it are those of the outage itself.
    constexpr base::Nanos outage = std::chrono::seconds(2);
    constexpr base::Nanos history = std::chrono::seconds(15);
    const base::Nanos end = handover->before.at - outage;
    return was_well(record.windows, {.begin = std::max(end - history, base::Nanos{}), .end = end});
}

}  // namespace weir::judge
