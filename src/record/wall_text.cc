#include "record/wall_text.h"

#include <charconv>
#include <chrono>
#include <cstdint>

#include "base/format.h"

namespace weir::record {
namespace {

/// The digits at `at`, `length` of them; false when they are not digits.
bool number_at(std::string_view text, std::size_t at, std::size_t length, std::int64_t& number) {
    const char* first = text.data() + at;
    const auto [end, error] = std::from_chars(first, first + length, number);
    return error == std::errc{} && end == first + length && number >= 0;
}

}  // namespace

std::string to_text(base::WallTime wall) {
    const auto day = std::chrono::floor<std::chrono::days>(wall);
    const std::chrono::year_month_day date(day);
    const std::int64_t nanos = (wall - day).count();
    const std::int64_t seconds = nanos / 1'000'000'000;
    return base::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                        seconds / 3600, seconds / 60 % 60, seconds % 60, nanos % 1'000'000'000);
}

base::Result<base::WallTime> wall_from_text(std::string_view text) {
    const base::Error bad{
        base::Code::invalid,
        base::format("\"{}\" is not a time such as 2026-11-23T23:50:54.000000001Z", text)};
    constexpr std::string_view form = "0000-00-00T00:00:00.000000000Z";
    if (text.size() != form.size()) return bad;
    for (std::size_t i = 0; i < form.size(); ++i) {
        if (form[i] != '0' && text[i] != form[i]) return bad;
    }
    std::int64_t year = 0;
    std::int64_t month = 0;
    std::int64_t day = 0;
    std::int64_t hour = 0;
    std::int64_t minute = 0;
    std::int64_t second = 0;
    std::int64_t nanos = 0;
    if (!number_at(text, 0, 4, year) || !number_at(text, 5, 2, month) ||
        !number_at(text, 8, 2, day) || !number_at(text, 11, 2, hour) ||
        !number_at(text, 14, 2, minute) || !number_at(text, 17, 2, second) ||
        !number_at(text, 20, 9, nanos)) {
        return bad;
    }
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    // Nanoseconds since 1970 fit 64 bits from 1678 to 2262 only.
    if (!date.ok() || year < 1678 || year > 2261 || hour > 23 || minute > 59 || second > 59) {
        return bad;
    }
    return base::WallTime(std::chrono::sys_days(date).time_since_epoch() +
                          std::chrono::hours(hour) + std::chrono::minutes(minute) +
                          std::chrono::seconds(second) + base::Nanos(nanos));
}

}  // namespace weir::record
