#include "plan/practical_threshold.h"

#include <charconv>
#include <optional>

#include "base/format.h"
#include "base/units.h"

namespace weir::plan {
namespace {

base::Error not_understood(std::string_view part) {
    return {
        base::Code::invalid,
        base::format("\"{}\" is no threshold: write \"20% and 50ms\", \"5%\" or \"10ms\"", part)};
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// "2.5 %": the share.
std::optional<double> percent(std::string_view text) {
    text = trimmed(text.substr(0, text.size() - 1));
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [read, failed] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
    if (failed != std::errc{} || read != end || !(value >= 0 && value <= 1e6)) return std::nullopt;
    return value / 100;
}

}  // namespace

base::Result<PracticalThreshold> parse_slower_than(std::string_view text) {
    PracticalThreshold threshold{.relative = 0, .absolute = {}};
    std::string_view rest = text;
    while (true) {
        const auto joint = rest.find(" and ");
        const std::string_view part = trimmed(rest.substr(0, joint));
        if (part.empty()) return not_understood(text);
        if (part.back() == '%') {
            const auto share = percent(part);
            if (!share) return not_understood(part);
            threshold.relative = *share;
        } else {
            const auto duration = base::parse_duration(part);
            const bool bare = part.back() >= '0' && part.back() <= '9';  // percent, or what?
            if (bare || !duration.ok() || duration.value() < base::Nanos{})
                return not_understood(part);
            threshold.absolute = duration.value();
        }
        if (joint == std::string_view::npos) return threshold;
        rest.remove_prefix(joint + 5);
    }
}

std::string threshold_words(const PracticalThreshold& threshold) {
    const std::string relative = base::format("{} %", threshold.relative * 100);
    if (threshold.absolute == base::Nanos{}) return "more than " + relative;
    const std::string absolute = base::write_duration(threshold.absolute);
    if (threshold.relative <= 0) return "more than " + absolute;
    return base::format("more than {} and {}", relative, absolute);
}

}  // namespace weir::plan
