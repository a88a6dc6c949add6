// Trends: figures over a suite's runs, where what was tested changed, and where a figure changed
// for good.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "record/history.h"

namespace weir::report {

/// A run that tested something else than the run before it that said what it tested.
struct Deployment {
    std::size_t run = 0;  // its place, oldest first
    std::string from;     // commits or versions
    std::string to;
};
/// `runs` oldest first.
[[nodiscard]] std::vector<Deployment> deployments_of(std::span<const record::PastRun> runs);

/// One figure; a value for each run, none where the run did not measure it.
using Values = std::vector<std::optional<double>>;

/// A new level begins.
struct Change {
    std::size_t run = 0;  // the first of the new level
    double before = 0;    // the mean since the change before, or the first run
    double after = 0;     // the mean until the next change, or the last run
    /// That came between this run and the last one before it with a value, if any.
    std::optional<std::size_t> deployment;
};
/// By stats::change_points over the values that are there.
[[nodiscard]] std::vector<Change> changes_of(const Values& values,
                                             std::span<const Deployment> deployments);

/// A condition over the runs that can be trusted. All lists are as long as the runs.
struct ConditionTrend {
    std::string condition;
    record::FigureUnit unit = record::FigureUnit::share;
    Values values;
    Values limits;
    std::vector<std::optional<stats::Interval>> intervals;
    std::vector<std::optional<record::FindingState>> states;
    std::vector<std::uint64_t> samples;
};
/// In the order of the newest runs' configuration; those that are asked no longer come last.
[[nodiscard]] std::vector<ConditionTrend> condition_trends(std::span<const record::PastRun> runs);

/// A request's response times over the runs that can be trusted, in ms.
struct RequestTrend {
    std::string journey;
    std::string request;
    Values medians;
    Values p95s;
    std::vector<std::uint64_t> answered;
};
[[nodiscard]] std::vector<RequestTrend> request_trends(std::span<const record::PastRun> runs);

}  // namespace weir::report
