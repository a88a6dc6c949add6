// Notice: something that happened at the gate and that people should hear of; a value without
// secrets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace weir::notify {

enum class NoticeKind : std::uint8_t {
    run_started,
    verdict,
    bypass_requested,
    bypass_approved,
    bypass_refused,
    bypass_revoked,
    bypass_used,
    bypass_expired,
    debt,          // a used bypass is still to be made good
    debt_cleared,  // the condition that was passed over holds again
};
/// "bypass-used"; what the outbox and tags call it.
[[nodiscard]] std::string_view word_of(NoticeKind kind) noexcept;

/// How people should take it; colours and signs follow from it.
enum class Tone : std::uint8_t { plain, good, bad, warning };

/// A line below the headline: "commit", "3f2a9c1".
struct NoticeFact {
    std::string name;
    std::string value;
    [[nodiscard]] bool operator==(const NoticeFact&) const = default;
};

/// Plain UTF-8 text throughout: what a channel gives a meaning to (`<`, `&`, `*`) is escaped by
/// whoever renders for it. The sender has redacted secrets.
struct Notice {
    NoticeKind kind = NoticeKind::run_started;
    Tone tone = Tone::plain;
    base::WallTime at{};
    std::string suite;
    std::string environment;
    std::string run_id;             // empty: of no run
    std::string headline;           // one sentence
    std::vector<NoticeFact> facts;  // in this order
    std::string link;               // http(s) address with more; empty: none
    [[nodiscard]] bool operator==(const Notice&) const = default;
};

/// One JSON object; decode(encode(n)) == n. The error says what is missing or wrong.
[[nodiscard]] std::string encode(const Notice& notice);
[[nodiscard]] base::Result<Notice> decode(std::string_view json);

}  // namespace weir::notify
