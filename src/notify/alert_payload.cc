#include "notify/alert_payload.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "base/format.h"
#include "base/json.h"

namespace weir::notify {
namespace {

using base::Error;
using base::Json;
using base::Result;

constexpr std::size_t depth_most = 64;

/// Brackets outside of texts: deeper documents are refused before anything recurses into them.
bool is_too_deep(std::string_view text) {
    std::size_t depth = 0;
    bool within_text = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (within_text) {
            if (c == '\\') ++i;
            if (c == '"') within_text = false;
        } else if (c == '"') {
            within_text = true;
        } else if (c == '{' || c == '[') {
            if (++depth > depth_most) return true;
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return false;
}

/// Nothing unless all of its values are texts.
std::optional<std::map<std::string, std::string>> texts_in(const Json& alert, const char* key) {
    std::map<std::string, std::string> texts;
    const auto found = alert.find(key);
    if (found == alert.end()) return texts;
    if (!found->is_object()) return std::nullopt;
    for (const auto& [name, value] : found->items()) {
        if (!value.is_string()) return std::nullopt;
        texts[name] = value.get<std::string>();
    }
    return texts;
}

std::optional<Alert> read(const Json& json) {
    if (!json.is_object()) return std::nullopt;
    auto labels = texts_in(json, "labels");
    auto annotations = texts_in(json, "annotations");
    const auto starts = parse_alert_time(base::text_or(json, "startsAt", ""));
    const auto status = base::text_or(json, "status", "");
    const bool known = status == "firing" || status == "resolved";
    if (!labels || labels->empty() || !annotations || !starts.ok() || !known) return std::nullopt;
    return Alert{.firing = status == "firing",
                 .labels = std::move(*labels),
                 .annotations = std::move(*annotations),
                 .starts = starts.value(),
                 .fingerprint = base::text_or(json, "fingerprint", "")};
}

std::string link_of(std::string link, const std::string& run_id) {
    constexpr std::string_view mark = "{run}";
    if (const auto at = link.find(mark); at != std::string::npos) {
        link.replace(at, mark.size(), run_id);
    }
    return link;
}

void put(const Cause& cause, const plan::AttributionRules& rules, Json& alert) {
    auto& labels = alert["labels"];
    if (!cause.is_run()) {
        // A rule that carries our label by itself must not make its alerts look like a run's.
        labels.erase("weir_run");
        labels.erase("weir_cause");
        if (rules.label_real) labels["weir_cause"] = "real";
        return;
    }
    labels["weir_cause"] = "run";
    labels["weir_run"] = cause.run_id;
    auto& annotations = alert["annotations"];
    annotations["weir_why"] = cause.why;
    if (!rules.link.empty()) annotations["weir_link"] = link_of(rules.link, cause.run_id);
}

/// Two digits and more at `at`; -1 when they are none.
int digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return -1;
    int value = -1;
    const char* const begin = text.data() + at;
    const auto [end, failed] = std::from_chars(begin, begin + count, value);
    return failed == std::errc{} && end == begin + count && *begin != '-' ? value : -1;
}

/// "Z", "+01:00"; nothing when it is neither.
std::optional<std::chrono::minutes> offset_of(std::string_view text) {
    if (text == "Z" || text == "z") return std::chrono::minutes(0);
    if (text.size() != 6 || text[3] != ':' || (text[0] != '+' && text[0] != '-')) {
        return std::nullopt;
    }
    const int hours = digits(text, 1, 2);
    const int minutes = digits(text, 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
    const std::chrono::minutes offset(hours * 60 + minutes);
    return text[0] == '-' ? -offset : offset;
}

}  // namespace

Result<base::WallTime> parse_alert_time(std::string_view text) {
    const Error wrong{base::Code::invalid, base::format("'{}' is no time (RFC 3339)", text)};
    const int year = digits(text, 0, 4);
    const int month = digits(text, 5, 2);
    const int day = digits(text, 8, 2);
    const int hour = digits(text, 11, 2);
    const int minute = digits(text, 14, 2);
    const int second = digits(text, 17, 2);
    if (std::min({year, month, day, hour, minute, second}) < 0) return wrong;
    const bool form = text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == 't') &&
                      text[13] == ':' && text[16] == ':';
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    // Years that nanoseconds can count: Go's zero time, year 1, is no time of an alert.
    if (!form || !date.ok() || year < 1900 || year > 2200) return wrong;
    if (hour > 23 || minute > 59 || second > 60) return wrong;
    std::size_t at = 19;
    std::int64_t nanos = 0;
    if (at < text.size() && text[at] == '.') {
        std::int64_t unit = 100'000'000;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
            nanos += (text[at] - '0') * unit;
            unit /= 10;
        }
    }
    const auto offset = offset_of(text.substr(std::min(at, text.size())));
    if (!offset) return wrong;
    return base::WallTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
           std::chrono::minutes(minute) + std::chrono::seconds(second) + base::Nanos(nanos) -
           *offset;
}

