#include "telemetry/prometheus_write.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <utility>

#include <protozero/pbf_writer.hpp>
#include <snappy.h>

#include "telemetry/exponential.h"

namespace weir::telemetry {
namespace {

/// Of time series in one request; receivers have limits on its size.
constexpr std::size_t series_most = 5000;
/// Of native histograms: a bucket is a 32nd of a doubling.
constexpr int schema = 5;
constexpr std::size_t buckets_most = 400;
constexpr double zero_threshold = 0x1p-128;  // as Prometheus' own clients have it
/// Prometheus' stale marker is one NaN among many. Source: prometheus/prometheus, model/value.
constexpr std::uint64_t stale_bits = 0x7ff0000000000002;

namespace tag {  // field numbers of prompb
constexpr protozero::pbf_tag_type timeseries = 1;
constexpr protozero::pbf_tag_type metadata = 3;
constexpr protozero::pbf_tag_type labels = 1;
constexpr protozero::pbf_tag_type samples = 2;
constexpr protozero::pbf_tag_type histograms = 4;
}  // namespace tag

enum class Family : std::uint8_t { counter = 1, gauge = 2, histogram = 3 };

std::int64_t millis_of(base::WallTime at) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

/// One WriteRequest that grows until it is full.
class Request {
public:
    explicit Request(base::WallTime at) : at_(millis_of(at)) {}

    void add(const Labels& labels, double value) {
        protozero::pbf_writer series(writer_, tag::timeseries);
        write(labels, series);
        write_sample(series, value);
        count_ += 1;
    }
    void add(const Labels& labels,
             const record::MetricSpec& spec,
             const stats::Distribution& values) {
        protozero::pbf_writer series(writer_, tag::timeseries);
        write(labels, series);
        protozero::pbf_writer histogram(series, tag::histograms);
        write_histogram(histogram, spec, values);
        count_ += 1;
    }
    void add_stale(const Labels& labels, bool is_histogram) {
        protozero::pbf_writer series(writer_, tag::timeseries);
        write(labels, series);
        const double stale = std::bit_cast<double>(stale_bits);
        if (is_histogram) {
            protozero::pbf_writer histogram(series, tag::histograms);
            histogram.add_uint64(1, 0);
            histogram.add_double(3, stale);  // a histogram is stale when its sum is
            histogram.add_int64(15, at_);
        } else {
            write_sample(series, stale);
        }
        count_ += 1;
    }
    void describe(const std::string& name, Family family) {
        protozero::pbf_writer metadata(writer_, tag::metadata);
        metadata.add_enum(1, static_cast<std::int32_t>(family));
        metadata.add_string(2, name);
    }

    [[nodiscard]] bool full() const noexcept { return count_ >= series_most; }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] std::string compressed() const {
        std::string out;
        snappy::Compress(data_.data(), data_.size(), &out);
        return out;
    }

private:
    static void write(const Labels& labels, protozero::pbf_writer& series) {
        for (const auto& [name, value] : labels) {
            protozero::pbf_writer label(series, tag::labels);
            label.add_string(1, name);
            label.add_string(2, value);
        }
    }
    void write_sample(protozero::pbf_writer& series, double value) const {
        protozero::pbf_writer sample(series, tag::samples);
        sample.add_double(1, value);
        sample.add_int64(2, at_);
    }
    void write_histogram(protozero::pbf_writer& histogram,
                         const record::MetricSpec& spec,
                         const stats::Distribution& values) const;

    std::string data_;
    protozero::pbf_writer writer_{data_};
    std::int64_t at_;
    std::size_t count_ = 0;
};

/// Prometheus' buckets are named by their upper boundary: OpenTelemetry's index plus one. Counts
/// are told as differences to the one before.
void write_buckets(protozero::pbf_writer& histogram,
                   const ExponentialBuckets& buckets,
                   protozero::pbf_tag_type spans,
                   protozero::pbf_tag_type deltas) {
    if (buckets.counts.empty()) return;
    {
        protozero::pbf_writer span(histogram, spans);
        span.add_sint32(1, buckets.offset + 1);
        span.add_uint32(2, static_cast<std::uint32_t>(buckets.counts.size()));
    }
    protozero::packed_field_sint64 field(histogram, deltas);
    std::int64_t before = 0;
    for (const auto count : buckets.counts) {
        const auto now = static_cast<std::int64_t>(count);
        field.add_element(now - before);
        before = now;
    }
}

void Request::write_histogram(protozero::pbf_writer& histogram,
                              const record::MetricSpec& spec,
                              const stats::Distribution& values) const {
    const auto made = exponential(values, in_base_unit(spec, 1), schema, buckets_most);
    histogram.add_uint64(1, values.count());
    histogram.add_double(3, in_base_unit(spec, values.sum()));
    histogram.add_sint32(4, made.scale);
    histogram.add_double(5, zero_threshold);
    histogram.add_uint64(6, made.zeros);
    write_buckets(histogram, made.negative, 8, 9);
    write_buckets(histogram, made.positive, 11, 12);
    histogram.add_int64(15, at_);
}

/// One moment's requests, each begun when the one before is full.
class Batch {
public:
    explicit Batch(base::WallTime at) : at_(at), request_(std::make_unique<Request>(at)) {}

