// Comparing two runs: which requests changed, by how much, and how sure that is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plan/practical_threshold.h"
#include "record/run_record.h"
#include "stats/interval.h"

namespace weir::judge {

/// One figure of a request, before and after.
struct Change {
    double before_ms = 0;
    double after_ms = 0;
    stats::Interval ratio{1, 1};          // after / before
    stats::Interval difference_ms{0, 0};  // after - before
};

enum class ChangeWord : std::uint8_t {
    same,     // surely not slower by more than the threshold, nor faster
    slower,   // surely, by more than both parts of the threshold
    faster,   // likewise
    unclear,  // the runs are too short or too noisy to tell
};

struct RequestChange {
    std::string journey;
    std::string request;
    std::uint64_t before = 0;  // good answers
    std::uint64_t after = 0;
    double errors_before = 0;  // share
    double errors_after = 0;
    Change median;
    Change p95;
    ChangeWord word = ChangeWord::unclear;
};

struct Comparison {
    std::vector<RequestChange> requests;  // of both runs, in the order of the first one
    std::vector<std::string> only_before;
    std::vector<std::string> only_after;
};

/// Intervals at `level`, over all requests and both figures together, by a moving-block
/// bootstrap over the runs' windows (Künsch, "The jackknife and the bootstrap for general
/// stationary observations", Annals of Statistics 17, 1989; blocks of about the square root of
/// their number), so that they stay honest when one second resembles the next. They say nothing of
/// what differs from run to run: a duet cancels that, a history measures it. The same records give
/// the same bytes.
[[nodiscard]] Comparison compare(const record::RunRecord& before,
                                 const record::RunRecord& after,
                                 const plan::PracticalThreshold& slower_than,
                                 double level);

[[nodiscard]] std::string_view word_of(ChangeWord word) noexcept;

}  // namespace weir::judge
