#include "plan/condition.h"

#include <charconv>
#include <optional>
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

/// Empty when nothing narrows it.
std::string words_of(const Selection& selection) {
    std::string words;
    const auto add = [&words](std::string_view before, std::string_view name) {
        if (!words.empty()) words += ' ';
        words += base::format("{}`{}`", before, name);
    };
    if (!selection.request.empty()) add("", selection.request);
    const std::string_view in = words.empty() ? "" : "in ";
    if (!selection.journey.empty()) add(base::format("{}journey ", in), selection.journey);
    if (!selection.group.empty()) {
        const std::string_view group = selection.group;
        add(base::format("{}group ", in), group.starts_with("::") ? group.substr(2) : group);
    }
    for (const auto& [key, value] : selection.tags) {
        add(words.empty() ? "tag " : "with tag ", key + "=" + value);
    }
    return words;
}

/// Words and `quoted names`; "%" is a word of its own.
struct Word {
    std::string text;
    bool quoted = false;
};

/// Nothing when a ` is not closed.
std::optional<std::vector<Word>> words_in(std::string_view text) {
    std::vector<Word> words;
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == ' ' || c == '\t') {
            at += 1;
        } else if (c == '%') {
            words.push_back({"%"});
            at += 1;
        } else if (c == '`') {
            const auto end = text.find('`', at + 1);
            if (end == std::string_view::npos) return std::nullopt;
            words.push_back({std::string(text.substr(at + 1, end - at - 1)), true});
            at = end + 1;
        } else {
            const auto end = text.find_first_of(" \t%`", at);
            words.push_back({std::string(text.substr(at, end - at))});
            at = std::min(end, text.size());
        }
    }
    return words;
}

/// Reads one condition, a word at a time. Each step is true when it could be taken.
class Reader {
public:
    explicit Reader(std::vector<Word> words) : words_(std::move(words)) {}

    [[nodiscard]] bool read(Condition& into) {
        if (take("at")) {
            if (take("most")) {
                into.kind = ConditionKind::errors;
                return share(into) && take("errors") && of_selection(into) && done();
            }
            return take("least") && share(into) && rate_or_checks(into) && done();
        }
        return share(into) && take("of") && selection(into.selection) && take("under") &&
               duration(into.limit);
    }

    /// What reading got stuck at.
    [[nodiscard]] std::string place() const {
        return at_ < words_.size() ? base::format("at '{}'", words_[at_].text) : "at its end";
    }

private:
    [[nodiscard]] bool done() const { return at_ == words_.size(); }
    [[nodiscard]] bool sees(std::string_view word) const {
        return at_ < words_.size() && !words_[at_].quoted && words_[at_].text == word;
    }
    bool take(std::string_view word) {
        if (!sees(word)) return false;
        at_ += 1;
        return true;
    }

    bool share(Condition& into) {
        if (done() || words_[at_].quoted) return false;
        const std::string& word = words_[at_].text;
        double value = 0;
        const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (failed != std::errc{} || end != word.data() + word.size()) return false;
        if (!(value >= 0 && value <= 100)) return false;
        at_ += 1;
        into.share = value / 100;
        return take("%");
    }

    bool rate_or_checks(Condition& into) {
        if (take("checks")) {
            into.kind = ConditionKind::checks;
            return of_selection(into);
        }
        into.kind = ConditionKind::rate;
        if (!take("of") || !take("the") || !take("rate")) return false;
        if (done()) return true;
        return (take("of") || take("in")) && take("journey") && name(into.selection.journey);
    }

    bool of_selection(Condition& into) {
        return done() || (take("of") && selection(into.selection));
    }

    bool name(std::string& into) {
        if (done() || words_[at_].text.empty() || !into.empty()) return false;
        into = words_[at_++].text;
        return true;
    }

    /// "all requests", or any of its parts; each once, tags any number of times.
    bool selection(Selection& into) {
        if (take("all")) return take("requests") && narrowings(into);
        if (!sees_narrowing() && !name(into.request)) return false;
        return narrowings(into);
    }
    [[nodiscard]] bool sees_narrowing() const {
        // A request may be called `tag`: a narrowing has a name behind it.
        const bool named =
            at_ + 1 < words_.size() && (words_[at_ + 1].quoted || words_[at_ + 1].text != "under");
        return named && (sees("journey") || sees("group") || sees("tag"));
    }
    bool narrowings(Selection& into) {
        while (!done() && !sees("under")) {
            if (!take("in")) take("with");
            if (take("journey")) {
                if (!name(into.journey)) return false;
            } else if (take("group")) {
                if (!name(into.group)) return false;
                if (!into.group.starts_with("::")) into.group.insert(0, "::");
            } else if (!take("tag") || !tag(into)) {
                return false;
            }
        }
        return true;
    }
    bool tag(Selection& into) {
        if (done()) return false;
        const std::string& pair = words_[at_].text;
        const auto equals = pair.find('=');
        if (equals == 0 || equals == std::string::npos) return false;
        at_ += 1;
        return into.tags.emplace(pair.substr(0, equals), pair.substr(equals + 1)).second;
    }

    bool duration(base::Nanos& into) {
        std::string text;
        for (auto at = at_; at < words_.size(); ++at) text += words_[at].text;
        const auto parsed = base::parse_duration(text);
        // A bare number would be milliseconds, which nobody means who writes "under 2".
        if (text.find_first_not_of("0123456789.") == std::string::npos) return false;
        if (!parsed.ok() || parsed.value() <= base::Nanos{}) return false;
        into = parsed.value();
        return true;
    }

    std::vector<Word> words_;
    std::size_t at_ = 0;
};

base::Error unreadable(std::string_view text, std::string_view where) {
    return {
        base::Code::invalid,
        base::format("condition '{}' cannot be read {}; write \"98 % of `dashboard` under 2 s\","
                     " \"at most 1 % errors of `dashboard`\", \"at least 99 % checks\" or \"at "
                     "least 95 % of the rate\"",
                     text, where)};
}

}  // namespace

std::string Condition::text() const {
    const std::string what = words_of(selection);
    const std::string of_what = what.empty() ? "" : " of " + what;
    switch (kind) {
        case ConditionKind::share_under:
            return base::format("{} of {} under {}{}", percent(share),
                                what.empty() ? "all requests" : what, base::write_duration(limit),
                                errors_count ? "" : " (errors aside)");
        case ConditionKind::errors:
            return base::format("at most {} errors{}", percent(share), of_what);
        case ConditionKind::checks:
            return base::format("at least {} checks{}", percent(share), of_what);
        case ConditionKind::rate:
            return base::format("at least {} of the rate{}", percent(share), of_what);
    }
    return {};
}

base::Result<Condition> parse_condition(std::string_view text) {
    auto words = words_in(text);
    if (!words) return unreadable(text, "for a ` that is not closed");
    Reader reader(std::move(*words));
    Condition parsed;
    if (!reader.read(parsed)) return unreadable(text, reader.place());
    return parsed;
}

}  // namespace weir::plan
