#include "judge/validity.h"

#include <algorithm>
#include <set>
#include <string>
#include <variant>

#include "base/format.h"
#include "base/units.h"

namespace weir::judge {
namespace {

using record::Signal;

struct Schedule {
    std::uint64_t offered = 0;
    std::uint64_t started = 0;
    std::uint64_t completed = 0;
    std::uint64_t threw = 0;
    std::uint64_t late = 0;
    std::uint64_t dropped = 0;
    bool open = false;
};

Schedule schedule_of(const record::RunRecord& record) {
    Schedule sum;
    for (const auto& scenario : record.scenarios) {
        sum.started += scenario.started;
        sum.completed += scenario.completed;
        sum.threw += scenario.threw;
        if (!scenario.open_model) continue;
        sum.open = true;
        sum.offered += scenario.offered;
        sum.late += scenario.late - std::min(scenario.late, scenario.waited_for_user);
        sum.dropped += scenario.dropped;
    }
    return sum;
}

double share(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// The generator's own trouble, in words; empty when it was well.
std::string generator_trouble(const Schedule& schedule, const plan::TrustLimits& trust) {
    if (schedule.open && share(schedule.late, schedule.offered) > trust.late_share) {
        return base::format("{} of {} iterations began late", schedule.late, schedule.offered);
    }
    return {};
}

void judge_generator(const record::RunRecord& record,
                     const Schedule& schedule,
                     const Criteria& criteria,
                     std::vector<Signal>& signals) {
    const std::string trouble = generator_trouble(schedule, criteria.trust);
    if (!trouble.empty()) {
        signals.push_back({.name = "generator saturated",
                           .hard = true,
                           .against_service = false,
                           .about_generator = true,
                           .words = "the load could not be offered as planned: " + trouble,
                           .who = "whoever runs the pipeline's machines"});
    }
    if (record.health.loop_stall_max > criteria.trust.loop_stall) {
        signals.push_back(
            {.name = "generator stalled",
             .hard = false,
             .against_service = false,
             .about_generator = true,
             .words = base::format("its loop stalled for {} at the longest",
                                   base::write_duration(record.health.loop_stall_max)),
             .who = "whoever runs the pipeline's machines"});
    }
    // Shorter than this, a few ticks of the machine's clock look like a large share.
    constexpr base::Nanos steal_is_known_after = std::chrono::seconds(5);
    if (record.health.observed >= steal_is_known_after &&
        record.health.steal_share > criteria.trust.steal_share) {
        signals.push_back(
            {.name = "CPU time stolen",
             .hard = false,
             .against_service = false,
             .words = base::format("the machine lost {:.0f} % of its CPU time to others",
                                   record.health.steal_share * 100),
             .who = "whoever runs the pipeline's machines"});
    }
    if (!schedule.open || schedule.offered == 0) return;
    const double achieved = share(schedule.started, schedule.offered);
    if (achieved >= criteria.trust.achieved_share) return;
    // All users were busy. With a healthy generator that is the service's slowness, not ours.
    signals.push_back(
        {.name = "rate not reached",
         .hard = !trouble.empty(),
         .against_service = trouble.empty(),
         .words = base::format("{} of {} iterations were never begun ({:.1f} % of the rate was "
                               "reached): every virtual user was still waiting for an answer",
                               schedule.dropped, schedule.offered, achieved * 100),
         .who = "the service's developers"});
}

/// Requests of the step that signs in: how many, and how many failed.
record::RateTotal sign_ins(const record::RunRecord& record) {
    record::RateTotal total;
    for (const auto& series : record.series) {
        if (record.metrics[static_cast<std::size_t>(series.metric)].name != "http_req_failed")
            continue;
        const auto* step = series.tags.find("step");
        if (step != nullptr && *step == "sign_in") {
            total.merge(std::get<record::RateTotal>(series.total));
        }
    }
    return total;
}

void judge_sign_in(const record::RunRecord& record,
                   const Schedule& schedule,
                   std::vector<Signal>& signals) {
    const record::RateTotal total = sign_ins(record);
    // A rate's pass is "failed": http_req_failed counts failures.
    if (total.passes == 0 || total.fails > total.passes) return;
    if (schedule.completed > schedule.threw) return;  // somebody got in and worked
    signals.push_back(
        {.name = "sign-in failed",
         .hard = true,
         .against_service = false,
         .words = base::format("{} of {} sign-in requests failed, and no journey got past "
                               "it",
                               total.passes, total.samples()),
         .who = "whoever keeps the test users and the identity provider"});
}

void judge_identity(const record::RunRecord& record, std::vector<Signal>& signals) {
    std::set<std::string> versions;
    std::set<std::string> instances;
    std::size_t appeared_later = 0;
    for (const auto& seen : record.target.seen) {
        if (!seen.version.empty()) versions.insert(seen.version);
        if (!seen.instance.empty()) instances.insert(seen.instance);
        if (seen.first_seen > std::chrono::seconds(5)) appeared_later += 1;
    }
    if (versions.size() > 1) {
        std::string all;
        for (const auto& version : versions) all += (all.empty() ? "" : ", ") + version;
        signals.push_back(
            {.name = "version changed",
             .hard = true,
             .against_service = false,
             .words = "the target answered as several versions during the run: " + all,
             .who = "whoever deploys to this environment"});
    } else if (appeared_later > 0 && instances.size() > 1) {
        signals.push_back(
            {.name = "target restarted",
             .hard = false,
             .against_service = record.evidence.failed_requests_total > 0,
             .words = base::format("{} new instance(s) answered in mid-run", appeared_later),
             .who = "the service's developers"});
    }
}

void judge_script(const record::RunRecord& record,
                  const Schedule& schedule,
                  const Criteria& criteria,
                  std::vector<Signal>& signals) {
    if (record.evidence.guard_violations_total > 0 && !record.evidence.guard_violations.empty()) {
        const auto& first = record.evidence.guard_violations.front();
        signals.push_back(
            {.name = "read-only guard",
             .hard = true,
             .against_service = false,
             .words = base::format("{} {} at {} would change the target: it was not sent",
                                   first.method, first.url, first.location),
             .who = "the journey's author"});
    }
    if (criteria.strict_compat || schedule.completed == 0 || schedule.threw < schedule.completed)
        return;
    const auto& failures = record.evidence.script_failures;
    signals.push_back({.name = "every iteration threw",
                       .hard = record.evidence.failed_requests_total == 0,
                       .against_service = record.evidence.failed_requests_total > 0,
                       .words = failures.empty() ? "every iteration ended with an exception"
                                                 : base::format("every iteration threw: {} ({})",
                                                                failures.front().message,
                                                                failures.front().location),
                       .who = "the journey's author"});
}

/// A target that died under the load: its own doing, with the evidence.
void judge_crash(const record::RunRecord& record, std::vector<Signal>& signals) {
    std::uint64_t refused = 0;
    for (const auto& exchange : record.evidence.failed_requests) {
        if (exchange.status == 0) refused += 1;
    }
    const bool answered = !record.target.seen.empty();
    if (refused < 10 || !answered || refused * 2 < record.evidence.failed_requests.size()) return;
    signals.push_back(
        {.name = "target stopped answering",
         .hard = false,
         .against_service = true,
         .words = base::format("the target answered at first and then no more ({}): it did "
                               "not survive the offered load",
                               record.evidence.failed_requests.back().error),
         .who = "the service's developers"});
}

void judge_ending(const record::RunRecord& record, std::vector<Signal>& signals) {
    if (record.ending.kind == record::EndKind::setup_failed) {
        signals.push_back({.name = "set-up failed",
                           .hard = true,
                           .against_service = false,
                           .words = record.ending.words,
                           .who = "the journey's author"});
        return;
    }
    if (record.ending.kind == record::EndKind::aborted_by_signal) {
        signals.push_back({.name = "interrupted",
                           .hard = true,
                           .against_service = false,
                           .words = "the run was " + record.ending.words,
                           .who = "whoever stopped it"});
    }
}

}  // namespace

std::vector<Signal> find_signals(const record::RunRecord& record, const Criteria& criteria) {
    std::vector<Signal> signals;
    const Schedule schedule = schedule_of(record);
    judge_ending(record, signals);
    judge_script(record, schedule, criteria, signals);
    judge_sign_in(record, schedule, signals);
    judge_identity(record, signals);
    judge_generator(record, schedule, criteria, signals);
    judge_crash(record, signals);
    return signals;
}

}  // namespace weir::judge
