#include "judge/counting.h"

#include <algorithm>
#include <variant>

#include "base/format.h"

namespace weir::judge {
namespace {

bool is_within(std::string_view group, std::string_view wanted) {
    if (!group.starts_with(wanted)) return false;
    return group.size() == wanted.size() || group.substr(wanted.size()).starts_with("::");
}

Counted count_finished(const record::Series& series, const CountRule& rule) {
    const auto& times = std::get<stats::Distribution>(series.total);
    Counted counted;
    counted.requests = times.count();
    const bool bad = failed(series.tags);
    if (bad) counted.failed = times.count();
    if (bad && rule.errors_count) return counted;
    const bool any_time = rule.limit == base::Nanos::max();
    counted.within = any_time ? times.count() : times.count_at_most(base::to_ms(rule.limit));
    return counted;
}

/// One that had not passed the limit yet says neither yes nor no.
Counted count_unfinished(const record::Series& series, const CountRule& rule) {
    const auto& ages = std::get<stats::Distribution>(series.total);
    Counted counted;
    const bool any_time = rule.limit == base::Nanos::max();
    counted.unfinished = any_time ? ages.count() : ages.count_over(base::to_ms(rule.limit));
    counted.requests = counted.unfinished;
    return counted;
}

/// Calls visit(series, counted) for each series of the selection.
template <typename Visit>
void each_counted(const record::RunRecord& record,
                  const plan::Selection& selection,
                  const CountRule& rule,
                  Visit visit) {
    const auto* const times = rule.from_actual_send ? "weir_service_time" : "weir_response_time";
    for (const auto* series : series_of(record, times)) {
        if (selects(selection, series->tags)) visit(*series, count_finished(*series, rule));
    }
    for (const auto* series : series_of(record, "weir_unfinished")) {
        if (selects(selection, series->tags)) visit(*series, count_unfinished(*series, rule));
    }
}

}  // namespace

std::string tag_of(const record::Tags& tags, std::string_view key) {
    const auto* found = tags.find(key);
    return found == nullptr ? std::string() : *found;
}

bool is_sign_in(const record::Tags& tags) noexcept {
    const auto* step = tags.find("step");
    return step != nullptr && *step == "sign_in";
}

bool failed(const record::Tags& tags) noexcept {
    return !record::was_expected(tags);
}

bool selects(const plan::Selection& selection, const record::Tags& tags) noexcept {
    const auto is = [&tags](std::string_view key, const std::string& wanted) {
        if (wanted.empty()) return true;
        const auto* found = tags.find(key);
        return found != nullptr && *found == wanted;
    };
    if (is_sign_in(tags)) return false;
    // What setup() and teardown() ask is no part of the load.
    const auto* place = tags.find("group");
    if (selection.group.empty() && place != nullptr &&
        (is_within(*place, "::setup") || is_within(*place, "::teardown"))) {
        return false;
    }
    if (!is("name", selection.request) || !is("scenario", selection.journey)) return false;
    if (!selection.group.empty()) {
        const auto* group = tags.find("group");
        if (group == nullptr || !is_within(*group, selection.group)) return false;
    }
    return std::all_of(selection.tags.begin(), selection.tags.end(),
                       [&is](const auto& pair) { return is(pair.first, pair.second); });
}

std::vector<const record::Series*> series_of(const record::RunRecord& record,
                                             std::string_view metric) {
    std::vector<const record::Series*> found;
    for (const auto& series : record.series) {
        if (record.metrics[static_cast<std::size_t>(series.metric)].name != metric) continue;
        if (!is_sign_in(series.tags)) found.push_back(&series);
    }
    return found;
}

void Counted::operator+=(const Counted& other) noexcept {
    requests += other.requests;
    failed += other.failed;
    within += other.within;
    unfinished += other.unfinished;
}

Counted count(const record::RunRecord& record,
              const plan::Selection& selection,
              const CountRule& rule) {
    Counted sum;
    each_counted(record, selection, rule,
                 [&sum](const record::Series&, const Counted& counted) { sum += counted; });
    return sum;
}

std::vector<CountedPart> count_parts(const record::RunRecord& record,
                                     const plan::Selection& selection,
                                     const CountRule& rule) {
    std::vector<CountedPart> parts;
    const auto add = [&parts](const record::Series& series, const Counted& counted) {
        const auto journey = tag_of(series.tags, "scenario");
        const auto request = tag_of(series.tags, "name");
        const auto same = std::find_if(parts.begin(), parts.end(), [&](const auto& part) {
            return part.journey == journey && part.request == request;
        });
        if (same != parts.end()) {
            same->counted += counted;
        } else {
            parts.push_back({journey, request, counted});
        }
    };
    each_counted(record, selection, rule, add);
    return parts;
}

std::string percent_text(double share) {
    // 99.996 % of 99.995 % must not read "100.00 %".
    const int digits = share > 0.999 && share < 1 ? 4 : 2;
    return base::format("{:.{}f} %", share * 100, digits);
}

}  // namespace weir::judge
