// RunRecord: everything known about one run: immutable, versioned, the waist of the system.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "record/evidence.h"
#include "record/generator_health.h"
#include "record/metric.h"
#include "record/pairs.h"
#include "record/surroundings.h"
#include "record/windows.h"

namespace weir::record {

/// A version or instance of the target that answered, and when it was first seen.
struct SeenInstance {
    std::string version;  // as the target reports it; empty when it does not
    std::string instance;
    base::Nanos first_seen{};  // from the run's start; negative: before it
    std::uint64_t answers = 0;
    base::Nanos last_seen{};  // about when its last answer came; zero: not known
    Side side = Side::alone;  // of a duet
    [[nodiscard]] bool operator==(const SeenInstance&) const = default;
};

struct Target {
    std::string environment;         // name in weir.toml; empty for weir run
    std::string base_url;            // without credentials
    std::vector<SeenInstance> seen;  // in order of first_seen
    [[nodiscard]] bool operator==(const Target&) const = default;
};

/// What became of one scenario's iterations, over all workers.
struct ScenarioOutcome {
    std::string name;
    std::string executor;       // "constant-arrival-rate"
    bool open_model = false;    // arrivals were due whatever the target did
    std::uint64_t offered = 0;  // due (open model), or begun
    std::uint64_t started = 0;
    std::uint64_t completed = 0;  // with those that threw
    std::uint64_t threw = 0;
    std::uint64_t interrupted = 0;
    std::uint64_t late = 0;
    std::uint64_t dropped = 0;
    std::uint64_t waited_for_user = 0;
    base::Nanos start{};         // planned, from the run's start
    base::Nanos schedule_end{};  // planned: no iteration begins after it
    base::Nanos ended{};         // the last iteration's end
    std::uint64_t users_most = 0;
    [[nodiscard]] bool operator==(const ScenarioOutcome&) const = default;
};

enum class EndKind : std::uint8_t {
    finished,              // the schedule ran to its end
    aborted_by_script,     // exec.test.abort()
    aborted_by_threshold,  // abortOnFail
    aborted_by_signal,
    aborted_by_limit,  // a limit of Weir's own, or the read-only guard
    setup_failed,      // setup() threw or took too long: no load was offered
    decided,           // every condition was decided before the schedule's end
    unreachable,       // the target was not there, or not well, before the run: no load was offered
    data_drifted,      // what setup() gave is not as pinned: no load was offered
    lease_lost,        // another run may have begun on the environment
};
[[nodiscard]] std::string_view word_of(EndKind kind) noexcept;

struct Ending {
    EndKind kind = EndKind::finished;
    std::string words;           // for people: what ended it
    bool marked_failed = false;  // exec.test.fail()
    std::string marked_words;
    [[nodiscard]] bool operator==(const Ending&) const = default;
};

/// Every span is from the run's start (when load began, after setup) unless it says otherwise.
struct RunRecord {
    static constexpr int current_version = 1;

    int version = current_version;
    std::string run_id;
    std::string weir_version;
    std::string script;  // as given on the command line
    base::WallTime started{};
    base::Nanos duration{};  // to the end of the last iteration; k6's testRunDuration
    std::uint64_t seed = 0;
    std::string options_json = "{}";  // consolidated options, k6's names, secrets redacted
    std::string setup_data_json;      // what setup() returned; empty when nothing
    Target target;
    std::vector<MetricSpec> metrics;  // MetricId is the index
    std::vector<Series> series;       // in the order they were first seen
    Windows windows;
    std::vector<PairSeries> pairs;  // of a duet; else empty
    std::vector<ScenarioOutcome> scenarios;
    Evidence evidence;
    GeneratorHealth health;
    Surroundings surroundings;
    Ending ending;
    std::vector<std::string> warnings;

    [[nodiscard]] const MetricSpec* find_metric(std::string_view name) const noexcept;
    [[nodiscard]] bool operator==(const RunRecord&) const = default;
};

}  // namespace weir::record
