// LiveState: all that is shown of a run under way, as values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "record/verdict.h"

namespace weir::report {

/// What the engine counts of journeys (iterations), over all scenarios; cumulative.
struct LiveCounts {
    base::Nanos elapsed{};
    base::Nanos planned{};  // the schedule's end; zero: not known
    std::uint64_t due = 0;  // arrivals that were due, or journeys begun
    std::uint64_t started = 0;
    std::uint64_t done = 0;
    std::uint64_t dropped = 0;
    std::uint64_t threw = 0;
    std::uint64_t interrupted = 0;
    std::size_t users_active = 0;
    std::size_t users = 0;
};

/// Milliseconds, from the intended start.
struct LiveTimes {
    std::uint64_t count = 0;
    double p50 = 0;
    double p95 = 0;
    double p99 = 0;
};

/// A condition or a threshold.
struct LiveRule {
    std::string text;
    record::FindingState state = record::FindingState::undecided;
    std::string figure;  // "98.72 % of 512", "p(95)=1.21s"; empty: nothing is known yet
};

struct LiveState {
    std::string title;
    LiveCounts counts;
    double due_per_second = 0;      // lately
    double started_per_second = 0;  // lately
    double requests_per_second = 0;
    base::Nanos lately{};  // how long that is
    std::uint64_t requests = 0;
    std::uint64_t failed = 0;
    std::uint64_t failed_lately = 0;
    LiveTimes recent;
    LiveTimes whole;
    /// Parts beside the whole: the two sides of a duet.
    struct Part {
        std::string name;
        LiveTimes times;
    };
    std::vector<Part> parts;
    std::string rules_name = "conditions";  // or "thresholds"
    std::vector<LiveRule> rules;
    std::string note;  // what the rules do to the run
};

}  // namespace weir::report
