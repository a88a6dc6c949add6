#include "telemetry/otlp.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include "base/format.h"
#include "telemetry/exponential.h"
#include "telemetry/gzip.h"

namespace weir::telemetry {
namespace {

using protozero::pbf_writer;
using record::MetricContains;

/// Of series in one request.
constexpr std::size_t series_most = 5000;
/// Source: opentelemetry.io, "Metrics SDK", Base2 Exponential Bucket Histogram Aggregation.
constexpr int scale_most = 8;
constexpr std::size_t buckets_most = 160;
constexpr std::array<double, 15> default_bounds{0,   5,   10,   25,   50,   75,   100,  250,
                                                500, 750, 1000, 2500, 5000, 7500, 10000};

/// aggregation_temporality
constexpr int as_delta = 1;
constexpr int as_cumulative = 2;

std::uint64_t nanos_of(base::WallTime at) {
    return static_cast<std::uint64_t>(at.time_since_epoch().count());
}

std::string_view unit_of(MetricContains contains) noexcept {
    switch (contains) {
        case MetricContains::time:
            return "ms";
        case MetricContains::data:
            return "By";
        case MetricContains::plain:
            break;
    }
    return "";
}

void write_attribute(pbf_writer& parent, int field, std::string_view key, std::string_view value) {
    pbf_writer pair(parent, static_cast<protozero::pbf_tag_type>(field));
    pair.add_string(1, key.data(), key.size());
    pbf_writer any(pair, 2);
    any.add_string(1, value.data(), value.size());
}

/// From when to when, and of whom.
struct Point {
    std::uint64_t start = 0;
    std::uint64_t at = 0;
    const record::Tags* tags = nullptr;
    std::string_view condition;  // of a rate; empty: none
};

/// NumberDataPoint.
template <typename Value>
void write_number(pbf_writer& list, const Point& point, Value value) {
    pbf_writer number(list, 1);
    if (point.start > 0) number.add_fixed64(2, point.start);
    number.add_fixed64(3, point.at);
    if constexpr (std::is_same_v<Value, double>) {
        number.add_double(4, value);
    } else {
        number.add_sfixed64(6, static_cast<std::int64_t>(value));
    }
    for (const auto& [key, text] : point.tags->pairs()) write_attribute(number, 7, key, text);
    if (!point.condition.empty()) write_attribute(number, 7, "condition", point.condition);
}

std::array<std::uint64_t, default_bounds.size() + 1> counts_in_bounds(
    const stats::Distribution& values) {
    std::array<std::uint64_t, default_bounds.size() + 1> counts{};
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < default_bounds.size(); ++i) {
        const auto within = values.count_at_most(default_bounds.at(i));
        counts.at(i) = within - below;
        below = within;
    }
    counts.back() = values.count() - below;
    return counts;
}

/// HistogramDataPoint.
void write_explicit(pbf_writer& list, const Point& point, const stats::Distribution& values) {
    pbf_writer histogram(list, 1);
    histogram.add_fixed64(2, point.start);
    histogram.add_fixed64(3, point.at);
    histogram.add_fixed64(4, values.count());
    histogram.add_double(5, values.sum());
    const auto counts = counts_in_bounds(values);
    histogram.add_packed_fixed64(6, counts.begin(), counts.end());
    histogram.add_packed_double(7, default_bounds.begin(), default_bounds.end());
    for (const auto& [key, text] : point.tags->pairs()) write_attribute(histogram, 9, key, text);
    histogram.add_double(11, values.min());
    histogram.add_double(12, values.max());
}

void write_buckets(pbf_writer& point, int field, const ExponentialBuckets& buckets) {
    pbf_writer writer(point, static_cast<protozero::pbf_tag_type>(field));
    writer.add_sint32(1, buckets.offset);
    writer.add_packed_uint64(2, buckets.counts.begin(), buckets.counts.end());
}

/// ExponentialHistogramDataPoint.
void write_exponential(pbf_writer& list, const Point& point, const stats::Distribution& values) {
    const auto made = exponential(values, 1, scale_most, buckets_most);
    pbf_writer histogram(list, 1);
    for (const auto& [key, text] : point.tags->pairs()) write_attribute(histogram, 1, key, text);
    histogram.add_fixed64(2, point.start);
    histogram.add_fixed64(3, point.at);
    histogram.add_fixed64(4, values.count());
    histogram.add_double(5, values.sum());
    histogram.add_sint32(6, made.scale);
    histogram.add_fixed64(7, made.zeros);
    write_buckets(histogram, 8, made.positive);
    if (!made.negative.counts.empty()) write_buckets(histogram, 9, made.negative);
    histogram.add_double(12, values.min());
    histogram.add_double(13, values.max());
}

/// The fields of Metric.data.
enum class Data : std::uint8_t { gauge = 5, sum = 7, histogram = 9, exponential = 10 };

/// What there is to tell of one series.
struct Told {
    const record::Series* series = nullptr;
    record::Aggregate total;  // since `start`
    std::uint64_t start = 0;
};

/// Writes the metrics of one request.
class Metrics {
public:
    Metrics(const OtlpShape& shape, const Moment& moment) : shape_(shape), moment_(moment) {}

