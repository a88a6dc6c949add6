#include "telemetry/spread.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace weir::telemetry {
namespace {

/// So many equal values.
struct Run {
    double value = 0;
    double count = 0;
};

std::vector<Run> runs_of(const stats::Distribution& values) {
    std::vector<Run> runs;
    const double unit = values.kind() == stats::Distribution::Kind::time
                            ? 1e-6
                            : std::ldexp(1.0, std::clamp(values.exponent(), -1000, 1000));
    const auto add = [&](const stats::Histogram& histogram, double sign) {
        histogram.for_each([&](const stats::Histogram::Bucket& bucket) {
            const double middle =
                static_cast<double>(bucket.low) + static_cast<double>(bucket.width - 1) / 2;
            runs.push_back({std::clamp(sign * middle * unit, values.min(), values.max()),
                            static_cast<double>(bucket.count)});
        });
    };
    if (values.negative() != nullptr) {
        add(*values.negative(), -1);
        std::reverse(runs.begin(), runs.end());
    }
    add(values.positive(), 1);
    return runs;
}

/// The means of `points` parts of equal weight; of runs in order.
std::vector<double> means_of_parts(const std::vector<Run>& runs, double count, std::size_t points) {
    std::vector<double> means;
    means.reserve(points);
    const double part = count / static_cast<double>(points);
    std::size_t next = 0;
    double left = runs.empty() ? 0 : runs.front().count;  // of the run that is under way
    for (std::size_t i = 0; i < points; ++i) {
        double wanted = part;
        double sum = 0;
        while (wanted > 0 && next < runs.size()) {
            const double taken = std::min(wanted, left);
            sum += runs[next].value * taken;
            wanted -= taken;
            left -= taken;
            if (left > part * 1e-9) continue;
            next += 1;
            left = next < runs.size() ? runs[next].count : 0;
        }
        means.push_back(sum / std::max(part - wanted, part * 0.5));
    }
    return means;
}

}  // namespace

std::vector<double> spread(const stats::Distribution& values, std::size_t points) {
    points = std::min<std::uint64_t>(points, values.count());
    if (points == 0) return {};
    auto means = means_of_parts(runs_of(values), static_cast<double>(values.count()), points);
    const double sum = std::accumulate(means.begin(), means.end(), 0.0);
    const double wanted = values.mean() * static_cast<double>(points);
    const double scale = sum == 0 ? 1 : wanted / sum;
    // Off by a bucket's width at most; what is further off is a sum around zero.
    if (scale > 0.99 && scale < 1.01) {
        for (double& each : means) each *= scale;
    }
    return means;
}

std::vector<double> spread(const record::RateTotal& values, std::size_t points) {
    points = std::min<std::uint64_t>(points, values.samples());
    if (points == 0) return {};
    return means_of_parts(
        {{0, static_cast<double>(values.fails)}, {1, static_cast<double>(values.passes)}},
        static_cast<double>(values.samples()), points);
}

std::vector<std::size_t> shares(const std::vector<std::uint64_t>& counts, std::size_t room) {
    const auto all = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    std::vector<std::size_t> points(counts.size());
    const double each = all <= room ? 1 : static_cast<double>(room) / static_cast<double>(all);
    std::transform(counts.begin(), counts.end(), points.begin(), [each](std::uint64_t count) {
        if (count == 0) return std::size_t{0};
        const double wanted = std::round(static_cast<double>(count) * each);
        return std::max<std::size_t>(1, static_cast<std::size_t>(wanted));
    });
    return points;
}

}  // namespace weir::telemetry
