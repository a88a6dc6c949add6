#include "attest/words.h"

#include <algorithm>
#include <chrono>

#include "base/format.h"

namespace weir::attest {

std::string words_for(base::Nanos duration) {
    using std::chrono::duration_cast;
    const auto seconds = duration_cast<std::chrono::seconds>(duration).count();
    const auto minutes = seconds / 60;
    const auto hours = minutes / 60;
    if (duration < std::chrono::seconds(1)) {
        return base::format("{} ms", duration_cast<std::chrono::milliseconds>(duration).count());
    }
    if (minutes < 1) return base::format("{} s", seconds);
    if (hours < 1) return base::format("{} min", minutes);
    if (hours < 48) {
        return minutes % 60 == 0 ? base::format("{} h", hours)
                                 : base::format("{} h {} min", hours, minutes % 60);
    }
    return base::format("{} days", hours / 24);
}

std::string shown(std::string_view text) {
    constexpr std::size_t most = 120;
    std::size_t end = std::min(text.size(), most);
    // Not within a character of several bytes (UTF-8).
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) >> 6U) == 2U) {
        --end;
    }
    std::string safe;
    for (const char c : text.substr(0, end)) {
        const auto byte = static_cast<unsigned char>(c);
        safe += byte < 0x20 || byte == 0x7f ? '?' : c;
    }
    return end < text.size() ? safe + "…" : safe;
}

std::string shown_digest(std::string_view sha256) {
    return base::format("sha256:{}…", shown(sha256.substr(0, 12)));
}

}  // namespace weir::attest
