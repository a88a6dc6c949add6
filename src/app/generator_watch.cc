#include "app/generator_watch.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <variant>

#include <dirent.h>
#include <sys/resource.h>

#include "rt/worker.h"

namespace weir::app {
namespace {

base::Nanos nanos_of(const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

std::uint64_t open_descriptors() {
    DIR* directory = opendir("/proc/self/fd");
    if (directory == nullptr) return 0;
    std::uint64_t count = 0;
    while (readdir(directory) != nullptr) ++count;  // NOLINT(concurrency-mt-unsafe): own stream
    closedir(directory);
    return count > 3 ? count - 3 : 0;  // ".", ".." and the directory itself
}

std::uint64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t pages = 0;
    file >> pages >> pages;
    return pages * 4096;
}

double share(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

GeneratorWatch::GeneratorWatch(const rt::Clock& clock)
    : clock_(&clock), first_(read()), last_(first_) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) health_.descriptors_limit = limit.rlim_cur;
    health_.cores = rt::usable_cpus();
}

GeneratorWatch::Reading GeneratorWatch::read() const {
    Reading now;
    now.at = clock_->now();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    now.user = nanos_of(usage.ru_utime);
    now.system = nanos_of(usage.ru_stime);
    std::ifstream file("/proc/stat");
    std::string line;
    std::getline(file, line);
    std::istringstream fields(line);
    std::string name;
    fields >> name;
    std::uint64_t ticks = 0;
    for (int field = 0; field < 8 && fields >> ticks; ++field) {
        now.machine_ticks += ticks;
        if (field == 7) now.steal_ticks = ticks;
    }
    return now;
}

void GeneratorWatch::sample() {
    const Reading now = read();
    const double span = base::to_seconds(now.at - last_.at);
    if (span > 0.1) {
        const double busy = base::to_seconds((now.user - last_.user) + (now.system - last_.system));
        health_.cpu_busy_max =
            std::max(health_.cpu_busy_max, busy / span / std::max(1U, health_.cores));
        health_.steal_share_max = std::max(
            health_.steal_share_max,
            share(now.steal_ticks - last_.steal_ticks, now.machine_ticks - last_.machine_ticks));
        last_ = now;
    }
    health_.descriptors_most = std::max(health_.descriptors_most, open_descriptors());
    health_.memory_most_bytes = std::max(health_.memory_most_bytes, resident_bytes());
}

record::GeneratorHealth GeneratorWatch::health(const record::RunRecord& record,
                                               const rt::LoopHealth& loops,
                                               std::size_t workers) {
    sample();
    const Reading now = read();
    health_.observed = now.at - first_.at;
    health_.cpu_user = now.user - first_.user;
    health_.cpu_system = now.system - first_.system;
    health_.steal_share =
        share(now.steal_ticks - first_.steal_ticks, now.machine_ticks - first_.machine_ticks);
    health_.workers = static_cast<std::uint32_t>(workers);
    health_.loop_stall_max = loops.stall_max;
    health_.loop_stalls = loops.stalls;
    health_.loop_stall_limit = rt::stall_limit;
    for (const auto& series : record.series) {
        const auto metric = static_cast<std::size_t>(series.metric);
        if (record.metrics[metric].name != "weir_start_delay") continue;
        if (const auto* delays = std::get_if<stats::Distribution>(&series.total)) {
            health_.start_delay.merge(*delays);
        }
    }
    return health_;
}

}  // namespace weir::app
