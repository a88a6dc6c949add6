#include "plan/notices/alert_matcher.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include <re2/re2.h>

#include "base/format.h"

namespace weir::plan {

class AlertPattern {
public:
    explicit AlertPattern(const std::string& text) : expression_(text, options()) {}
    [[nodiscard]] const RE2& expression() const noexcept { return expression_; }

private:
    static RE2::Options options() {
        RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(1 << 20);
        return options;
    }
    RE2 expression_;
};

namespace {

using base::Error;
using base::Result;
using Kind = AlertMatcher::Kind;

struct Sign {
    std::string_view text;
    Kind kind;
};
/// The longer ones first.
constexpr std::array signs{Sign{"=~", Kind::matches}, Sign{"!~", Kind::not_matches},
                           Sign{"!=", Kind::not_equal}, Sign{"=", Kind::equal}};

bool is_letter_or_digit(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const auto begin = text.find_first_not_of(space);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

Error no_matcher(std::string_view text, std::string_view why) {
    return {base::Code::invalid,
            base::format("'{}' is no matcher: {}; write one as namespace=\"preprod\", with =, !=, "
                         "=~ or !~",
                         text, why)};
}

/// The text between quotes, or as it stands.
std::optional<std::string> unquoted(std::string_view text) {
    if (!text.starts_with('"')) {
        if (text.find('"') != std::string_view::npos) return std::nullopt;
        return std::string(text);
    }
    std::string out;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            if (i + 1 == text.size()) return out;
            return std::nullopt;
        }
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        if (++i == text.size()) return std::nullopt;
        // What is no escape of these stands for itself, as in Alertmanager: \d of an expression.
        if (text[i] == 'n') {
            out += '\n';
        } else if (text[i] == '"' || text[i] == '\\') {
            out += text[i];
        } else {
            out += '\\';
            out += text[i];
        }
    }
    return std::nullopt;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    bool within = false;
    for (const char c : text) {
        if (!is_letter_or_digit(c)) {
            within = false;
            continue;
        }
        if (!std::exchange(within, true)) words.emplace_back();
        words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return words;
}

bool has_words(const std::vector<std::string>& text, const std::vector<std::string>& wanted) {
    return !wanted.empty() &&
           std::search(text.begin(), text.end(), wanted.begin(), wanted.end()) != text.end();
}

}  // namespace

Result<AlertMatcher> AlertMatcher::parse(std::string_view text) {
    const auto whole = trimmed(text);
    std::size_t end = 0;
    while (end < whole.size() && (is_letter_or_digit(whole[end]) || whole[end] == '_')) ++end;
    const bool named = end > 0 && std::isdigit(static_cast<unsigned char>(whole[0])) == 0;
    if (!named) return no_matcher(text, "it does not begin with a label's name");
    const auto rest = trimmed(whole.substr(end));
    AlertMatcher matcher;
    matcher.label_ = std::string(whole.substr(0, end));
    const auto* const sign = std::find_if(
        signs.begin(), signs.end(), [rest](const Sign& s) { return rest.starts_with(s.text); });
    if (sign == signs.end()) return no_matcher(text, "no sign follows the label's name");
    matcher.kind_ = sign->kind;
    auto value = unquoted(trimmed(rest.substr(sign->text.size())));
    if (!value) return no_matcher(text, "its quotes do not close, or stand within the value");
    matcher.value_ = std::move(*value);
    if (matcher.kind_ != Kind::matches && matcher.kind_ != Kind::not_matches) return matcher;
    auto pattern = std::make_shared<const AlertPattern>(matcher.value_);
    if (!pattern->expression().ok()) {
        return no_matcher(text, "its expression is wrong: " + pattern->expression().error());
    }
    matcher.pattern_ = std::move(pattern);
    return matcher;
}

bool AlertMatcher::holds(std::string_view value) const {
    switch (kind_) {
        case Kind::equal:
            return value == value_;
        case Kind::not_equal:
            return value != value_;
        case Kind::matches:
        case Kind::not_matches:
            break;
    }
    const re2::StringPiece piece(value.data(), value.size());
    return RE2::FullMatch(piece, pattern_->expression()) == (kind_ == Kind::matches);
}

std::string AlertMatcher::text() const {
    const auto* const sign =
        std::find_if(signs.begin(), signs.end(), [this](const Sign& s) { return s.kind == kind_; });
    std::string quoted;
    for (const char c : value_) {
        if (c == '"' || c == '\\') quoted += '\\';
        c == '\n' ? quoted.append("\\n") : quoted.append(1, c);
    }
    return base::format("{}{}\"{}\"", label_, sign->text, quoted);
}

bool all_hold(const AlertMatchers& matchers, const LabelLookup& label_of) {
    return !matchers.empty() &&
           std::all_of(matchers.begin(), matchers.end(), [&label_of](const AlertMatcher& each) {
               return each.holds(label_of(each.label()));
           });
}

Result<void> check_names(const AlertMatchers& matchers, std::string_view name) {
    const auto wanted = words_of(name);
    bool any = false;
    for (const auto& each : matchers) {
        if (!each.is_equality() || each.value().empty()) continue;
        any = true;
        if (has_words(words_of(each.value()), wanted)) return {};
    }
    if (!any) {
        return Error{
            base::Code::invalid,
            base::format("none of them is an equality such as namespace=\"{}\": they could "
                         "match alerts of any environment",
                         name)};
    }
    return Error{
        base::Code::invalid,
        base::format("no equality among them names '{0}': they could match alerts of another "
                     "environment. Add one such as namespace=\"cases-{0}\", or say with alert_name "
                     "what alerts call this environment",
                     name)};
}

bool names_production(std::string_view text) {
    const auto words = words_of(text);
    constexpr std::array<std::string_view, 4> production{"prod", "production", "live", "prd"};
    constexpr std::array<std::string_view, 3> not_it{"pre", "non", "not"};
    const auto among = [](const auto& list, std::string_view word) {
        return std::find(list.begin(), list.end(), word) != list.end();
    };
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!among(production, words[i])) continue;
        if (i == 0 || !among(not_it, words[i - 1])) return true;
    }
    return false;
}

}  // namespace weir::plan
