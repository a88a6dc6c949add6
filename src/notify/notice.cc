#include "notify/notice.h"

#include <array>
#include <utility>

#include "base/format.h"
#include "base/json.h"
#include "record/wall_text.h"

namespace weir::notify {
namespace {

using KindWord = std::pair<NoticeKind, std::string_view>;
constexpr std::array kind_words{KindWord{NoticeKind::run_started, "run-started"},
                                KindWord{NoticeKind::verdict, "verdict"},
                                KindWord{NoticeKind::bypass_requested, "bypass-requested"},
                                KindWord{NoticeKind::bypass_approved, "bypass-approved"},
                                KindWord{NoticeKind::bypass_refused, "bypass-refused"},
                                KindWord{NoticeKind::bypass_revoked, "bypass-revoked"},
                                KindWord{NoticeKind::bypass_used, "bypass-used"},
                                KindWord{NoticeKind::bypass_expired, "bypass-expired"},
                                KindWord{NoticeKind::debt, "debt"},
                                KindWord{NoticeKind::debt_cleared, "debt-cleared"}};

using ToneWord = std::pair<Tone, std::string_view>;
constexpr std::array tone_words{ToneWord{Tone::plain, "plain"}, ToneWord{Tone::good, "good"},
                                ToneWord{Tone::bad, "bad"}, ToneWord{Tone::warning, "warning"}};

template <typename Words, typename Value>
std::string_view word_in(const Words& words, Value value) noexcept {
    for (const auto& [each, word] : words) {
        if (each == value) return word;
    }
    return {};
}

template <typename Words, typename Value>
base::Result<void> value_in(const Words& words, std::string_view word, Value& into) {
    for (const auto& [value, each] : words) {
        if (each != word) continue;
        into = value;
        return {};
    }
    return base::Error{base::Code::invalid, base::format("'{}' is no kind of notice", word)};
}

}  // namespace

std::string_view word_of(NoticeKind kind) noexcept {
    return word_in(kind_words, kind);
}

std::string encode(const Notice& notice) {
    base::Json facts = base::Json::array();
    for (const auto& fact : notice.facts) {
        facts.push_back({{"name", fact.name}, {"value", fact.value}});
    }
    const base::Json document{{"kind", word_of(notice.kind)},
                              {"tone", word_in(tone_words, notice.tone)},
                              {"at", record::to_text(notice.at)},
                              {"suite", notice.suite},
                              {"environment", notice.environment},
                              {"run_id", notice.run_id},
                              {"headline", notice.headline},
                              {"facts", facts},
                              {"link", notice.link}};
    return base::write_json(document);
}

base::Result<Notice> decode(std::string_view json) {
    TRY(const auto document, base::parse_json(json));
    if (!document.is_object()) {
        return base::Error{base::Code::invalid, "a notice is a JSON object"};
    }
    Notice notice;
    TRY_VOID(value_in(kind_words, base::text_or(document, "kind", ""), notice.kind));
    TRY_VOID(value_in(tone_words, base::text_or(document, "tone", ""), notice.tone));
    TRY(notice.at, record::wall_from_text(base::text_or(document, "at", "")));
    notice.suite = base::text_or(document, "suite", "");
    notice.environment = base::text_or(document, "environment", "");
    notice.run_id = base::text_or(document, "run_id", "");
    notice.headline = base::text_or(document, "headline", "");
    notice.link = base::text_or(document, "link", "");
    if (!document.contains("facts") || !document.at("facts").is_array()) return notice;
    for (const auto& fact : document.at("facts")) {
        notice.facts.push_back({base::text_or(fact, "name", ""), base::text_or(fact, "value", "")});
    }
    return notice;
}

}  // namespace weir::notify
