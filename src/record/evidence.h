// Evidence: bounded examples that explain a result: failures, slowest exchanges, refused requests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace weir::record {

// All instants are spans from the run's start. URLs are redacted before they get here.

/// One way in which the script failed, and how often.
struct ScriptFailure {
    std::string message;   // "TypeError: cannot read property 'x' of undefined"
    std::string location;  // "journey.ts:12:5", mapped to the source as written
    std::string stack;     // the JavaScript stack, mapped, a frame a line
    std::uint64_t count = 0;
    [[nodiscard]] bool operator==(const ScriptFailure&) const = default;
};

/// One request that failed or that was among the slowest.
struct Exchange {
    std::string name;
    std::string method;
    std::string url;
    int status = 0;      // 0: no answer
    int error_code = 0;  // k6's; 0: none
    std::string error;
    std::string trace_id;  // W3C, 32 hex digits; empty when requests were not marked
    std::string scenario;
    base::Nanos start{};          // actual send
    base::Nanos response_time{};  // from the intended start
    base::Nanos service_time{};   // from the actual send
    std::string server_timing;    // the answer's header as it was sent (record/server_timing.h)
    [[nodiscard]] bool operator==(const Exchange&) const = default;
};

/// A request that was still under way when the run ended. All of them are in the metric
/// weir_unfinished; these are examples.
struct UnfinishedRequest {
    std::string name;
    std::string method;
    std::string url;
    std::string trace_id;
    std::string scenario;
    base::Nanos start{};
    base::Nanos age{};  // at the run's end, from the intended start
    [[nodiscard]] bool operator==(const UnfinishedRequest&) const = default;
};

/// A request that the read-only guard did not send.
struct GuardViolation {
    std::string method;
    std::string url;
    std::string location;  // the script's line
    std::uint64_t count = 0;
    [[nodiscard]] bool operator==(const GuardViolation&) const = default;
};

/// Each list is bounded; the counts say how many there were in all.
struct Evidence {
    static constexpr std::size_t list_most = 100;

    std::vector<ScriptFailure> script_failures;  // most frequent first
    std::uint64_t script_failures_total = 0;
    std::vector<Exchange> failed_requests;  // in order of start
    std::uint64_t failed_requests_total = 0;
    std::vector<Exchange> slowest;              // of the run and of each name, longest first
    std::vector<UnfinishedRequest> unfinished;  // oldest first
    std::uint64_t unfinished_total = 0;
    std::vector<GuardViolation> guard_violations;
    std::uint64_t guard_violations_total = 0;
    [[nodiscard]] bool operator==(const Evidence&) const = default;
};

}  // namespace weir::record
