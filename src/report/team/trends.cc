#include "report/team/trends.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "report/team/run_rates.h"
#include "stats/change_point.h"

namespace weir::report {
namespace {

using record::PastRun;

double mean_of(std::span<const double> values) {
    double mean = 0;
    for (const double each : values) mean += each / static_cast<double>(values.size());
    return mean;
}

/// Trends by their name, in the order in which the newest run with each has them.
template <typename Trend, typename Name>
class Collected {
public:
    /// The trend of that name; a new one is as `make` makes it.
    template <typename Make>
    Trend& at(const Name& name, const Make& make) {
        const auto found = places_.find(name);
        if (found != places_.end()) return trends_[found->second];
        places_[name] = trends_.size();
        return trends_.emplace_back(make());
    }
    [[nodiscard]] std::vector<Trend> take() { return std::move(trends_); }

private:
    std::map<Name, std::size_t> places_;
    std::vector<Trend> trends_;
};

}  // namespace

std::vector<Deployment> deployments_of(std::span<const PastRun> runs) {
    std::vector<Deployment> deployments;
    std::string tested;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto& commit = runs[i].commit;
        if (commit.empty()) continue;
        if (!tested.empty() && commit != tested) deployments.push_back({i, tested, commit});
        tested = commit;
    }
    return deployments;
}

std::vector<Change> changes_of(const Values& values, std::span<const Deployment> deployments) {
    std::vector<double> there;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!values[i]) continue;
        there.push_back(*values[i]);
        places.push_back(i);
    }
    const auto points = stats::change_points(there);
    std::vector<Change> changes;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const std::size_t begin = i == 0 ? 0 : points[i - 1];
        const std::size_t end = i + 1 < points.size() ? points[i + 1] : there.size();
        const std::span<const double> all(there);
        auto& change = changes.emplace_back();
        change.run = places[points[i]];
        change.before = mean_of(all.subspan(begin, points[i] - begin));
        change.after = mean_of(all.subspan(points[i], end - points[i]));
        const std::size_t last = places[points[i] - 1];
        for (std::size_t d = 0; d < deployments.size(); ++d) {
            if (deployments[d].run > last && deployments[d].run <= change.run) {
                change.deployment = d;
            }
        }
    }
    return changes;
}

std::vector<ConditionTrend> condition_trends(std::span<const PastRun> runs) {
    Collected<ConditionTrend, std::string> trends;
    for (std::size_t back = 0; back < runs.size(); ++back) {
        const std::size_t i = runs.size() - 1 - back;
        if (!is_trusted(runs[i])) continue;
        for (const auto& finding : runs[i].findings) {
            auto& trend = trends.at(finding.condition, [&] {
                return ConditionTrend{
                    .condition = finding.condition,
                    .unit = finding.unit,
                    .values = Values(runs.size()),
                    .limits = Values(runs.size()),
                    .intervals = std::vector<std::optional<stats::Interval>>(runs.size()),
                    .states = std::vector<std::optional<record::FindingState>>(runs.size()),
                    .samples = std::vector<std::uint64_t>(runs.size())};
            });
            trend.limits[i] = finding.limit;
            trend.states[i] = finding.state;
            trend.samples[i] = finding.samples;
            if (finding.samples == 0) continue;
            trend.values[i] = finding.value;
            // [0, 1] is what is known of nothing: thresholds have no interval.
            const bool known = finding.interval.low > 0 || finding.interval.high < 1;
            if (known) trend.intervals[i] = finding.interval;
        }
    }
    return trends.take();
}

std::vector<RequestTrend> request_trends(std::span<const PastRun> runs) {
    Collected<RequestTrend, std::pair<std::string, std::string>> trends;
    for (std::size_t back = 0; back < runs.size(); ++back) {
        const std::size_t i = runs.size() - 1 - back;
        if (!is_trusted(runs[i])) continue;
        for (const auto& request : runs[i].requests) {
            auto& trend = trends.at({request.journey, request.request}, [&] {
                return RequestTrend{.journey = request.journey,
                                    .request = request.request,
                                    .medians = Values(runs.size()),
                                    .p95s = Values(runs.size()),
                                    .answered = std::vector<std::uint64_t>(runs.size())};
            });
            trend.answered[i] = request.answered;
            if (request.answered == 0) continue;
            trend.medians[i] = request.median_ms;
            trend.p95s[i] = request.p95_ms;
        }
    }
    return trends.take();
}

}  // namespace weir::report
