#include "report/document/rounding.h"

#include <charconv>
#include <cmath>

#include "base/format.h"

namespace weir::report {

double rounded(double value, int digits) {
    if (!std::isfinite(value) || value == 0) return 0;
    const std::string text = base::format("{:.{}g}", value, digits);
    double back = 0;
    std::from_chars(text.data(), text.data() + text.size(), back);
    return back;
}

base::Json number(double value, int digits) {
    // Beyond this a double does not hold every whole number, and JavaScript neither.
    constexpr double whole_most = 9007199254740992.0;
    const double short_one = rounded(value, digits);
    if (short_one == std::floor(short_one) && std::fabs(short_one) < whole_most) {
        return static_cast<std::int64_t>(short_one);
    }
    return short_one;
}

base::Json milliseconds(base::Nanos span) {
    return number(base::to_ms(span));
}

base::Json seconds(base::Nanos span) {
    return number(base::to_seconds(span));
}

std::string shortened(const std::string& text, std::size_t most) {
    if (text.size() <= most) return text;
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end) + "…";
}

}  // namespace weir::report
