#include "plan/condition.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/units.h"

namespace weir::plan {
namespace {

std::string percent(double share) {
    std::string text = base::format("{:.4f}", share * 100);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text + " %";
}

std::string subject(const Selection& selection) {
    if (!selection.request.empty()) return base::format("`{}`", selection.request);
    if (!selection.group.empty()) return base::format("group `{}`", selection.group);
    if (!selection.journey.empty()) return base::format("journey `{}`", selection.journey);
    return "all requests";
}

base::Error unreadable(std::string_view text) {
    return {base::Code::invalid,
            base::format("condition '{}' cannot be read; write \"98 % of `dashboard` under 2 s\", "
                         "\"at most 1 % errors of `dashboard`\" or \"at least 99 % checks\"",
                         text)};
}

/// Words and `quoted names`; "%" is a word of its own.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    bool quoted = false;
    const auto finish = [&] {
        if (!word.empty()) words.push_back(std::exchange(word, {}));
    };
    for (const char c : text) {
        if (c == '`') {
            if (quoted) word += '`';
            if (!quoted) finish();
            if (!quoted) word.assign(1, '`');
            if (quoted) finish();
            quoted = !quoted;
        } else if (quoted) {
            word += c;
        } else if (c == ' ' || c == '\t') {
            finish();
        } else if (c == '%') {
            finish();
            words.emplace_back("%");
        } else {
            word += c;
        }
    }
    finish();
    return words;
}

std::optional<double> share_of(const std::string& word) {
    double value = 0;
    const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (failed != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    if (!(value >= 0 && value <= 100)) return std::nullopt;
    return value / 100;
}

/// "of `name`" at `at`, or nothing.
bool read_subject(const std::vector<std::string>& words, std::size_t& at, Selection& into) {
    if (at >= words.size() || words[at] != "of") return true;
    if (at + 1 >= words.size()) return false;
    const std::string& name = words[at + 1];
    if (name == "all" && at + 2 < words.size() && words[at + 2] == "requests") {
        at += 3;
        return true;
    }
    const bool quoted = name.size() >= 2 && name.front() == '`' && name.back() == '`';
    into.request = quoted ? name.substr(1, name.size() - 2) : name;
    at += 2;
    return !into.request.empty();
}

}  // namespace

std::string Condition::text() const {
    switch (kind) {
        case ConditionKind::share_under:
            return base::format("{} of {} under {}", percent(share), subject(selection),
                                base::write_duration(limit));
        case ConditionKind::errors:
            return base::format("at most {} errors of {}", percent(share), subject(selection));
        case ConditionKind::checks:
            return base::format("at least {} checks of {}", percent(share), subject(selection));
    }
    return {};
}

base::Result<Condition> parse_condition(std::string_view text) {
    const auto words = words_of(text);
    Condition parsed;
    std::size_t at = 0;
    const bool bounded =
        words.size() > 2 && words[0] == "at" && (words[1] == "most" || words[1] == "least");
    if (bounded) at = 2;
    if (at + 1 >= words.size() || words[at + 1] != "%") return unreadable(text);
    const auto share = share_of(words[at]);
    if (!share) return unreadable(text);
    parsed.share = *share;
    at += 2;
    if (bounded) {
        const std::string what = at < words.size() ? words[at++] : "";
        if (words[1] == "most" && what == "errors")
            parsed.kind = ConditionKind::errors;
        else if (words[1] == "least" && what == "checks")
            parsed.kind = ConditionKind::checks;
        else
            return unreadable(text);
        if (!read_subject(words, at, parsed.selection) || at != words.size())
            return unreadable(text);
        return parsed;
    }
    if (!read_subject(words, at, parsed.selection)) return unreadable(text);
    if (at >= words.size() || words[at] != "under") return unreadable(text);
    std::string limit;
    for (++at; at < words.size(); ++at) limit += words[at];
    auto duration = base::parse_duration(limit);
    if (!duration.ok() || duration.value() <= base::Nanos{}) return unreadable(text);
    parsed.limit = duration.value();
    return parsed;
}

}  // namespace weir::plan
