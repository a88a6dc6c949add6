#include "sample/run.h"

#include <csignal>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sched.h>
#include <unistd.h>

#include "sample/faults/cpu_hog.h"
#include "sample/memory_limit.h"
#include "sample/options.h"

namespace weir::sample {
namespace {

int fail(const std::string& text) {
    fmt::print(stderr, "weir-sample: {}\n", text);
    return 1;
}

/// Keeps to the first of the CPUs that the process may use. Whatever the machine, the sample then
/// has the power of one small pod, and an overload that a big machine would hide still shows.
void limit_cpus(unsigned count) {
    cpu_set_t allowed;
    if (count == 0 || sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
    cpu_set_t chosen;
    CPU_ZERO(&chosen);
    unsigned taken = 0;
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE && taken < count; ++cpu) {
        if (!CPU_ISSET(cpu, &allowed)) continue;
        CPU_SET(cpu, &chosen);
        ++taken;
    }
    sched_setaffinity(0, sizeof chosen, &chosen);
}

/// The file that says the service is ready; it goes with the service.
class ReadyFile {
public:
    static Result<std::unique_ptr<ReadyFile>> write(const std::string& path,
                                                    const std::string& line) {
        // Written beside and moved, so that a reader never sees half of it.
        const auto fresh = path + ".new";
        std::ofstream out(fresh, std::ios::trunc);
        out << line << '\n';
        out.close();
        if (!out || std::rename(fresh.c_str(), path.c_str()) != 0) {
            return Error{fmt::format("Cannot write the ready file {}", path)};
        }
        return std::unique_ptr<ReadyFile>(new ReadyFile(path));
    }
    ~ReadyFile() { unlink(path_.c_str()); }
    ReadyFile(const ReadyFile&) = delete;
    ReadyFile& operator=(const ReadyFile&) = delete;

private:
    explicit ReadyFile(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

int list_users(const RunOptions& run) {
    const auto found = list_subjects(run.service);
    if (!found.ok()) return fail(found.error().text);
    if (run.as_json) {
        auto out = nlohmann::json::array();
        for (const auto& one : found.value()) {
            out.push_back({{"userName", one.user_name},
                           {"contracts", one.contracts},
                           {"openReferrals", one.open_referrals},
                           {"sentReferrals", one.sent_referrals}});
        }
        fmt::print("{}\n", out.dump(2));
        return 0;
    }
    fmt::print("{:<20} {:>9} {:>14} {:>14}\n", "user", "contracts", "open referrals",
               "sent referrals");
    for (const auto& one : found.value()) {
        fmt::print("{:<20} {:>9} {:>14} {:>14}\n", one.user_name, one.contracts, one.open_referrals,
                   one.sent_referrals);
    }
    return 0;
}

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

/// As a new deployment of the same version does: away for a second, and then another process on the
/// same ports.
int restart(const RunOptions& run, Service& service) {
    RunOptions next = run;
    const auto port_in = [](const std::string& url) {
        return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
    };
    next.service.port = port_in(service.facts().url);
    next.service.auth_port = port_in(service.facts().auth_url);
    next.service.dependency_port = port_in(service.facts().dependency_url);
    next.service.faults = {};
    service.stop();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    auto again = Service::start(next.service);
    if (!again.ok()) return fail(again.error().text);
    const auto stop = stop_signals();
    int signal = 0;
    sigwait(&stop, &signal);
    again.value()->stop();
    return 0;
}

int serve(const RunOptions& run) {
    // Blocked before any thread starts, so that only the wait below takes them.
    const auto stop = stop_signals();
    pthread_sigmask(SIG_BLOCK, &stop, nullptr);
    limit_cpus(run.cpus);
    const CpuHog hog(run.service.faults.cpu_hogs);
    return_freed_memory();
    std::optional<MemoryLimit> limit;
    if (run.memory_limit_bytes > 0) limit.emplace(run.memory_limit_bytes, run.ready_file);
    auto service = Service::start(run.service);
    if (!service.ok()) return fail(service.error().text);
    const auto line = service.value()->facts().json();
    std::unique_ptr<ReadyFile> ready;
    if (!run.ready_file.empty()) {
        auto written = ReadyFile::write(run.ready_file, line);
        if (!written.ok()) return fail(written.error().text);
        ready = std::move(written.value());
    }
    fmt::print("{}\n", line);
    std::fflush(stdout);
    constexpr timespec glance{.tv_sec = 0, .tv_nsec = 50'000'000};
    while (sigtimedwait(&stop, nullptr, &glance) < 0) {
        if (service.value()->must_restart()) return restart(run, *service.value());
    }
    ready.reset();
    service.value()->stop();
    return 0;
}

}  // namespace

int run_sample(std::span<char* const> arguments) {
    const auto parsed = parse_options(arguments);
    if (!parsed.run) {
        fmt::print(parsed.exit_code == 0 ? stdout : stderr, "{}", parsed.text);
        return parsed.exit_code;
    }
    std::signal(SIGPIPE, SIG_IGN);
    return parsed.run->list_users ? list_users(*parsed.run) : serve(*parsed.run);
}

}  // namespace weir::sample
