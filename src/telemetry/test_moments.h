// Moments for this layer's tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "telemetry/moment.h"

namespace weir::telemetry {

/// A run with the metrics http_reqs, vus, checks and http_req_duration, of one request name.
class TestRun {
public:
    TestRun() {
        using record::MetricContains;
        using record::MetricType;
        moment_.metrics = {{"http_reqs", MetricType::counter, MetricContains::plain},
                           {"vus", MetricType::gauge, MetricContains::plain},
                           {"checks", MetricType::rate, MetricContains::plain},
                           {"http_req_duration", MetricType::trend, MetricContains::time}};
        moment_.since = base::WallTime(std::chrono::seconds(1'700'000'000));
        moment_.at = moment_.since;
        record::Tags tags;
        tags.set("name", "dash board");
        tags.set("method", "GET");
        record::Tags check;
        check.set("check", "status is 200");
        for (std::uint32_t metric = 0; metric < 4; ++metric) {
            moment_.series.push_back({.metric = static_cast<record::MetricId>(metric),
                                      .tags = metric == 1   ? record::Tags()
                                              : metric == 2 ? check
                                                            : tags,
                                      .total = record::aggregate_for(moment_.metrics[metric])});
        }
    }

    /// One request that took so many milliseconds.
    void request(double ms, bool good = true) {
        record::add(moment_.series[0].total, 1, {});
        record::add(moment_.series[2].total, good ? 1 : 0, {});
        record::add(moment_.series[3].total, ms, {});
    }
    void users(double count) { record::add(moment_.series[1].total, count, {}); }
    /// So much later.
    SharedMoment after(base::Nanos span, bool last = false) {
        moment_.at += span;
        moment_.last = last;
        return std::make_shared<const Moment>(moment_);
    }
    [[nodiscard]] Moment& moment() { return moment_; }

private:
    Moment moment_;
};

inline std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

}  // namespace weir::telemetry