    /// All of one metric.
    void write(pbf_writer& scope, const std::vector<Told>& told) const;

private:
    template <typename Write>
    void write_metric(pbf_writer& scope,
                      const std::string& name,
                      std::string_view unit,
                      Data data,
                      Write&& points) const;
    void write_rate(pbf_writer& scope,
                    const std::string& name,
                    const std::vector<Told>& told) const;
    [[nodiscard]] Point point_of(const Told& each) const {
        return {.start = each.start,
                .at = nanos_of(moment_.at),
                .tags = &each.series->tags,
                .condition = {}};
    }

    const OtlpShape& shape_;
    const Moment& moment_;
};

template <typename Write>
void Metrics::write_metric(pbf_writer& scope,
                           const std::string& name,
                           std::string_view unit,
                           Data data,
                           Write&& points) const {
    pbf_writer metric(scope, 2);
    metric.add_string(1, name);
    if (!unit.empty()) metric.add_string(3, unit.data(), unit.size());
    pbf_writer list(metric, static_cast<protozero::pbf_tag_type>(data));
    points(list);
    if (data == Data::gauge) return;
    list.add_enum(2, shape_.delta ? as_delta : as_cumulative);
    if (data == Data::sum) list.add_bool(3, true);
}

void Metrics::write_rate(pbf_writer& scope,
                         const std::string& name,
                         const std::vector<Told>& told) const {
    const auto sum = [&](const std::string& called, auto&& points) {
        write_metric(scope, called, "", Data::sum, [&](pbf_writer& list) {
            for (const auto& each : told) {
                points(list, point_of(each), *std::get_if<record::RateTotal>(&each.total));
            }
        });
    };
    if (shape_.single_counter_for_rate) {
        sum(name, [](pbf_writer& list, Point point, const record::RateTotal& rate) {
            point.condition = "nonzero";
            write_number(list, point, rate.passes);
            point.condition = "zero";
            write_number(list, point, rate.fails);
        });
        return;
    }
    sum(name + ".occurred", [](pbf_writer& list, const Point& point, const auto& rate) {
        write_number(list, point, rate.passes);
    });
    sum(name + ".total", [](pbf_writer& list, const Point& point, const auto& rate) {
        write_number(list, point, rate.samples());
    });
}

void Metrics::write(pbf_writer& scope, const std::vector<Told>& told) const {
    const auto& spec = moment_.spec_of(*told.front().series);
    const std::string name = shape_.prefix + spec.name;
    const auto unit = unit_of(spec.contains);
    const auto each_point = [&](auto&& write_one) {
        return [&told, this, write_one](pbf_writer& list) {
            for (const auto& each : told) write_one(list, point_of(each), each.total);
        };
    };
    switch (spec.type) {
        case record::MetricType::counter:
            write_metric(scope, name, unit, Data::sum,
                         each_point([](pbf_writer& list, const Point& point, const auto& total) {
                             const auto& counter = *std::get_if<record::CounterTotal>(&total);
                             write_number(list, point, counter.sum.value());
                         }));
            break;
        case record::MetricType::gauge:
            write_metric(scope, name, unit, Data::gauge,
                         each_point([](pbf_writer& list, Point point, const auto& total) {
                             point.start = 0;
                             write_number(list, point,
                                          std::get_if<record::GaugeTotal>(&total)->last);
                         }));
            break;
        case record::MetricType::rate:
            write_rate(scope, name, told);
            break;
        case record::MetricType::trend:
            write_metric(
                scope, name, unit, shape_.exponential ? Data::exponential : Data::histogram,
                each_point([this](pbf_writer& list, const Point& point, const auto& total) {
                    const auto& values = *std::get_if<stats::Distribution>(&total);
                    shape_.exponential ? write_exponential(list, point, values)
                                       : write_explicit(list, point, values);
                }));
            break;
    }
}

/// One request with `told`, which is in the order of metrics.
std::string request_of(const OtlpShape& shape,
                       const Moment& moment,
                       const std::vector<Told>& told) {
    std::string data;
    {
        pbf_writer request(data);
        pbf_writer of_resource(request, 1);
        {
            pbf_writer resource(of_resource, 1);
            for (const auto& [key, value] : shape.resource)
                write_attribute(resource, 1, key, value);
        }
        pbf_writer of_scope(of_resource, 2);
        {
            pbf_writer scope(of_scope, 1);
            scope.add_string(1, "weir");
            if (!shape.scope_version.empty()) scope.add_string(2, shape.scope_version);
        }
        const Metrics metrics(shape, moment);
        for (std::size_t first = 0; first < told.size();) {
            std::size_t last = first;
            while (last < told.size() && told[last].series->metric == told[first].series->metric) {
                last += 1;
            }
            metrics.write(of_scope, {told.begin() + static_cast<std::ptrdiff_t>(first),
                                     told.begin() + static_cast<std::ptrdiff_t>(last)});
            first = last;
        }
    }
    return shape.gzip ? gzipped(data) : data;
}

}  // namespace

