#include "record/codec/surroundings.h"

namespace weir::record {
namespace {

using base::Json;

Json write(const Probe& probe) {
    return {{"at_ns", probe.at.count()}, {"took_ns", probe.took.count()}, {"status", probe.status}};
}

Probe read_probe(const Fields& fields) {
    Probe probe;
    fields.get("at_ns", probe.at);
    fields.get("took_ns", probe.took);
    fields.get("status", probe.status);
    return probe;
}

Json write(const Probed& probed) {
    Json json{{"name", probed.name},
              {"url", probed.url},
              {"slow_over_ns", probed.slow_over.count()},
              {"last_error", probed.last_error},
              {"probes", Json::array()}};
    for (const auto& each : probed.probes) json["probes"].push_back(write(each));
    return json;
}

Probed read_probed(const Fields& fields) {
    Probed probed;
    fields.get("name", probed.name);
    fields.get("url", probed.url);
    fields.get("slow_over_ns", probed.slow_over);
    fields.get("last_error", probed.last_error);
    fields.get_list("probes", probed.probes, read_probe);
    return probed;
}

Json write(const TargetReading& reading) {
    return {{"at_ns", reading.at.count()},
            {"process_start", reading.process_start},
            {"memory_bytes", reading.memory_bytes},
            {"process_cpu_seconds", reading.process_cpu_seconds},
            {"machine_cpu_seconds", reading.machine_cpu_seconds},
            {"machine_idle_seconds", reading.machine_idle_seconds}};
}

TargetReading read_reading(const Fields& fields) {
    TargetReading reading;
    fields.get("at_ns", reading.at);
    fields.get("process_start", reading.process_start);
    fields.get("memory_bytes", reading.memory_bytes);
    fields.get("process_cpu_seconds", reading.process_cpu_seconds);
    fields.get("machine_cpu_seconds", reading.machine_cpu_seconds);
    fields.get("machine_idle_seconds", reading.machine_idle_seconds);
    return reading;
}

Fact read_fact(const Fields& fields) {
    Fact fact;
    fields.get("name", fact.name);
    fields.get("value", fact.value);
    return fact;
}

}  // namespace

Json write_surroundings(const Surroundings& surroundings) {
    Json json{{"probed", Json::array()}, {"readings", Json::array()}, {"facts", Json::array()}};
    for (const auto& each : surroundings.probed) json["probed"].push_back(write(each));
    for (const auto& each : surroundings.readings) json["readings"].push_back(write(each));
    for (const auto& each : surroundings.facts) {
        json["facts"].push_back({{"name", each.name}, {"value", each.value}});
    }
    json["facts_error"] = surroundings.facts_error;
    json["generator_on_target"] = surroundings.generator_on_target;
    return json;
}

Surroundings read_surroundings(const Fields& fields) {
    Surroundings surroundings;
    fields.get_list("probed", surroundings.probed, read_probed);
    fields.get_list("readings", surroundings.readings, read_reading);
    fields.get_list("facts", surroundings.facts, read_fact);
    fields.get("facts_error", surroundings.facts_error);
    fields.get("generator_on_target", surroundings.generator_on_target);
    return surroundings;
}

}  // namespace weir::record
