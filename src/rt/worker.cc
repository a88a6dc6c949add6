#include "rt/worker.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

#include <pthread.h>
#include <sched.h>

#include "base/assert.h"
#include "base/format.h"

namespace weir::rt {
namespace {

constexpr std::size_t thread_name_max = 15;

/// Whole processors in the quota of this process' control group; 0 when there is none.
unsigned quota_cpus() {
    std::ifstream file("/sys/fs/cgroup/cpu.max");
    std::string quota;
    double period = 0;
    if (!(file >> quota >> period) || quota == "max" || period <= 0) return 0;
    const double cpus = std::strtod(quota.c_str(), nullptr) / period;
    return cpus > 0 ? std::max(1U, static_cast<unsigned>(cpus)) : 0;
}

}  // namespace

Worker::Worker(WorkerOptions options) : options_(std::move(options)) {
    options_.name.resize(std::min(options_.name.size(), thread_name_max));
}

Worker::~Worker() {
    CHECK(!thread_.joinable());
}

base::Result<void> Worker::start(Body body) {
    CHECK(!thread_.joinable());
    try {
        thread_ = std::thread([this, body = std::move(body)] { run(body); });
    } catch (const std::system_error& no_thread) {
        return base::Error{
            base::Code::limit,
            base::format("starting thread {}: {}; raise the limit on processes (ulimit -u)",
                         options_.name, no_thread.what())};
    }
    return {};
}

void Worker::run(const Body& body) {
    pthread_setname_np(pthread_self(), options_.name.c_str());
    if (options_.cpu) {
        cpu_set_t one{};
        CPU_ZERO(&one);
        CPU_SET(*options_.cpu, &one);
        static_cast<void>(pthread_setaffinity_np(pthread_self(), sizeof one, &one));
    }
    body(loop_);
}

void Worker::join() {
    if (thread_.joinable()) thread_.join();
}

unsigned usable_cpus() {
    cpu_set_t allowed{};
    CPU_ZERO(&allowed);
    const bool known = sched_getaffinity(0, sizeof allowed, &allowed) == 0;
    const unsigned cpus = known ? static_cast<unsigned>(CPU_COUNT(&allowed)) : 1U;
    const unsigned quota = quota_cpus();
    return std::max(1U, quota == 0 ? cpus : std::min(cpus, quota));
}

}  // namespace weir::rt
