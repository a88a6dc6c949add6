// AlertMatcher: what Alertmanager's matchers say of an alert's labels: namespace="preprod".
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace weir::plan {

class AlertPattern;

/// Source: prometheus.io/docs/alerting/latest/configuration, "Matcher": `=`, `!=`, `=~`, `!~`;
/// expressions are RE2's and must match the whole value; an absent label is one without a value.
class AlertMatcher {
public:
    enum class Kind : std::uint8_t { equal, not_equal, matches, not_matches };

    /// `label="value"`, with or without the quotes; in quotes `\"`, `\\` and `\n` are escapes.
    [[nodiscard]] static base::Result<AlertMatcher> parse(std::string_view text);

    [[nodiscard]] const std::string& label() const noexcept { return label_; }
    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] const std::string& value() const noexcept { return value_; }
    [[nodiscard]] bool is_equality() const noexcept { return kind_ == Kind::equal; }

    /// `value`: the label's, "" when the alert has none.
    [[nodiscard]] bool holds(std::string_view value) const;
    /// As Alertmanager writes it.
    [[nodiscard]] std::string text() const;

private:
    std::string label_;
    std::string value_;
    Kind kind_ = Kind::equal;
    std::shared_ptr<const AlertPattern> pattern_;  // of the two kinds that have one
};

using AlertMatchers = std::vector<AlertMatcher>;
/// "" for a label that is not there.
using LabelLookup = std::function<std::string_view(std::string_view label)>;

/// All of them hold. False when there are none: nothing said is nothing meant.
[[nodiscard]] bool all_hold(const AlertMatchers& matchers, const LabelLookup& label_of);

/// Whether such matchers pick out one environment's alerts: one of them is an equality whose value
/// has `name` as a word of its own ("preprod" in "cases-preprod", not in "cases-preprod2"). The
/// error says what else they could match.
[[nodiscard]] base::Result<void> check_names(const AlertMatchers& matchers, std::string_view name);

/// The text calls something production: "prod", "production", "live" or "prd" is a word of it, and
/// no "pre", "non" or "not" stands before.
[[nodiscard]] bool names_production(std::string_view text);

}  // namespace weir::plan
