#include "app/watch/metrics_text.h"

#include <algorithm>
#include <charconv>

namespace weir::app {
namespace {

/// "name{labels} value timestamp": the value, or 0 for one that no count of bytes or seconds has.
double value_of(std::string_view line) {
    const auto brace = line.rfind('}');
    line.remove_prefix(brace == std::string_view::npos
                           ? std::min(line.find_first_of(" \t"), line.size())
                           : brace + 1);
    while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
    double value = 0;
    const auto [end, failed] = std::from_chars(line.data(), line.data() + line.size(), value);
    constexpr double most = 1e18;
    return failed == std::errc{} && value >= 0 && value <= most ? value : 0;
}

std::string_view name_of(std::string_view line) {
    return line.substr(0, line.find_first_of("{ \t"));
}

}  // namespace

record::TargetReading read_metrics(std::string_view text, base::Nanos at) {
    record::TargetReading reading;
    reading.at = at;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#') continue;
        const std::string_view name = name_of(line);
        if (name == "process_start_time_seconds") reading.process_start = value_of(line);
        if (name == "process_resident_memory_bytes") reading.memory_bytes = value_of(line);
        if (name == "process_cpu_seconds_total") reading.process_cpu_seconds = value_of(line);
        if (name != "node_cpu_seconds_total") continue;
        reading.machine_cpu_seconds += value_of(line);
        const bool idle = line.find("mode=\"idle\"") != std::string_view::npos ||
                          line.find("mode=\"iowait\"") != std::string_view::npos;
        if (idle) reading.machine_idle_seconds += value_of(line);
    }
    return reading;
}

}  // namespace weir::app
