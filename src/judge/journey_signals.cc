#include <algorithm>
#include <string>
#include <variant>

#include "base/format.h"
#include "judge/counting.h"
#include "judge/signals.h"

namespace weir::judge {
namespace {

record::Signal hard(std::string name, std::string words, std::string_view who) {
    return {
        .name = std::move(name), .hard = true, .words = std::move(words), .who = std::string(who)};
}

/// Requests of the step that signs in: http_req_failed's pass is "failed".
record::RateTotal sign_ins(const record::RunRecord& record) {
    record::RateTotal total;
    for (const auto& series : record.series) {
        const auto& metric = record.metrics[static_cast<std::size_t>(series.metric)].name;
        if (metric != "http_req_failed" || !is_sign_in(series.tags)) continue;
        total.merge(std::get<record::RateTotal>(series.total));
    }
    return total;
}

/// Whether anything was requested beside signing in.
bool asked_for_more(const record::RunRecord& record) {
    return !series_of(record, "weir_response_time").empty() ||
           !series_of(record, "weir_unfinished").empty();
}

/// Exceptions at the place where most of them came from, or empty.
std::string first_failure(const record::RunRecord& record) {
    const auto& failures = record.evidence.script_failures;
    if (failures.empty()) return {};
    const auto& first = failures.front();
    return first.location.empty() ? ": " + first.message
                                  : base::format(": {} ({})", first.message, first.location);
}

}  // namespace

Schedule schedule_of(const record::RunRecord& record) {
    Schedule sum;
    for (const auto& scenario : record.scenarios) {
        sum.completed += scenario.completed;
        sum.threw += scenario.threw;
        if (!scenario.open_model) continue;
        sum.offered += scenario.offered;
        sum.begun += std::min(scenario.started, scenario.offered);
        sum.late += scenario.late - std::min(scenario.late, scenario.waited_for_user);
        sum.dropped += scenario.dropped;
        const base::Nanos end = std::min(scenario.schedule_end, record.duration);
        const double seconds = base::to_seconds(end - scenario.start);
        if (seconds > 0) sum.per_second += static_cast<double>(scenario.offered) / seconds;
    }
    return sum;
}

void judge_ending(const record::RunRecord& record, Signals& signals) {
    const std::string& words = record.ending.words;
    switch (record.ending.kind) {
        case record::EndKind::finished:
        case record::EndKind::decided:
        case record::EndKind::data_drifted:  // judge_facts says it
            return;
        case record::EndKind::unreachable:
            return signals.push_back(
                hard("target unreachable before the run", words, environment_keepers));
        case record::EndKind::lease_lost:
            return signals.push_back(hard("lease lost", words, machine_keepers));
        case record::EndKind::setup_failed:
            return signals.push_back(hard("set-up failed", words, journey_author));
        case record::EndKind::aborted_by_signal:
            return signals.push_back(
                hard("interrupted", "the run was " + words, "whoever stopped it"));
        case record::EndKind::aborted_by_script:
            return signals.push_back(
                hard("aborted", "the journey ended the run early: " + words, journey_author));
        case record::EndKind::aborted_by_threshold:
            return signals.push_back({.name = "ended by a threshold",
                                      .against_service = true,
                                      .words = "a threshold ended the run early: " + words,
                                      .who = std::string(developers)});
        case record::EndKind::aborted_by_limit:
            if (record.evidence.guard_violations_total > 0) return;  // judge_guard says more
            return signals.push_back(hard("ended by a limit", words, journey_author));
    }
}

void judge_guard(const record::RunRecord& record, Signals& signals) {
    const auto& evidence = record.evidence;
    if (evidence.guard_violations_total == 0) return;
    std::string words = "a request that would change the target was not sent";
    if (!evidence.guard_violations.empty()) {
        const auto& first = evidence.guard_violations.front();
        words = base::format("{} {} at {} would change the target: it was not sent", first.method,
                             first.url, first.location);
    }
    signals.push_back(hard("read-only guard", std::move(words), journey_author));
}

void judge_throwing(const record::RunRecord& record, const Criteria& criteria, Signals& signals) {
    const Schedule schedule = schedule_of(record);
    if (criteria.strict_compat || schedule.threw == 0) return;
    const std::string first = first_failure(record);
    const std::uint64_t failing = record.evidence.failed_requests_total;
    if (schedule.threw >= schedule.completed) {
        signals.push_back({.name = "every iteration threw",
                           .hard = failing == 0,
                           .against_service = failing > 0,
                           .words = "every iteration ended with an exception" + first,
                           .who = std::string(failing > 0 ? developers : journey_author)});
        return;
    }
    const bool gate = !criteria.conditions.empty();
    if (!gate || share(schedule.threw, schedule.completed) <= criteria.trust.threw_share) return;
    // Where requests failed, exceptions are what follows: the conditions count the requests.
    const bool explained = failing >= schedule.threw;
    signals.push_back(
        {.name = "iterations threw",
         .hard = !explained,
         .about_generator = !explained,
         .words = base::format("{} of {} iterations ended with an exception, so they did not do "
                               "all of their journey{}",
                               schedule.threw, schedule.completed, first),
         .who =
             std::string(journey_author) + ", or the service's developers if its answers changed"});
}

void judge_sign_in(const record::RunRecord& record, Signals& signals) {
    constexpr std::string_view who = "whoever keeps the test users and the identity provider";
    const record::RateTotal total = sign_ins(record);
    const Schedule schedule = schedule_of(record);
    const bool some_worked = schedule.completed > schedule.threw;
    const bool most_failed = total.passes > 0 && total.passes >= total.fails;
    // A wrong password is refused with a redirect and status 200: then nothing but signing in was
    // ever asked for.
    if (total.samples() > 0 && schedule.threw > 0 && !some_worked && !asked_for_more(record)) {
        signals.push_back(hard("sign-in failed",
                               base::format("no journey got past signing in, after {} requests{}",
                                            total.samples(), first_failure(record)),
                               who));
        return;
    }
    if (total.passes > 0 && (total.fails == 0 || (most_failed && !some_worked))) {
        signals.push_back(hard("sign-in failed",
                               base::format("{} of {} sign-in requests failed, and no journey got "
                                            "past it",
                                            total.passes, total.samples()),
                               who));
        return;
    }
    // Led to the sign-in page instead: never really signed in, or the session was lost at once.
    std::uint64_t led_away = 0;
    std::uint64_t requests = 0;
    for (const auto* series : series_of(record, "weir_response_time")) {
        const auto count = std::get<stats::Distribution>(series->total).count();
        const auto* error = series->tags.find("error");
        requests += count;
        if (error != nullptr && error->starts_with("signed out")) led_away += count;
    }
    // A redirect and the page behind it are two requests.
    constexpr double nearly_all = 0.45;
    if (led_away > 0 && share(led_away, requests) > nearly_all) {
        signals.push_back(hard("signed out",
                               base::format("{} of {} requests ended at the sign-in page: the "
                                            "journeys were not signed in",
                                            led_away, requests),
                               who));
    }
}

void judge_naming(const record::RunRecord& record, const Criteria& criteria, Signals& signals) {
    const bool by_name = std::any_of(
        criteria.conditions.begin(), criteria.conditions.end(), [](const auto& condition) {
            return !condition.selection.request.empty() || !condition.selection.tags.empty();
        });
    if (!by_name) return;
    std::uint64_t other = 0;
    std::uint64_t requests = 0;
    for (const auto* series : series_of(record, "weir_response_time")) {
        const auto count = std::get<stats::Distribution>(series->total).count();
        const auto* name = series->tags.find("name");
        requests += count;
        if (name == nullptr || *name == "(other)") other += count;
    }
    constexpr double tolerable = 0.01;
    if (share(other, requests) <= tolerable) return;
    signals.push_back(hard("requests not told apart",
                           base::format("{} of {} requests have no name of their own, so the "
                                        "conditions on names do not see them: give requests the "
                                        "tag `name`",
                                        other, requests),
                           journey_author));
}

}  // namespace weir::judge