struct AlertPayload::State {
    Json document;
    std::vector<bool> is_run;  // of each alert

    [[nodiscard]] bool has_alerts() const {
        return document.contains("alerts") && document.at("alerts").is_array() &&
               !document.at("alerts").empty() && base::text_or(document, "version", "") == "4";
    }
};

AlertPayload::AlertPayload(std::unique_ptr<State> state) : state_(std::move(state)) {}
AlertPayload::~AlertPayload() = default;
AlertPayload::AlertPayload(AlertPayload&&) noexcept = default;
AlertPayload& AlertPayload::operator=(AlertPayload&&) noexcept = default;

Result<AlertPayload> AlertPayload::parse(std::string_view body) {
    if (is_too_deep(body)) {
        return Error{base::Code::limit, base::format("nested deeper than {} levels", depth_most)};
    }
    auto state = std::make_unique<State>();
    TRY(state->document, base::parse_json(body));
    if (!state->document.is_object()) {
        return Error{base::Code::invalid, "not a JSON object, as Alertmanager sends one"};
    }
    return AlertPayload(std::move(state));
}

std::vector<AlertPayload::Seen> AlertPayload::label(const Decide& decide,
                                                    const plan::AttributionRules& rules) {
    std::vector<Seen> seen;
    if (!state_->has_alerts()) return seen;
    for (auto& json : state_->document["alerts"]) {
        const auto alert = read(json);
        auto& each = seen.emplace_back();
        if (!alert) {
            each.readable = false;
            each.cause.why = "it cannot be read, so it is passed on as it came";
        } else {
            each.name = base::text_or(json["labels"], "alertname", "");
            each.cause = decide(*alert);
            put(each.cause, rules, json);
        }
        state_->is_run.push_back(each.cause.is_run());
    }
    return seen;
}

std::string AlertPayload::text(Part part) const {
    if (part == Part::all) return base::write_json(state_->document);
    if (!state_->has_alerts()) return part == Part::real ? text(Part::all) : std::string();
    const bool wanted = part == Part::run;
    const auto& is_run = state_->is_run;
    if (std::find(is_run.begin(), is_run.end(), wanted) == is_run.end()) return {};
    if (std::find(is_run.begin(), is_run.end(), !wanted) == is_run.end()) return text(Part::all);
    Json half = state_->document;
    Json alerts = Json::array();
    bool firing = false;
    for (std::size_t i = 0; i < is_run.size(); ++i) {
        if (is_run[i] != wanted) continue;
        alerts.push_back(half["alerts"][i]);
        firing = firing || base::text_or(alerts.back(), "status", "firing") == "firing";
    }
    half["alerts"] = std::move(alerts);
    if (half.contains("status")) half["status"] = firing ? "firing" : "resolved";
    return base::write_json(half);
}

}  // namespace weir::notify
