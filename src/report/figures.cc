#include "report/figures.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/format.h"

namespace weir::report {
namespace {

std::string trimmed(std::string text) {
    if (text.find('.') == std::string::npos) return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

}  // namespace

std::string duration_text(double ms, std::string_view unit) {
    if (unit == "s") return trimmed(base::format("{:.6f}", ms / 1e3)) + "s";
    if (unit == "ms") return trimmed(base::format("{:.6f}", ms)) + "ms";
    if (unit == "us") return trimmed(base::format("{:.6f}", ms * 1e3)) + "µs";
    const double absolute = std::fabs(ms);
    if (absolute == 0) return "0s";
    if (absolute < 1e-3) return trimmed(base::format("{:.0f}", ms * 1e6)) + "ns";
    if (absolute < 1) return trimmed(base::format("{:.2f}", ms * 1e3)) + "µs";
    if (absolute < 1e3) return trimmed(base::format("{:.2f}", ms)) + "ms";
    if (absolute < 60e3) return trimmed(base::format("{:.2f}", ms / 1e3)) + "s";
    const auto minutes = static_cast<long>(absolute / 60e3);
    const double seconds = absolute / 1e3 - static_cast<double>(minutes) * 60;
    return base::format("{}{}m{:.0f}s", ms < 0 ? "-" : "", minutes, std::floor(seconds));
}

std::string bytes_text(double bytes) {
    constexpr std::array<std::string_view, 5> units{"B", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    while (bytes >= 1000 && unit + 1 < units.size()) {
        bytes /= 1000;
        unit += 1;
    }
    if (unit == 0) return base::format("{:.0f} B", bytes);
    return base::format("{:.{}f} {}", bytes, bytes < 10 ? 1 : 0, units[unit]);
}

std::string number_text(double value) {
    if (value == std::floor(value) && std::fabs(value) < 1e15) return base::format("{:.0f}", value);
    return trimmed(base::format("{:.6f}", value));
}

std::string percent_text(double share) {
    return base::format("{:.2f}%", std::floor(share * 1e4) / 1e2);
}

std::string threshold_figure(const record::MetricSpec& spec,
                             const record::ThresholdResult& result,
                             std::string_view unit) {
    const auto name = result.source.substr(0, result.source.find_first_of(" <>=!"));
    if (spec.type == record::MetricType::rate) {
        return base::format("{}={}", name, percent_text(result.value));
    }
    const bool time = spec.contains == record::MetricContains::time;
    return base::format("{}={}", name,
                        time ? duration_text(result.value, unit) : number_text(result.value));
}

double trend_figure(const record::Selected& trend, std::string_view name) {
    if (name == "avg") return trend.avg();
    if (name == "min") return trend.min();
    if (name == "max") return trend.max();
    if (name == "med") return trend.med();
    if (name == "count") return trend.count();
    double percentile = 0;
    if (name.starts_with("p(") && name.ends_with(")")) {
        std::from_chars(name.data() + 2, name.data() + name.size() - 1, percentile);
    }
    return trend.quantile(percentile / 100);
}

std::string_view unit_word(record::FigureUnit unit) noexcept {
    using record::FigureUnit;
    switch (unit) {
        case FigureUnit::share:
            return "share";
        case FigureUnit::milliseconds:
            return "ms";
        case FigureUnit::per_second:
            return "per_second";
        case FigureUnit::plain:
            return "plain";
    }
    return "";
}

}  // namespace weir::report
