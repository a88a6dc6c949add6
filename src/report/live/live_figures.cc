#include "report/live/live_figures.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/format.h"
#include "record/threshold_result.h"
#include "report/figures.h"

namespace weir::report {
namespace {

using record::FindingState;
using stats::Histogram;

constexpr double ns_per_ms = 1e6;

LiveTimes times_of(const Histogram& times) {
    return {.count = times.count(),
            .p50 = times.value_at_quantile(0.5) / ns_per_ms,
            .p95 = times.value_at_quantile(0.95) / ns_per_ms,
            .p99 = times.value_at_quantile(0.99) / ns_per_ms};
}

Histogram times_in(const record::MetricView& totals, const record::Tags& selector) {
    const auto all = totals.select("weir_response_time", selector);
    if (!all || all->distribution() == nullptr) return Histogram();
    return all->distribution()->positive();
}

/// Buckets of both are the same ones: they are of one precision.
std::vector<Histogram::Bucket> more_in(const Histogram& now, const Histogram& before) {
    std::vector<Histogram::Bucket> more;
    const auto old = before.buckets();
    auto known = old.begin();
    now.for_each([&](const Histogram::Bucket& bucket) {
        while (known != old.end() && known->low < bucket.low) ++known;
        const bool there = known != old.end() && known->low == bucket.low;
        const std::uint64_t count = bucket.count - std::min(bucket.count, there ? known->count : 0);
        if (count > 0) more.push_back({bucket.low, bucket.width, count, bucket.index});
    });
    return more;
}

double quantile_of(const std::vector<Histogram::Bucket>& buckets, std::uint64_t count, double q) {
    const auto rank = static_cast<std::uint64_t>(std::llround(q * static_cast<double>(count - 1)));
    std::uint64_t passed = 0;
    for (const auto& bucket : buckets) {
        passed += bucket.count;
        if (passed <= rank) continue;
        const auto middle =
            static_cast<double>(bucket.low) + static_cast<double>(bucket.width - 1) / 2;
        return middle / ns_per_ms;
    }
    return 0;
}

double per_second(std::uint64_t now, std::uint64_t before, base::Nanos span) {
    const double seconds = base::to_seconds(span);
    return seconds <= 0 || now < before ? 0 : static_cast<double>(now - before) / seconds;
}

void add_sides(const record::MetricView& totals, LiveState& into) {
    into.parts.clear();
    for (const std::string_view side : {"baseline", "candidate"}) {
        record::Tags selector;
        selector.set("side", side);
        const Histogram times = times_in(totals, selector);
        if (!times.empty()) into.parts.push_back({std::string(side), times_of(times)});
    }
}

}  // namespace

LiveTimes times_between(const Histogram& before, const Histogram& now) {
    const auto more = more_in(now, before);
    LiveTimes times;
    for (const auto& bucket : more) times.count += bucket.count;
    if (times.count == 0) return times;
    times.p50 = quantile_of(more, times.count, 0.5);
    times.p95 = quantile_of(more, times.count, 0.95);
    times.p99 = quantile_of(more, times.count, 0.99);
    return times;
}

void LiveFigures::look(const LiveCounts& counts,
                       const record::MetricView& totals,
                       LiveState& into) {
    Moment now{.counts = counts, .requests = 0, .failed = 0, .times = times_in(totals, {})};
    if (const auto requests = totals.select("http_reqs")) {
        now.requests = static_cast<std::uint64_t>(requests->count());
    }
    if (const auto failed = totals.select("http_req_failed");
        failed && failed->rate_total() != nullptr) {
        now.failed = failed->rate_total()->passes;
    }
    if (moments_.empty()) moments_.emplace_back();  // the run's start
    // The last one that is old enough is where "lately" begins.
    while (moments_.size() > 1 && counts.elapsed - moments_[1].counts.elapsed >= lately) {
        moments_.pop_front();
    }
    const Moment& then = moments_.front();
    const base::Nanos span = counts.elapsed - then.counts.elapsed;
    into.counts = counts;
    into.lately = span;
    into.due_per_second = per_second(counts.due, then.counts.due, span);
    into.started_per_second = per_second(counts.started, then.counts.started, span);
    into.requests_per_second = per_second(now.requests, then.requests, span);
    into.requests = now.requests;
    into.failed = now.failed;
    into.failed_lately = now.failed - std::min(now.failed, then.failed);
    into.recent = times_between(then.times, now.times);
    into.whole = times_of(now.times);
    add_sides(totals, into);
    moments_.push_back(std::move(now));
}

std::string figure_of(const record::Finding& finding) {
    if (finding.samples == 0) return {};
    switch (finding.unit) {
        case record::FigureUnit::share:
            return base::format("{:.2f} % of {}", finding.value * 100, finding.samples);
        case record::FigureUnit::milliseconds:
            return duration_text(finding.value, "");
        case record::FigureUnit::per_second:
            return base::format("{:.1f}/s", finding.value);
        case record::FigureUnit::plain:
            break;
    }
    return number_text(finding.value);
}

std::vector<LiveRule> rules_of(std::span<const record::Finding> findings) {
    std::vector<LiveRule> rules;
    for (const auto& finding : findings) {
        rules.push_back(
            {.text = finding.condition, .state = finding.state, .figure = figure_of(finding)});
    }
    return rules;
}

std::vector<LiveRule> rules_of(std::span<const plan::ThresholdSet> thresholds,
                               const record::MetricView& totals) {
    std::vector<LiveRule> rules;
    for (const auto& set : thresholds) {
        const auto spec = std::find_if(totals.metrics().begin(), totals.metrics().end(),
                                       [&](const auto& each) { return each.name == set.metric; });
        for (const auto& result : record::evaluate(set, totals)) {
            LiveRule rule{.text = base::format("{}: {}", result.key, result.source),
                          .state = FindingState::undecided,
                          .figure = {}};
            const bool held = result.state == record::ThresholdState::held;
            if (held || result.state == record::ThresholdState::crossed) {
                rule.state = held ? FindingState::held : FindingState::missed;
                rule.figure = spec == totals.metrics().end() ? number_text(result.value)
                                                             : threshold_figure(*spec, result, "");
            }
            rules.push_back(std::move(rule));
        }
    }
    return rules;
}

}  // namespace weir::report
