// RunContext: what all users of one run share; and what the users of one worker share.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/log.h"
#include "base/time.h"
#include "http/client.h"
#include "meter/recorder.h"
#include "meter/registry.h"
#include "plan/options.h"
#include "record/pairs.h"
#include "rt/loop.h"
#include "rt/stack_pool.h"

namespace weir::plan {
class Secrets;
}
namespace weir::script {
class Program;
}
namespace weir::journey {

class SharedData;   // journey/shared_data.h: SharedArrays and opened files, one copy for all users
class WorkerCache;  // journey/host/worker_cache.h: URLs and tag sets that a worker's users look up
class TimingNames;  // journey/host/timing_names.h: the parts of its work that the target speaks of
class Evidence;  // journey/evidence.h: script failures, failed requests, guard violations; bounded
struct GuardPolicy;     // journey/guard.h: which requests may be sent (read-only guard), sign-in
                        // endpoints
struct SyntheticMarks;  // journey/marks.h: User-Agent, run-id header, traceparent, baggage

/// Live figures that k6/execution shows to scripts. Written by the engine, read by any worker.
struct RunProgress {
    std::atomic<std::uint64_t> iterations_completed{0};
    std::atomic<std::uint64_t> iterations_interrupted{0};
    std::atomic<std::uint32_t> users_active{0};
    std::atomic<std::uint32_t> users_initialized{0};
    std::atomic<std::int64_t> start_ns{0};  // Instant of the run's start (after setup), 0 before
    std::atomic<std::int64_t> next_request_ns{
        0};  // option rps: no request begins before this Instant
};

/// How a script ends the run early. Callable from any worker; the first call wins.
struct RunControl {
    std::function<void(std::string reason)> abort;        // exec.test.abort(): exit code 108
    std::function<void(std::string reason)> mark_failed;  // exec.test.fail(): exit code 110
};

/// One scenario as its iterations see it. Owned by the engine for the whole run.
struct ScenarioContext {
    std::string name;
    std::string executor;  // "constant-arrival-rate"
    std::string exec = "default";
    std::map<std::string, std::string> env;  // over the run's environment
    std::map<std::string, std::string> tags;
    base::Instant start{};                              // set when it starts
    std::atomic<std::uint64_t> iterations_started{0};   // gives iterationInTest
    std::function<double(base::Instant now)> progress;  // 0..1
};

/// Immutable while users run, but for the atomics and bounded evidence inside.
struct RunContext {
    std::shared_ptr<const script::Program> program;
    const plan::Options* options = nullptr;  // consolidated
    std::string options_json;                // exec.test.options, as k6 shows it
    meter::Registry* registry = nullptr;
    SharedData* shared = nullptr;
    Evidence* evidence = nullptr;
    TimingNames* timings = nullptr;          // null: Server-Timing is not measured
    const plan::Secrets* secrets = nullptr;  // redacted from tags; null: none
    const GuardPolicy* guard = nullptr;      // null: no read-only guard (weir run)
    const SyntheticMarks* marks = nullptr;   // null: plain requests (weir run)
    const http::ClientSettings* http = nullptr;
    RunProgress* progress = nullptr;
    RunControl control;
    base::Log console;  // console.log etc of scripts
    base::Log log;
    std::map<std::string, std::string> env;  // __ENV
    std::string setup_data;                  // JSON text of what setup() returned; "" when none
    std::string script_dir;
    std::uint64_t seed = 0;
    record::Side side = record::Side::alone;        // of a duet: whose requests are paired
    std::size_t memory_limit = 64UL * 1024 * 1024;  // per user, bytes
    base::Nanos cpu_slice_limit =
        std::chrono::seconds(10);  // CPU between two parks before the iteration is ended
};

/// One worker's share: everything here lives on one thread.
struct WorkerContext {
    rt::Loop* loop = nullptr;
    rt::StackPool* stacks = nullptr;
    net::Dialer* dialer = nullptr;
    meter::Recorder* recorder = nullptr;
    std::shared_ptr<WorkerCache> cache;  // made by the first user
};

}  // namespace weir::journey
