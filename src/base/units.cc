#include "base/units.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

#include "base/format.h"

namespace weir::base {
namespace {

constexpr std::int64_t limit = Nanos::max().count();

struct Unit {
    std::string_view name;
    std::int64_t nanos;
};

// Longer names before those that they begin with. "d" is k6's.
constexpr std::array<Unit, 9> units{{{"ns", 1},
                                     {"us", 1'000},
                                     {"\u00b5s", 1'000},  // micro sign
                                     {"\u03bcs", 1'000},  // Greek mu
                                     {"ms", 1'000'000},
                                     {"s", 1'000'000'000},
                                     {"m", 60'000'000'000},
                                     {"h", 3'600'000'000'000},
                                     {"d", 86'400'000'000'000}}};

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

const Unit* unit_at(std::string_view text) noexcept {
    for (const Unit& unit : units) {
        if (text.starts_with(unit.name)) return &unit;
    }
    return nullptr;
}

/// "12.5" of `unit`, exactly; nothing when it does not fit.
std::optional<std::int64_t> scaled(std::string_view whole,
                                   std::string_view fraction,
                                   std::int64_t unit) noexcept {
    std::int64_t total = 0;
    for (const char digit : whole) {
        if (__builtin_mul_overflow(total, 10, &total) ||
            __builtin_add_overflow(total, digit - '0', &total)) {
            return std::nullopt;
        }
    }
    if (__builtin_mul_overflow(total, unit, &total)) return std::nullopt;
    std::int64_t place = unit;
    for (const char digit : fraction) {
        place /= 10;
        if (__builtin_add_overflow(total, place * (digit - '0'), &total)) return std::nullopt;
    }
    return total;
}

Error unreadable(std::string_view text, std::string_view why) {
    return {Code::invalid,
            format("duration '{}': {}; write it as 1m30s, 1.5h or 200ms, or as a bare "
                   "number of milliseconds",
                   text, why)};
}

std::optional<Nanos> bare_milliseconds(std::string_view text) noexcept {
    double ms = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, ms);
    if (error != std::errc() || stop != end || !(std::abs(ms) < 9.2e12)) return std::nullopt;
    return from_ms(ms);
}

/// Up to nine digits of a fraction without its trailing zeros, with the point; or nothing.
std::string fraction_text(std::uint64_t value, unsigned digits) {
    if (value == 0) return {};
    std::string made = format("{:0{}}", value, digits);
    made.erase(made.find_last_not_of('0') + 1);
    return "." + made;
}

}  // namespace

Result<Nanos> parse_duration(std::string_view text) {
    if (text.empty()) return unreadable(text, "nothing there");
    if (const auto bare = bare_milliseconds(text)) return *bare;

    std::string_view rest = text;
    const bool negative = rest.front() == '-';
    if (negative || rest.front() == '+') rest.remove_prefix(1);
    if (rest.empty()) return unreadable(text, "no number");
    std::int64_t total = 0;
    while (!rest.empty()) {
        std::size_t digits = 0;
        while (digits < rest.size() && is_digit(rest[digits])) ++digits;
        const std::string_view whole = rest.substr(0, digits);
        rest.remove_prefix(digits);
        std::string_view fraction;
        if (rest.starts_with('.')) {
            digits = 1;
            while (digits < rest.size() && is_digit(rest[digits])) ++digits;
            fraction = rest.substr(1, digits - 1);
            rest.remove_prefix(digits);
        }
        if (whole.empty() && fraction.empty()) return unreadable(text, "a number was expected");
        const Unit* const unit = unit_at(rest);
        if (unit == nullptr)
            return unreadable(text, "a unit (ns, us, ms, s, m, h, d) was expected");
        rest.remove_prefix(unit->name.size());
        const auto part = scaled(whole, fraction, unit->nanos);
        if (!part || __builtin_add_overflow(total, *part, &total)) {
            return unreadable(text, format("longer than {} hours", limit / 3'600'000'000'000));
        }
    }
    return Nanos(negative ? -total : total);
}

std::string write_duration(Nanos duration) {
    const std::int64_t count = duration.count();
    if (count == 0) return "0s";
    // Through unsigned, since the shortest duration has no positive counterpart.
    const auto u =
        count < 0 ? 0U - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
    const std::string sign = count < 0 ? "-" : "";
    if (u < 1'000) return format("{}{}ns", sign, u);
    if (u < 1'000'000) return format("{}{}{}\u00b5s", sign, u / 1'000, fraction_text(u % 1'000, 3));
    if (u < 1'000'000'000) {
        return format("{}{}{}ms", sign, u / 1'000'000, fraction_text(u % 1'000'000, 6));
    }
    const std::uint64_t seconds = u / 1'000'000'000;
    const std::string tail = format("{}{}s", seconds % 60, fraction_text(u % 1'000'000'000, 9));
    if (seconds < 60) return sign + tail;
    if (seconds < 3600) return format("{}{}m{}", sign, seconds / 60, tail);
    return format("{}{}h{}m{}", sign, seconds / 3600, seconds / 60 % 60, tail);
}

Result<std::uint64_t> parse_bytes(std::string_view text) {
    struct Size {
        std::string_view name;
        std::uint64_t bytes;
    };
    constexpr std::array sizes{Size{"", 1},
                               Size{"B", 1},
                               Size{"kB", 1'000},
                               Size{"KB", 1'000},
                               Size{"MB", 1'000'000},
                               Size{"GB", 1'000'000'000},
                               Size{"TB", 1'000'000'000'000},
                               Size{"KiB", 1ULL << 10},
                               Size{"MiB", 1ULL << 20},
                               Size{"GiB", 1ULL << 30},
                               Size{"TiB", 1ULL << 40}};
    std::uint64_t count = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
    std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    while (unit.starts_with(' ')) unit.remove_prefix(1);
    for (const auto& each : sizes) {
        std::uint64_t bytes = 0;
        if (failed != std::errc{} || each.name != unit) continue;
        if (!__builtin_mul_overflow(count, each.bytes, &bytes)) return bytes;
    }
    return Error{Code::invalid, format("'{}' is no size; write \"512 MiB\" or \"1 GB\"", text)};
}

std::string write_bytes(std::uint64_t bytes) {
    constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB"};
    std::size_t unit = 0;
    while (bytes > 0 && bytes % 1024 == 0 && unit + 1 < units.size()) {
        bytes /= 1024;
        unit += 1;
    }
    return format("{}{}", bytes, units[unit]);
}

}  // namespace weir::base
