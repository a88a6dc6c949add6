#include "sample/site/metrics_page.h"

#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

namespace weir::sample {
namespace {

double resident_bytes() {
    std::ifstream file("/proc/self/statm");
    double size = 0;
    double resident = 0;
    file >> size >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// proc(5): "cpuN user nice system idle iowait irq softirq steal …", in ticks.
void add_machine(std::string& out) {
    constexpr std::array<std::string_view, 8> modes{"user",   "nice", "system",  "idle",
                                                    "iowait", "irq",  "softirq", "steal"};
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    std::ifstream file("/proc/stat");
    for (std::string line; std::getline(file, line) && line.starts_with("cpu");) {
        std::istringstream words(line);
        std::string name;
        words >> name;
        if (name == "cpu") continue;
        for (const auto mode : modes) {
            double spent = 0;
            words >> spent;
            fmt::format_to(std::back_inserter(out),
                           "node_cpu_seconds_total{{cpu=\"{}\",mode=\"{}\"}} {}\n", name.substr(3),
                           mode, spent / ticks);
        }
    }
}

}  // namespace

Response metrics_page(double started) {
    Response response;
    response.content_type = "text/plain; version=0.0.4";
    response.body = fmt::format(
        "process_start_time_seconds {:.3f}\nprocess_resident_memory_bytes {}\n"
        "process_cpu_seconds_total {}\n",
        started, resident_bytes(), cpu_seconds());
    add_machine(response.body);
    return response;
}

}  // namespace weir::sample
