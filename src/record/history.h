// History: what is remembered of past runs of a suite in an environment.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "record/verdict.h"

namespace weir::record {

/// One request name of one run.
struct RequestFigures {
    std::string journey;
    std::string request;
    std::uint64_t answered = 0;  // as expected
    std::uint64_t failed = 0;
    double mean_ms = 0;
    double median_ms = 0;
    double p95_ms = 0;
    double p99_ms = 0;
    std::string histogram;  // of response times, ns; see stats/hdr_codec.h
    [[nodiscard]] bool operator==(const RequestFigures&) const = default;
};

enum class RunState : std::uint8_t {
    finished,
    running,    // by its last sign of life
    abandoned,  // its process is gone
};

struct PastRun {
    std::string run_id;
    std::string suite;
    std::string environment;
    std::string commit;  // or version: what was tested
    std::string base_url;
    std::string load;  // "25/s": journeys per second, of each step
    base::WallTime started{};
    std::uint32_t attempt = 1;  // of the same gate: retries count up
    RunState state = RunState::running;
    base::Nanos duration{};
    std::string verdict;  // "pass", "fail", "invalid"; empty while running
    std::vector<std::string> reasons;
    std::vector<Finding> findings;
    std::vector<Signal> signals;
    std::vector<RequestFigures> requests;
};

/// When a run was under way.
struct RunSpan {
    std::string run_id;
    std::string suite;
    std::string environment;
    std::string base_url;
    base::WallTime started{};
    base::WallTime last_seen{};  // its end, once it has ended; else its last sign of life
    bool under_way = false;
};

}  // namespace weir::record
