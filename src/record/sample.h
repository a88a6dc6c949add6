// Sample: what one request or metric call measured; due, start, first byte, end travel together.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace weir::record {

enum class MetricType : std::uint8_t { counter, gauge, rate, trend };
enum class MetricContains : std::uint8_t { plain, time, data };

/// Index of a metric in the run's registry.
enum class MetricId : std::uint32_t {};
/// Index of an interned tag set in one worker's recorder.
enum class TagSetId : std::uint32_t {};

/// One HTTP hop. Response time = end - due, service time = end - start (wrk2's two latencies).
struct HttpSample {
    base::Instant due{};  // intended: the iteration's intended start for its first request when
                          // late, else start
    base::Instant start{};
    base::Instant first_byte{};
    base::Instant end{};
    base::Nanos blocked{};
    base::Nanos connecting{};  // k6: TCP connect, without the lookup
    base::Nanos tls_handshaking{};
    base::Nanos sending{};
    base::Nanos waiting{};
    base::Nanos receiving{};
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    bool judged = true;    // false: response callback null, so http_req_failed is not emitted
    bool expected = true;  // response callback's answer; http_req_failed = !expected
    bool finished =
        true;  // false: still under way when the run ended; counts as over each limit passed
    [[nodiscard]] base::Nanos service_time() const noexcept { return end - start; }
    [[nodiscard]] base::Nanos response_time() const noexcept { return end - due; }
};

}  // namespace weir::record
