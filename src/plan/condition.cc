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
        if (!statement(into)) return false;
        const bool whole =
            into.kind == ConditionKind::rate || into.kind == ConditionKind::generator;
        return (whole || scope(into)) && done();
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

    static std::optional<double> number_in(std::string_view text) {
        double value = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        return value;
    }
    bool number(double& into) {
        if (done() || words_[at_].quoted) return false;
        const auto value = number_in(words_[at_].text);
        if (!value) return false;
        into = *value;
        at_ += 1;
        return true;
    }
    bool share(Condition& into) {
        double percent = 0;
        if (!number(percent) || !(percent >= 0 && percent <= 100)) return false;
        into.share = percent / 100;
        return take("%");
    }

    bool statement(Condition& into) {
        if (take("at")) return take("most") ? at_most(into) : take("least") && at_least(into);
        if (take("generator")) return generator(into);
        if (take("mean")) {
            into.kind = ConditionKind::mean_under;
            return time_of(into);
        }
        return (quantile(into) || share(into)) && time_of(into);
    }
    bool time_of(Condition& into) {
        return take("of") && selection(into.selection) && take("under") && duration(into.limit);
    }
    bool at_most(Condition& into) {
        if (!share(into)) return false;
        into.kind = ConditionKind::errors;
        if (take("status")) {
            into.kind = ConditionKind::status;
            return status(into.status) && of_selection(into);
        }
        return take("errors") && of_selection(into);
    }
    bool at_least(Condition& into) {
        const std::size_t before = at_;
        if (number(into.least) && take("requests") && take("per") && take("second")) {
            into.kind = ConditionKind::flow;
            return into.least > 0 && of_selection(into);
        }
        at_ = before;
        into.least = 0;
        return share(into) && rate_or_checks(into);
    }

    /// "p98", "p99.9"
    bool quantile(Condition& into) {
        if (done() || words_[at_].quoted || !words_[at_].text.starts_with('p')) return false;
        const auto percent = number_in(std::string_view(words_[at_].text).substr(1));
        if (!percent || *percent <= 0 || *percent >= 100) return false;
        at_ += 1;
        into.share = *percent / 100;
        into.as_quantile = true;
        return true;
    }

    /// "404", "5xx"
    bool status(std::string& into) {
        if (done() || words_[at_].quoted) return false;
        const std::string& word = words_[at_].text;
        const bool fits = word.size() == 3 && word[0] >= '1' && word[0] <= '5' &&
                          word.find_first_not_of("0123456789x") == std::string::npos;
        if (!fits) return false;
        into = word;
        at_ += 1;
        return true;
    }

    bool generator(Condition& into) {
        into.kind = ConditionKind::generator;
        const auto is = [&](std::string_view word, GeneratorFigure figure) {
            if (!take(word)) return false;
            into.figure = figure;
            return true;
        };
        if (is("cpu", GeneratorFigure::cpu) || is("late", GeneratorFigure::late)) {
            return take("under") && share(into);
        }
        if (is("stall", GeneratorFigure::stall)) return take("under") && duration(into.limit);
        return is("memory", GeneratorFigure::memory) && take("under") && bytes(into.least);
    }

    bool bytes(double& into) {
        std::string text;
        while (!done()) text += words_[at_++].text;
        const auto parsed = base::parse_bytes(text);
        if (!parsed.ok() || parsed.value() == 0) return false;
        into = static_cast<double>(parsed.value());
        return true;
    }

    /// "over 30 s", "in each step", or nothing.
    bool scope(Condition& into) {
        if (take("over")) return duration(into.over);
        if (!take("in")) return true;
        into.each_step = take("each") && take("step");
        return into.each_step;
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

    /// Whether a scope ("over 30 s", "in each step") begins here.
    [[nodiscard]] bool sees_scope() const {
        if (sees("over")) return true;
        return sees("in") && at_ + 1 < words_.size() && words_[at_ + 1].text == "each";
    }
    bool of_selection(Condition& into) {
        return done() || sees_scope() || (take("of") && selection(into.selection));
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
        while (!done() && !sees("under") && !sees_scope()) {
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
        while (!done() && !sees_scope()) text += words_[at_++].text;
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

std::string generator_text(const Condition& condition) {
    switch (condition.figure) {
        case GeneratorFigure::cpu:
            return "generator cpu under " + percent(condition.share);
        case GeneratorFigure::late:
            return "generator late under " + percent(condition.share);
        case GeneratorFigure::stall:
            return "generator stall under " + base::write_duration(condition.limit);
        case GeneratorFigure::memory:
            return "generator memory under " +
                   base::write_bytes(static_cast<std::uint64_t>(condition.least));
    }
    return {};
}

std::string statement_of(const Condition& condition) {
    const std::string words = words_of(condition.selection);
    const std::string of_what = words.empty() ? "" : " of " + words;
    const std::string_view what = words.empty() ? std::string_view("all requests") : words;
    const auto share = percent(condition.share);
    switch (condition.kind) {
        case ConditionKind::share_under:
            return base::format(
                "{} of {} under {}",
                condition.as_quantile ? base::format("p{:g}", condition.share * 100) : share, what,
                base::write_duration(condition.limit));
        case ConditionKind::errors:
            return base::format("at most {} errors{}", share, of_what);
        case ConditionKind::checks:
            return base::format("at least {} checks{}", share, of_what);
        case ConditionKind::rate:
            return base::format("at least {} of the rate{}", share, of_what);
        case ConditionKind::mean_under:
            return base::format("mean of {} under {}", what, base::write_duration(condition.limit));
        case ConditionKind::flow:
            return base::format("at least {:g} requests per second{}", condition.least, of_what);
        case ConditionKind::status:
            return base::format("at most {} status {}{}", share, condition.status, of_what);
        case ConditionKind::generator:
            return generator_text(condition);
    }
    return {};
}

base::Error unreadable(std::string_view text, std::string_view where) {
    return {base::Code::invalid,
            base::format(
                "condition '{}' cannot be read {}; write \"98 % of `dashboard` under 2 s\","
                " \"at most 1 % errors of `dashboard`\", \"at least 99 % checks\" or one of the "
                "other forms in docs/formats/weir-toml.md",
                text, where)};
}

}  // namespace

std::string Condition::text() const {
    std::string text = statement_of(*this);
    if (over > base::Nanos{}) text += " over " + base::write_duration(over);
    if (each_step) text += " in each step";
    if (kind == ConditionKind::share_under && !errors_count) text += " (errors aside)";
    return text;
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