std::vector<Parcel> Otlp::encode(const Moment& moment) {
    std::vector<Parcel> parcels;
    std::vector<Told> told;
    std::size_t first = 0;
    const auto send = [&](std::size_t last) {
        if (!told.empty()) parcels.push_back({request_of(shape_, moment, told), first, last});
        told.clear();
        first = last;
    };
    for (std::size_t i = 0; i < moment.series.size(); ++i) {
        const auto& series = moment.series[i];
        Told each{.series = &series,
                  .total = shape_.delta ? changes_.of(moment, i) : series.total,
                  .start = nanos_of(shape_.delta ? changes_.since(moment, i) : moment.since)};
        if (!is_empty(each.total)) told.push_back(std::move(each));
        if (told.size() >= series_most) send(i + 1);
    }
    send(moment.series.size());
    return parcels;
}

void Otlp::taken(const SharedMoment& moment, const Parcel& parcel) {
    if (shape_.delta) changes_.take(moment, parcel.first, parcel.last);
}

std::string otlp_complaint(std::string_view answer) {
    try {
        protozero::pbf_reader response(answer.data(), answer.size());
        if (!response.next(1, protozero::pbf_wire_type::length_delimited)) return {};
        auto partial = response.get_message();
        std::int64_t rejected = 0;
        std::string message;
        while (partial.next()) {
            if (partial.tag() == 1) {
                rejected = partial.get_int64();
            } else if (partial.tag() == 2) {
                message = partial.get_string();
            } else {
                partial.skip();
            }
        }
        if (rejected == 0 && message.empty()) return {};
        return base::format("it rejected {} points: {}", rejected, message);
    } catch (const std::exception&) {  // an answer that is no such message says nothing
        return {};
    }
}

}  // namespace weir::telemetry
