#include <algorithm>

#include "report/document/parts.h"
#include "report/document/rounding.h"

namespace weir::report {

base::Json scenarios_json(const record::RunRecord& record) {
    base::Json list = base::Json::array();
    for (const auto& each : record.scenarios) {
        list.push_back({{"name", each.name},
                        {"executor", each.executor},
                        {"openModel", each.open_model},
                        {"offered", each.offered},
                        {"started", each.started},
                        {"completed", each.completed},
                        {"threw", each.threw},
                        {"interrupted", each.interrupted},
                        {"late", each.late},
                        {"dropped", each.dropped},
                        {"usersMost", each.users_most}});
    }
    return list;
}

base::Json generator_json(const record::RunRecord& record) {
    const auto& health = record.health;
    base::Json telemetry = base::Json::array();
    for (const auto& each : health.telemetry) {
        telemetry.push_back({{"output", each.output},
                             {"sent", each.sent},
                             {"dropped", each.dropped},
                             {"words", each.words}});
    }
    const double delay = health.start_delay.empty() ? 0 : health.start_delay.quantile(0.99);
    return {{"cores", health.cores},
            {"workers", health.workers},
            {"cpuShareMax", number(health.cpu_busy_max)},
            {"stealShareMax", number(std::max(health.steal_share_max, health.steal_share))},
            {"loopStallMaxMs", milliseconds(health.loop_stall_max)},
            {"loopStalls", health.loop_stalls},
            {"arrivalsMissed", health.arrivals_missed},
            {"startDelayP99Ms", number(delay)},
            {"memoryMostBytes", health.memory_most_bytes},
            {"descriptorsMost", health.descriptors_most},
            {"samplesUnwritten", health.samples_unwritten},
            {"telemetry", std::move(telemetry)},
            {"onTarget", record.surroundings.generator_on_target}};
}

}  // namespace weir::report
