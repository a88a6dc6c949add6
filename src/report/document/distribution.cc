#include "report/document/distribution.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "report/document/rounding.h"

namespace weir::report {
namespace {

/// Points each time the rest is halved, so that all of them are within percentiles_most.
int ticks_per_half(double values) {
    constexpr double points = static_cast<double>(percentiles_most) - 4;
    const double halvings = std::max(std::ceil(std::log2(values)), 1.0) + 1;
    return std::clamp(static_cast<int>(points / halvings), 1, 10);
}

/// A share close to 1 keeps the digits of what it is short of 1.
double rounded_share(double share) {
    return 1 - rounded(1 - share, plot_digits);
}

}  // namespace

std::vector<std::pair<double, double>> percentile_plot(const stats::Distribution& values) {
    std::vector<std::pair<double, double>> points;
    if (values.empty()) return points;
    const auto count = static_cast<double>(values.count());
    const int ticks = ticks_per_half(count);
    for (double half = 1; half * count > 1; half /= 2) {
        for (int tick = 0; tick < ticks; ++tick) {
            const double rest = half * (1 - tick / (2.0 * ticks));
            const double share = rounded_share(1 - rest);
            const bool is_new = points.empty() || share > points.back().first;
            if (is_new && share < 1) points.emplace_back(share, values.quantile(share));
        }
    }
    points.emplace_back(1, values.max());
    return points;
}

std::vector<Bin> log_histogram(const stats::Distribution& times) {
    CHECK(times.kind() == stats::Distribution::Kind::time);
    if (times.empty()) return {};
    constexpr double least = 1e-3;  // ms
    constexpr double nanos_per_ms = 1e6;
    // Buckets are a thousandth wide: narrower bins would show them and not the times.
    constexpr double width_least = 0.02;
    const double low = std::max(times.min(), least);
    const double high = std::max(times.max(), low);
    const double span = std::log(high / low);
    const auto bins = static_cast<std::size_t>(
        std::clamp(std::floor(span / width_least), 1.0, static_cast<double>(bins_most)));
    std::vector<Bin> histogram(bins);
    for (std::size_t i = 0; i < bins; ++i) {
        const auto edge = [&](std::size_t at) {
            const double share = static_cast<double>(at) / static_cast<double>(bins);
            return rounded(low * std::exp(span * share), plot_digits + 1);
        };
        histogram[i] = {edge(i), edge(i + 1), 0};
    }
    // All alike: a bin needs some width to be seen.
    if (histogram.front().from >= histogram.front().to) {
        histogram.front().from = rounded(low / (1 + width_least / 2), plot_digits);
        histogram.front().to = rounded(high * (1 + width_least / 2), plot_digits);
    }
    times.positive().for_each([&](const stats::Histogram::Bucket& bucket) {
        const double middle =
            (static_cast<double>(bucket.low) + static_cast<double>(bucket.width - 1) / 2) /
            nanos_per_ms;
        const double place = std::log(std::clamp(middle, low, high) / low);
        const double at = span > 0 ? place / span * static_cast<double>(bins) : 0;
        histogram[std::min(static_cast<std::size_t>(at), bins - 1)].count += bucket.count;
    });
    if (times.negative() != nullptr) histogram.front().count += times.negative()->count();
    const auto filled = [](const Bin& bin) { return bin.count > 0; };
    const auto first = std::find_if(histogram.begin(), histogram.end(), filled);
    const auto last = std::find_if(histogram.rbegin(), histogram.rend(), filled).base();
    return {first, last};
}

base::Json distribution_json(const stats::Distribution& times) {
    CHECK(!times.empty());
    base::Json json{{"count", times.count()},
                    {"meanMs", number(times.mean())},
                    {"minMs", number(times.min())},
                    {"maxMs", number(times.max())},
                    {"p50Ms", number(times.quantile(0.5))},
                    {"p75Ms", number(times.quantile(0.75))},
                    {"p90Ms", number(times.quantile(0.9))},
                    {"p95Ms", number(times.quantile(0.95))},
                    {"p99Ms", number(times.quantile(0.99))},
                    {"p999Ms", number(times.quantile(0.999))},
                    {"percentiles", base::Json::array()},
                    {"histogram", base::Json::array()}};
    for (const auto& [share, ms] : percentile_plot(times)) {
        json["percentiles"].push_back({number(share, 12), number(ms, plot_digits)});
    }
    for (const auto& bin : log_histogram(times)) {
        json["histogram"].push_back({number(bin.from), number(bin.to), bin.count});
    }
    return json;
}

}  // namespace weir::report
