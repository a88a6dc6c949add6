#include <algorithm>
#include <vector>

#include "report/document/parts.h"
#include "report/document/rounding.h"

namespace weir::report {
namespace {

using base::Json;
using record::TargetReading;

/// A probe and a reading a second, for hours: a page shows no more than this.
constexpr std::size_t points_most = 240;

/// The slowest of each stretch, so that what was bad is still seen.
std::vector<record::Probe> thinned(const std::vector<record::Probe>& probes) {
    const std::size_t stretch = (probes.size() + points_most - 1) / points_most;
    if (stretch <= 1) return probes;
    std::vector<record::Probe> kept;
    for (std::size_t begin = 0; begin < probes.size(); begin += stretch) {
        const auto first = probes.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last =
            probes.begin() + static_cast<std::ptrdiff_t>(std::min(begin + stretch, probes.size()));
        kept.push_back(*std::max_element(first, last, [](const auto& a, const auto& b) {
            return a.well() != b.well() ? a.well() : a.took < b.took;
        }));
    }
    return kept;
}

Json probed_json(const record::Probed& probed) {
    Json json{{"name", probed.name}, {"url", probed.url}};
    if (probed.slow_over > base::Nanos{}) json["slowOverMs"] = milliseconds(probed.slow_over);
    json["probes"] = Json::array();
    for (const auto& probe : thinned(probed.probes)) {
        json["probes"].push_back(
            Json::array({seconds(probe.at), milliseconds(probe.took), probe.status}));
    }
    json["lastError"] = probed.last_error;
    return json;
}

/// What counted up between two readings of the same process.
Json reading_json(const TargetReading& before, const TargetReading& now) {
    Json json{{"atSeconds", seconds(now.at)}, {"memoryBytes", number(now.memory_bytes)}};
    const double span = base::to_seconds(now.at) - base::to_seconds(before.at);
    if (span <= 0) return json;
    const double used = now.process_cpu_seconds - before.process_cpu_seconds;
    if (now.process_cpu_seconds > 0 && used >= 0 && before.process_start == now.process_start) {
        json["cpuShare"] = number(used / span, plot_digits);
    }
    const double all = now.machine_cpu_seconds - before.machine_cpu_seconds;
    const double idle = now.machine_idle_seconds - before.machine_idle_seconds;
    if (before.machine_cpu_seconds > 0 && all > 0 && idle >= 0 && idle <= all) {
        json["machineCpuShare"] = number((all - idle) / all, plot_digits);
    }
    return json;
}

Json readings_json(const std::vector<TargetReading>& readings) {
    Json list = Json::array();
    const std::size_t stretch =
        std::max<std::size_t>((readings.size() + points_most - 1) / points_most, 1);
    std::size_t before = 0;
    for (std::size_t now = 0; now < readings.size(); now += stretch) {
        list.push_back(reading_json(readings[before], readings[now]));
        before = now;
    }
    return list;
}

}  // namespace

Json surroundings_json(const record::RunRecord& record) {
    const auto& seen = record.surroundings;
    Json json{{"probed", Json::array()},
              {"readings", readings_json(seen.readings)},
              {"facts", Json::array()}};
    for (const auto& each : seen.probed) json["probed"].push_back(probed_json(each));
    for (const auto& each : seen.facts) {
        json["facts"].push_back({{"name", each.name}, {"value", number(each.value, 12)}});
    }
    return json;
}

}  // namespace weir::report
