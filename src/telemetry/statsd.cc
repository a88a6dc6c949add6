#include "telemetry/statsd.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/format.h"
#include "telemetry/spread.h"

namespace weir::telemetry {
namespace {

/// What the protocol needs for itself becomes "_".
std::string plain(std::string_view text, std::string_view reserved) {
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(),
        [reserved](char c) {
            return static_cast<unsigned char>(c) < ' ' ||
                   reserved.find(c) != std::string_view::npos;
        },
        '_');
    return out;
}

/// A check's name within a metric's: letters, digits and what is beyond ASCII; a dot would divide
/// it.
std::string name_part(std::string_view text) {
    std::string out(text);
    const auto other = [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        return !letter && !(c >= '0' && c <= '9') && static_cast<unsigned char>(c) < 0x80U;
    };
    std::replace_if(out.begin(), out.end(), other, '_');
    return out;
}

std::string tag_suffix(const record::Tags& tags) {
    std::string suffix;
    for (const auto& [key, value] : tags.pairs()) {
        suffix += suffix.empty() ? "|#" : ",";
        suffix += plain(key, ":|,@# ") + ":" + plain(value, "|,#");
    }
    return suffix;
}

/// Lines into datagrams, in order.
class Datagrams {
public:
    void add(const std::string& line) {
        if (line.size() > Statsd::datagram_most) return;  // of a name that long nobody would know
        if (!body_.empty() && body_.size() + 1 + line.size() > Statsd::datagram_most) send();
        if (!body_.empty()) body_ += '\n';
        body_ += line;
    }
    /// All lines of the series before `last` were added.
    void reached(std::size_t last) noexcept { last_ = last; }
    [[nodiscard]] std::vector<Parcel> finish(std::size_t last) {
        last_ = last;
        send();
        return std::move(parcels_);
    }

private:
    void send() {
        parcels_.push_back({std::exchange(body_, {}), first_, last_});
        first_ = last_;
    }

    std::vector<Parcel> parcels_;
    std::string body_;
    std::size_t first_ = 0;
    std::size_t last_ = 0;
};

/// The lines of one series.
class Lines {
public:
    Lines(Datagrams& datagrams, const StatsdShape& shape, const record::Series& series)
        : datagrams_(datagrams), shape_(shape), series_(series) {
        if (shape.tags_on) tags_ = tag_suffix(series.tags);
    }

    void write(const std::string& name, const record::CounterTotal& counter) {
        add(base::format("{}:{}|c", name, counter.sum.value()));
    }
    void write(const std::string& name, const record::GaugeTotal& gauge) {
        // A sign means a change of the gauge, unless it is Datadog's.
        if (gauge.last < 0 && !shape_.tags_on) add(base::format("{}:0|g", name));
        add(base::format("{}:{}|g", name, gauge.last));
    }
    void write(const std::string& name, const record::RateTotal& rate) {
        if (rate.passes > 0) add(base::format("{}:{}|c", name, rate.passes));
        add(base::format("{}.total:{}|c", name, rate.samples()));
        const std::string* check = series_.tags.find("check");
        if (check == nullptr) return;
        const auto called = shape_.prefix + "check." + name_part(*check);
        if (rate.passes > 0) add(base::format("{}.pass:{}|c", called, rate.passes));
        if (rate.fails > 0) add(base::format("{}.fail:{}|c", called, rate.fails));
    }
    void write(const std::string& name, const stats::Distribution& values, std::size_t lines) {
        const auto points = spread(values, lines);
        const double rate =
            static_cast<double>(points.size()) / static_cast<double>(values.count());
        const std::string kind = rate < 1 ? base::format("|ms|@{:.9g}", rate) : "|ms";
        for (const double each : points) add(base::format("{}:{:.9g}{}", name, each, kind));
    }

private:
    void add(const std::string& line) { datagrams_.add(line + tags_); }

    Datagrams& datagrams_;
    const StatsdShape& shape_;
    const record::Series& series_;
    std::string tags_;
};

}  // namespace

std::vector<Parcel> Statsd::encode(const Moment& moment) {
    std::vector<record::Aggregate> changes;
    std::vector<std::uint64_t> counts;
    for (std::size_t i = 0; i < moment.series.size(); ++i) {
        changes.push_back(changes_.of(moment, i));
        const auto* values = std::get_if<stats::Distribution>(&changes.back());
        counts.push_back(values == nullptr ? 0 : values->count());
    }
    const auto lines = shares(counts, shape_.lines_most);
    Datagrams datagrams;
    for (std::size_t i = 0; i < moment.series.size(); ++i) {
        if (is_empty(changes[i])) continue;
        const auto& series = moment.series[i];
        const std::string name = shape_.prefix + moment.spec_of(series).name;
        Lines writer(datagrams, shape_, series);
        std::visit(
            [&](const auto& change) {
                if constexpr (std::is_same_v<std::decay_t<decltype(change)>, stats::Distribution>) {
                    writer.write(name, change, lines[i]);
                } else {
                    writer.write(name, change);
                }
            },
            changes[i]);
        datagrams.reached(i + 1);
    }
    return datagrams.finish(moment.series.size());
}

void Statsd::taken(const SharedMoment& moment, const Parcel& parcel) {
    changes_.take(moment, parcel.first, parcel.last);
}

}  // namespace weir::telemetry
