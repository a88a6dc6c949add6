// InfluxDB line protocol: what is new, as points that give the queries of k6's dashboards their
// answers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "telemetry/changes.h"
#include "telemetry/encoder.h"

namespace weir::telemetry {

struct InfluxShape {
    std::size_t points_most = 2000;  // of trends and rates, in one push
};

/// As k6 has it: the metric is the measurement, tags are tags, the field is `value`; times are in
/// milliseconds. k6 writes a point for each sample; Weir tells many by fewer:
///  - a counter is one point a push with the sum of what is new: sum("value") is right;
///  - a trend or a rate has points of equal weight (spread.h): mean("value") and
///  percentile("value", p)
///    are right. Its points lie evenly between the last push and this one. So long as all values
///    fit into points_most each has a point of its own, and count("value") is right, too;
///  - one more point a push and trend or rate, in the measurement's fields `count`, `sum`, `min`
///  and
///    `max` without `value`, says what is exact: sum("sum") / sum("count") over any span and tags.
/// Timestamps are in nanoseconds. A point that is written again is the same point: a parcel may be
/// sent twice.
/// Source: grafana.com/docs/k6, "InfluxDB"; docs.influxdata.com, "Line protocol reference".
class Influx final : public Encoder {
public:
    explicit Influx(InfluxShape shape) : shape_(shape) {}
    [[nodiscard]] std::vector<Parcel> encode(const Moment& moment) override;
    void taken(const SharedMoment& moment, const Parcel& parcel) override;
    [[nodiscard]] bool increments() const noexcept override { return true; }

private:
    InfluxShape shape_;
    Changes changes_;
};

}  // namespace weir::telemetry
