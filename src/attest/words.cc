#include "attest/words.h"

#include <chrono>

#include "base/format.h"

namespace weir::attest {

std::string words_for(base::Nanos duration) {
    using std::chrono::duration_cast;
    const auto seconds = duration_cast<std::chrono::seconds>(duration).count();
    const auto minutes = seconds / 60;
    const auto hours = minutes / 60;
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
    std::string safe;
    for (const char c : text.substr(0, most)) {
        const auto byte = static_cast<unsigned char>(c);
        safe += byte < 0x20 || byte == 0x7f ? '?' : c;
    }
    return text.size() > most ? safe + "…" : safe;
}

std::string shown_digest(std::string_view sha256) {
    return base::format("sha256:{}…", shown(sha256.substr(0, 12)));
}

}  // namespace weir::attest
