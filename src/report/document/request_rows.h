// RequestRows: what a record knows of each kind of request, put together from its series.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "record/pairs.h"
#include "record/run_record.h"
#include "stats/distribution.h"

namespace weir::report {

/// A part of a request, or of the target's own work.
struct NamedTimes {
    std::string name;
    stats::Distribution times;
};

/// One kind of request, or all together. Times in ms.
struct RequestRow {
    static constexpr std::size_t no_window_row = std::numeric_limits<std::size_t>::max();

    std::string journey;  // empty, as request: all together
    std::string request;
    std::string group;
    record::Side side = record::Side::alone;
    std::vector<std::pair<std::string, std::string>> tags;  // others that tell it from other rows
    std::uint64_t count = 0;       // answered, failed or unfinished at the end
    std::uint64_t failed = 0;      // answered, but not as expected, or not at all
    std::uint64_t unfinished = 0;  // at the run's end
    double per_second = 0;         // of the run
    std::uint64_t checks_passed = 0;
    std::uint64_t checks_failed = 0;
    std::map<std::uint16_t, std::uint64_t> statuses;  // 0: no answer
    stats::Distribution response_time;                // of answers that were expected
    stats::Distribution service_time;
    std::vector<NamedTimes> phases;         // in the order of an exchange; those that were measured
    std::vector<NamedTimes> server_timing;  // in the order of first sight
    std::size_t window_row = no_window_row;  // index among the rows of the record's windows
};

/// All requests together first, signing in and set-up included; then each kind that the run's
/// windows tell apart (record::row_of) and that was asked at all, in their order, and what came
/// before the load (set-up). Kinds beyond record::Windows::rows_most are one row, "(other)".
[[nodiscard]] std::vector<RequestRow> request_rows(const record::RunRecord& record);

}  // namespace weir::report
