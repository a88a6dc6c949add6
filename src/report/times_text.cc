#include "report/times_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include "base/display.h"
#include "base/format.h"
#include "record/metric_view.h"
#include "record/server_timing.h"
#include "report/figures.h"

namespace weir::report {
namespace {

using stats::Histogram;

constexpr std::size_t rows_most = 5;
constexpr std::uint64_t answers_least = 10;
constexpr std::size_t name_most = 36;  // columns; beside it the bars still have room
constexpr double ns_per_ms = 1e6;

struct Row {
    std::string name;
    Histogram times;  // ns
    [[nodiscard]] double p95() const { return times.value_at_quantile(0.95); }
};

bool is_url(std::string_view name) {
    return name.find("://") != std::string_view::npos;
}

std::string row_name(const record::Tags& tags) {
    const std::string* const name = tags.find("name");
    if (name == nullptr) return {};
    const std::string shown = record::shown_request(*name);
    const std::string* const side = tags.find("side");
    return side == nullptr ? shown : base::format("{} ({})", shown, *side);
}

std::vector<Row> rows_of(const record::RunRecord& record) {
    std::vector<Row> rows;
    for (const auto& series : record.series) {
        const auto metric = static_cast<std::size_t>(series.metric);
        if (record.metrics[metric].name != "weir_response_time") continue;
        const auto* const times = std::get_if<stats::Distribution>(&series.total);
        const std::string* const step = series.tags.find("step");
        if (times == nullptr || (step != nullptr && *step == "sign_in")) continue;
        const std::string name = row_name(series.tags);
        if (name.empty()) continue;
        const auto known = std::find_if(rows.begin(), rows.end(),
                                        [&](const Row& row) { return row.name == name; });
        Row& row = known == rows.end() ? rows.emplace_back(Row{name, {}}) : *known;
        row.times.merge(times->positive());
    }
    std::erase_if(rows, [](const Row& row) { return row.times.count() < answers_least; });
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return a.p95() > b.p95(); });
    if (rows.size() > rows_most) rows.erase(rows.begin() + rows_most, rows.end());
    return rows;
}

std::size_t column_of(double value, const BarScale& scale) {
    const double place = std::log(std::max(value, scale.low) / scale.low) /
                         std::log(scale.high / scale.low) * static_cast<double>(scale.columns);
    return std::min(static_cast<std::size_t>(std::max(place, 0.0)), scale.columns - 1);
}

BarScale scale_of(const std::vector<Row>& rows, bool unicode) {
    BarScale scale{.unicode = unicode};
    scale.low = 1e300;
    scale.high = 1;
    for (const Row& row : rows) {
        scale.low = std::min(scale.low, std::max(static_cast<double>(row.times.min()), 1.0));
        scale.high = std::max(scale.high, static_cast<double>(row.times.max()));
    }
    // A doubling at least: noise is not to look like a shape.
    scale.high = std::max(scale.high, scale.low * 2);
    return scale;
}

std::string shown_name(const Row& row, bool unicode) {
    const std::string name = base::inert_line(row.name);
    return base::fit(unicode ? name : base::ascii(name), name_most, unicode ? "…" : "~");
}

std::size_t name_width(const std::vector<Row>& rows, bool unicode) {
    std::size_t widest = 0;
    for (const Row& row : rows) {
        widest = std::max(widest, base::display_width(shown_name(row, unicode)));
    }
    return widest;
}

std::string ms_text(double ns, bool unicode) {
    const std::string text = duration_text(ns / ns_per_ms, "");
    return unicode ? text : base::ascii(text);
}

}  // namespace

std::string bars_of(const Histogram& times, const BarScale& scale) {
    constexpr std::array<std::string_view, 9> pretty{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    constexpr std::array<std::string_view, 9> simple{" ", ".", ":", "-", "=", "+", "*", "#", "@"};
    const auto& heights = scale.unicode ? pretty : simple;
    std::vector<std::uint64_t> counts(scale.columns, 0);
    times.for_each([&](const Histogram::Bucket& bucket) {
        const double middle =
            static_cast<double>(bucket.low) + static_cast<double>(bucket.width - 1) / 2;
        counts[column_of(middle, scale)] += bucket.count;
    });
    const std::uint64_t most = *std::max_element(counts.begin(), counts.end());
    std::string out;
    for (const std::uint64_t count : counts) {
        const double share = most == 0 ? 0 : static_cast<double>(count) / static_cast<double>(most);
        const auto height =
            static_cast<std::size_t>(std::ceil(share * static_cast<double>(heights.size() - 1)));
        out += heights[height];
    }
    return out;
}

std::string marks_of(const Histogram& times, const BarScale& scale) {
    const std::string_view arrow = scale.unicode ? "↑" : "^";
    std::string out;
    std::size_t columns = 0;
    for (const auto& [name, q] :
         {std::pair{"50", 0.5}, std::pair{"95", 0.95}, std::pair{"99", 0.99}}) {
        const std::size_t column = column_of(times.value_at_quantile(q), scale);
        const bool apart = columns == 0 || column > columns;
        const std::size_t gap = apart ? column - columns : 0;
        out.append(gap, ' ').append(apart ? arrow : "/").append(name);
        columns += gap + 3;
    }
    return out;
}

std::string times_text(const record::RunRecord& record, bool unicode) {
    const auto rows = rows_of(record);
    if (rows.empty()) return {};
    const BarScale scale = scale_of(rows, unicode);
    std::string out = base::format("    response times by request, {} to {}, logarithmic\n",
                                   ms_text(scale.low, unicode), ms_text(scale.high, unicode));
    const std::size_t width = name_width(rows, unicode);
    for (const Row& row : rows) {
        const auto figure = [&](double q) {
            return ms_text(row.times.value_at_quantile(q), unicode);
        };
        out += base::format("    {}  {}  p50={} p95={} p99={}\n",
                            base::padded(shown_name(row, unicode), width),
                            bars_of(row.times, scale), figure(0.5), figure(0.95), figure(0.99));
        out += std::string(4 + width + 2, ' ') + marks_of(row.times, scale) + "\n";
    }
    return out;
}

std::string slowest_text(const record::Exchange& exchange) {
    const bool named = !exchange.name.empty() && !is_url(exchange.name);
    std::string text = base::format("{} {}", duration_text(base::to_ms(exchange.response_time), ""),
                                    base::inert_line(named ? exchange.name : exchange.url));
    if (exchange.status == 0) {
        text += ", no answer";
    } else if (exchange.status >= 400) {
        text += base::format(", status {}", exchange.status);
    }
    if (!exchange.trace_id.empty()) text += ", trace " + base::inert_line(exchange.trace_id);
    auto parts = record::parse_server_timing(exchange.server_timing);
    std::erase_if(parts, [](const auto& part) { return !part.ms; });
    std::stable_sort(parts.begin(), parts.end(),
                     [](const auto& a, const auto& b) { return *a.ms > *b.ms; });
    constexpr std::size_t parts_most = 3;
    for (std::size_t i = 0; i < parts.size() && i < parts_most; ++i) {
        text += base::format(", {} {}", base::inert_line(parts[i].name),
                             duration_text(*parts[i].ms, ""));
    }
    return text;
}

const record::Exchange* slowest_of(const record::Evidence& evidence, std::string_view request) {
    for (const auto& each : evidence.slowest) {
        if (request.empty() || each.name == request) return &each;
    }
    return nullptr;
}

}  // namespace weir::report