    Request& request_for(const std::string& name, Family family) {
        if (described_.emplace(name).second) request_->describe(name, family);
        return *request_;
    }
    Request& request() { return *request_; }
    /// Series up to `last` are told.
    void reached(std::size_t last, bool at_end) {
        if (!at_end && !request_->full()) return;
        if (!request_->empty()) parcels_.push_back({request_->compressed(), first_, last});
        request_ = std::make_unique<Request>(at_);
        described_.clear();
        first_ = last;
    }
    [[nodiscard]] std::vector<Parcel> take() { return std::move(parcels_); }

private:
    base::WallTime at_;
    std::unique_ptr<Request> request_;
    std::set<std::string> described_;
    std::vector<Parcel> parcels_;
    std::size_t first_ = 0;
};

}  // namespace

std::vector<Parcel> PrometheusWrite::encode(const Moment& moment) {
    told_at_ = std::max(moment.at, told_at_ + std::chrono::milliseconds(1));
    Batch batch(told_at_);
    for (std::size_t i = 0; i < moment.series.size(); ++i) {
        const auto& series = moment.series[i];
        if (record::samples_of(series.total) == 0) continue;
        const auto& spec = moment.spec_of(series);
        const auto add = [&](std::string name, double value, Family family) {
            Request& request = batch.request_for(name, family);
            const auto labels = prometheus_labels(std::move(name), series.tags);
            if (shape_.stale_markers) seen_.emplace(labels, false);
            request.add(labels, value);
        };
        if (const auto* counter = std::get_if<record::CounterTotal>(&series.total)) {
            add(prometheus_name(spec), in_base_unit(spec, counter->sum.value()), Family::counter);
        } else if (const auto* gauge = std::get_if<record::GaugeTotal>(&series.total)) {
            add(prometheus_name(spec), in_base_unit(spec, gauge->last), Family::gauge);
        } else if (const auto* rate = std::get_if<record::RateTotal>(&series.total)) {
            add(prometheus_name(spec),
                static_cast<double>(rate->passes) / static_cast<double>(rate->samples()),
                Family::gauge);
        } else if (shape_.native_histograms) {
            const auto& values = *std::get_if<stats::Distribution>(&series.total);
            Request& request = batch.request_for(prometheus_name(spec), Family::histogram);
            const auto labels = prometheus_labels(prometheus_name(spec), series.tags);
            if (shape_.stale_markers) seen_.emplace(labels, true);
            request.add(labels, spec, values);
        } else {
            const auto& values = *std::get_if<stats::Distribution>(&series.total);
            for (const auto& stat : shape_.trend_stats) {
                const double value = statistic(values, stat);
                add(prometheus_name(spec, stat),
                    stat == "count" ? value : in_base_unit(spec, value),
                    stat == "count" || stat == "sum" ? Family::counter : Family::gauge);
            }
        }
        batch.reached(i + 1, false);
    }
    batch.reached(moment.series.size(), true);
    auto parcels = batch.take();
    if (!moment.last || seen_.empty()) return parcels;
    // Later than the last figures, and after them.
    Batch stale(told_at_ + std::chrono::milliseconds(1));
    for (const auto& [labels, is_histogram] : seen_) {
        stale.request().add_stale(labels, is_histogram);
        stale.reached(moment.series.size(), false);
    }
    stale.reached(moment.series.size(), true);
    for (auto& parcel : stale.take()) parcels.push_back(std::move(parcel));
    return parcels;
}

}  // namespace weir::telemetry
