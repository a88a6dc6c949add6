#include "telemetry/influx.h"

#include <string_view>
#include <utility>

#include "base/format.h"
#include "telemetry/spread.h"

namespace weir::telemetry {
namespace {

/// Bodies are cut behind a series: InfluxData advises 5,000 to 10,000 lines.
constexpr std::size_t body_most = 1'000'000;

/// Commas, spaces and, but in measurements, equals signs are escaped; a line break cannot be, and a
/// backslash at the end would escape what follows.
std::string escaped(std::string_view text, std::string_view special) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (special.find(c) != std::string_view::npos) out += '\\';
        out += static_cast<unsigned char>(c) < ' ' ? '_' : c;
    }
    if (out.ends_with('\\')) out += '_';
    return out;
}

std::string series_key(const record::MetricSpec& spec, const record::Tags& tags) {
    std::string key = escaped(spec.name, ", ");
    for (const auto& [name, value] : tags.pairs()) {
        if (name.empty() || value.empty()) continue;
        key += "," + escaped(name, ",= ") + "=" + escaped(value, ",= ");
    }
    return key;
}

/// The points of one series in one push.
class Points {
public:
    Points(std::string& out, std::string key, base::WallTime from, base::WallTime to)
        : out_(out),
          key_(std::move(key)),
          from_(from.time_since_epoch().count()),
          to_(std::max(to.time_since_epoch().count(), from_ + 1)) {}

    void write(const record::CounterTotal& counter) { add("value", counter.sum.value()); }
    void write(const record::GaugeTotal& gauge) { add("value", gauge.last); }
    void write(const record::RateTotal& rate, std::size_t points) {
        add_spread(spread(rate, points));
        add_exact(rate.samples(), static_cast<double>(rate.passes), rate.fails > 0 ? 0 : 1,
                  rate.passes > 0 ? 1 : 0);
    }
    void write(const stats::Distribution& values, std::size_t points) {
        add_spread(spread(values, points));
        add_exact(values.count(), values.sum(), values.min(), values.max());
    }

private:
    void add(std::string_view field, double value) {
        out_ += base::format("{} {}={} {}\n", key_, field, value, to_);
    }
    /// Distinct times: points of one series and time would be one point.
    void add_spread(const std::vector<double>& points) {
        const auto count = static_cast<std::int64_t>(points.size());
        for (std::int64_t i = 0; i < count; ++i) {
            const auto at = from_ + 1 + (to_ - from_ - 1) / count * i;
            out_ +=
                base::format("{} value={:.9g} {}\n", key_, points[static_cast<std::size_t>(i)], at);
        }
    }
    void add_exact(std::uint64_t count, double sum, double min, double max) {
        out_ +=
            base::format("{} count={}i,max={},min={},sum={} {}\n", key_, count, max, min, sum, to_);
    }

    std::string& out_;
    std::string key_;
    std::int64_t from_;
    std::int64_t to_;
};

/// How many values the points of a change tell of; of counters and gauges none.
std::uint64_t values_of(const record::Aggregate& change) {
    const bool spreads = std::holds_alternative<record::RateTotal>(change) ||
                         std::holds_alternative<stats::Distribution>(change);
    return spreads ? record::samples_of(change) : 0;
}

}  // namespace

std::vector<Parcel> Influx::encode(const Moment& moment) {
    std::vector<record::Aggregate> changes;
    std::vector<std::uint64_t> counts;
    for (std::size_t i = 0; i < moment.series.size(); ++i) {
        changes.push_back(changes_.of(moment, i));
        counts.push_back(values_of(changes.back()));
    }
    const auto points = shares(counts, shape_.points_most);
    std::vector<Parcel> parcels;
    std::string body;
    std::size_t first = 0;
    const auto send = [&](std::size_t last) {
        if (!body.empty()) parcels.push_back({std::exchange(body, {}), first, last});
        first = last;
    };
    for (std::size_t i = 0; i < moment.series.size(); ++i) {
        if (is_empty(changes[i])) continue;
        const auto& series = moment.series[i];
        Points writer(body, series_key(moment.spec_of(series), series.tags),
                      changes_.since(moment, i), moment.at);
        std::visit(
            [&](const auto& change) {
                using Change = std::decay_t<decltype(change)>;
                if constexpr (std::is_same_v<Change, record::CounterTotal> ||
                              std::is_same_v<Change, record::GaugeTotal>) {
                    writer.write(change);
                } else {
                    writer.write(change, points[i]);
                }
            },
            changes[i]);
        if (body.size() >= body_most) send(i + 1);
    }
    send(moment.series.size());
    return parcels;
}

void Influx::taken(const SharedMoment& moment, const Parcel& parcel) {
    changes_.take(moment, parcel.first, parcel.last);
}

}  // namespace weir::telemetry
