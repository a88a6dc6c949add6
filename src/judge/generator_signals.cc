#include <algorithm>
#include <string>
#include <variant>

#include "base/format.h"
#include "base/units.h"
#include "judge/counting.h"
#include "judge/signals.h"

namespace weir::judge {
namespace {

void add(Signals& signals, std::string name, bool hard, std::string words) {
    signals.push_back({.name = std::move(name),
                       .hard = hard,
                       .about_generator = true,
                       .words = std::move(words),
                       .who = std::string(machine_keepers)});
}

double milliseconds_of(const record::RunRecord& record, std::string_view metric) {
    double sum = 0;
    for (const auto* series : series_of(record, metric)) {
        sum += std::get<stats::Distribution>(series->total).sum();
    }
    return sum;
}

/// Requests under way at the end, those of signing in among them.
std::uint64_t unfinished_requests(const record::RunRecord& record) {
    std::uint64_t count = 0;
    for (const auto& series : record.series) {
        const auto& metric = record.metrics[static_cast<std::size_t>(series.metric)].name;
        if (metric != "weir_unfinished") continue;
        count += std::get<stats::Distribution>(series.total).count();
    }
    return count;
}

/// How much of their time users spent waiting for the target; 1 when that is not known.
double waiting_share(const record::RunRecord& record) {
    std::uint64_t interrupted = 0;
    for (const auto& scenario : record.scenarios) interrupted += scenario.interrupted;
    // An iteration that was cut short has no duration; whether it waited, its request says.
    if (interrupted > schedule_of(record).completed) {
        return std::min(1.0, share(unfinished_requests(record), interrupted));
    }
    const double waiting =
        milliseconds_of(record, "weir_service_time") + milliseconds_of(record, "weir_unfinished");
    const double whole = milliseconds_of(record, "iteration_duration");
    return whole <= 0 ? 1 : std::min(1.0, waiting / whole);
}

std::uint64_t users_most(const record::RunRecord& record) {
    std::uint64_t most = 0;
    for (const auto& scenario : record.scenarios) most = std::max(most, scenario.users_most);
    return most;
}

/// All users were busy. Whose fault is that? The service's when they waited for it, and would have
/// been enough for answers as quick as the conditions ask; else the suite offers too few.
void judge_exhausted_users(const record::RunRecord& record,
                           const Criteria& criteria,
                           Signals& signals) {
    const Schedule schedule = schedule_of(record);
    const std::string never =
        base::format("{} of {} iterations were never begun ({:.1f} % of the rate was reached)",
                     schedule.offered - schedule.begun, schedule.offered,
                     share(schedule.begun, schedule.offered) * 100);
    base::Nanos longest{};
    for (const auto& each : criteria.conditions) longest = std::max(longest, each.limit);
    const auto users = users_most(record);
    const double allowed =
        schedule.per_second > 0 ? static_cast<double>(users) / schedule.per_second : 0;
    const bool too_few = users > 0 && allowed > 0 && allowed < base::to_seconds(longest);
    constexpr double mostly = 0.5;
    const double waited = waiting_share(record);
    if (waited >= mostly && !too_few) {
        signals.push_back({.name = "rate not reached",
                           .against_service = true,
                           .words = never + ": every virtual user was still waiting for an answer",
                           .who = std::string(developers)});
        return;
    }
    std::string why = too_few ? base::format(
                                    "{} users leave each journey {:.1f} s, less than the {} that a "
                                    "condition allows",
                                    users, allowed, base::write_duration(longest))
                              : base::format("users waited for answers only {:.0f} % of their time",
                                             waited * 100);
    signals.push_back({.name = "too few users",
                       .hard = true,
                       .about_generator = true,
                       .words = never + ": " + std::move(why) + "; raise users_max",
                       .who = std::string(journey_author)});
}

}  // namespace

void judge_schedule(const record::RunRecord& record, const Criteria& criteria, Signals& signals) {
    const Schedule schedule = schedule_of(record);
    if (schedule.offered == 0) return;
    const double missing = 1 - criteria.trust.achieved_share;
    const auto missed = record.health.arrivals_missed;
    const bool late = share(schedule.late, schedule.offered) > criteria.trust.late_share;
    if (late) {
        add(signals, "generator saturated", true,
            base::format("the load could not be offered as planned: {} of {} iterations began late",
                         schedule.late, schedule.offered));
    }
    if (share(missed, schedule.offered) > missing) {
        add(signals, "arrivals missed", true,
            base::format("the generator did not get to begin {} of {} iterations", missed,
                         schedule.offered));
        return;
    }
    if (share(schedule.begun, schedule.offered) >= criteria.trust.achieved_share) return;
    if (late) {
        // The generator was in trouble itself: who kept the users busy cannot be told.
        add(signals, "rate not reached", true,
            base::format("{} of {} iterations were never begun", schedule.offered - schedule.begun,
                         schedule.offered));
        return;
    }
    judge_exhausted_users(record, criteria, signals);
}

void judge_machine(const record::RunRecord& record, const Criteria& criteria, Signals& signals) {
    const auto& health = record.health;
    if (health.loop_stall_max > criteria.trust.loop_stall) {
        add(signals, "generator stalled", false,
            base::format("the generator's loop stalled for {} at the longest",
                         base::write_duration(health.loop_stall_max)));
    }
    if (health.descriptors_limit > 0 &&
        health.descriptors_most * 20 >= health.descriptors_limit * 19) {
        add(signals, "descriptors exhausted", false,
            base::format("{} of {} file descriptors were in use: raise `ulimit -n`",
                         health.descriptors_most, health.descriptors_limit));
    }
    // Shorter than this, a few ticks of the machine's clock look like a large share.
    constexpr base::Nanos known_after = std::chrono::seconds(5);
    if (health.observed < known_after) return;
    const double threads = std::min(health.workers, health.cores);
    const double busy =
        base::to_seconds(health.cpu_user + health.cpu_system) / base::to_seconds(health.observed);
    if (threads > 0 && busy / threads > criteria.trust.cpu_share) {
        add(signals, "generator out of CPU", false,
            base::format("the generator used {:.0f} % of the {} core(s) it can use",
                         busy / threads * 100, threads));
    }
    if (health.steal_share > criteria.trust.steal_share) {
        add(signals, "CPU time stolen", false,
            base::format("the machine lost {:.0f} % of its CPU time to others",
                         health.steal_share * 100));
    }
}

}  // namespace weir::judge
