#include <algorithm>
#include <set>
#include <string>
#include <variant>

#include "base/format.h"
#include "base/units.h"
#include "judge/counting.h"
#include "judge/signals.h"

namespace weir::judge {
namespace {

/// Instances that answer from the start may need a moment until each had its first request.
constexpr base::Nanos settling = std::chrono::seconds(5);

/// No answer at all: refused, reset, timed out.
std::uint64_t unanswered(const record::RunRecord& record) {
    std::uint64_t count = 0;
    for (const auto* series : series_of(record, "weir_response_time")) {
        const auto* status = series->tags.find("status");
        if (status != nullptr && *status == "0") {
            count += std::get<stats::Distribution>(series->total).count();
        }
    }
    return count;
}

/// Failed requests in the seconds around `moment`.
std::uint64_t failures_around(const record::RunRecord& record, base::Nanos moment) {
    constexpr base::Nanos before = std::chrono::seconds(30);
    constexpr base::Nanos after = std::chrono::seconds(2);
    std::uint64_t failures = 0;
    base::Nanos begin{};
    for (const auto& window : record.windows.all()) {
        const base::Nanos end = begin + record.windows.width();
        if (end >= moment - before && begin <= moment + after) failures += window.failed;
        begin = end;
    }
    return failures;
}

/// An instance that answered until about when `later` came, and then no more.
const record::SeenInstance* replaced_by(const record::RunRecord& record,
                                        const record::SeenInstance& later) {
    for (const auto& seen : record.target.seen) {
        if (seen.instance == later.instance || seen.last_seen <= base::Nanos{}) continue;
        const bool gone = seen.last_seen + settling < record.duration;
        if (gone && seen.last_seen <= later.first_seen + settling) return &seen;
    }
    return nullptr;
}

}  // namespace

void judge_version(const record::RunRecord& record, Signals& signals) {
    std::set<std::string> versions;
    for (const auto& seen : record.target.seen) {
        if (!seen.version.empty()) versions.insert(seen.version);
    }
    if (versions.size() < 2) return;
    std::string all;
    for (const auto& version : versions) all += (all.empty() ? "" : ", ") + version;
    signals.push_back({.name = "version changed",
                       .hard = true,
                       .words = "the target answered as several versions during the run: " + all,
                       .who = "whoever deploys to this environment"});
}

void judge_restarts(const record::RunRecord& record, Signals& signals) {
    std::uint64_t appeared = 0;
    std::uint64_t failures = 0;
    const record::SeenInstance* gone = nullptr;
    for (const auto& seen : record.target.seen) {
        if (seen.instance.empty() || seen.first_seen <= settling) continue;
        appeared += 1;
        failures += failures_around(record, seen.first_seen);
        if (gone == nullptr) gone = replaced_by(record, seen);
    }
    if (appeared == 0) return;
    if (failures > 0 && restarted_from_outside(record)) {
        signals.push_back(
            {.name = "target restarted from outside",
             .hard = true,
             .words = base::format("another process answered in mid-run, after {} requests had "
                                   "failed; the one before it was well until then: it answered in "
                                   "time, and its memory did not grow",
                                   failures),
             .who = std::string(environment_keepers)});
        return;
    }
    if (failures > 0) {
        signals.push_back(
            {.name = "target restarted",
             .against_service = true,
             .words = base::format("{} new instance(s) answered in mid-run, after {} requests had "
                                   "failed: the service did not survive the offered load",
                                   appeared, failures),
             .who = std::string(developers)});
        return;
    }
    if (gone == nullptr) {
        signals.push_back({.name = "instances added",
                           .note = true,
                           .words = base::format("{} new instance(s) answered beside the old ones "
                                                 "in mid-run",
                                                 appeared),
                           .who = std::string(environment_keepers)});
        return;
    }
    signals.push_back({.name = "instance replaced",
                       .hard = true,
                       .words = base::format(
                           "instance {} gave way to another after {}, without a failed request: "
                           "somebody restarted or moved it",
                           gone->instance, base::write_duration(gone->last_seen)),
                       .who = std::string(environment_keepers)});
}

/// A target that died under the load: its own doing, with the evidence.
void judge_silence(const record::RunRecord& record, Signals& signals) {
    if (restarted_from_outside(record)) return;  // judge_restarts says more
    const auto requests = count(record, {}, {}).requests;
    const auto silent = unanswered(record);
    constexpr std::uint64_t more_than_chance = 10;
    constexpr double of_all = 0.05;
    if (silent < more_than_chance || share(silent, requests) < of_all) return;
    std::string last;
    for (const auto& exchange : record.evidence.failed_requests) {
        if (exchange.status == 0) last = exchange.error;
    }
    if (!last.empty()) last = " (" + last + ")";
    if (silent == requests) {
        // It was there before the run, or nobody would have begun it.
        signals.push_back(
            {.name = "target never answered",
             .against_service = true,
             .words = base::format("none of {} requests was answered{}", requests, last),
             .who = std::string(developers)});
        return;
    }
    signals.push_back(
        {.name = "target stopped answering",
         .against_service = true,
         .words = base::format("{} of {} requests had no answer{}: the service did not survive the "
                               "offered load",
                               silent, requests, last),
         .who = std::string(developers)});
}

/// The generator's own machine has no port left for another connection.
void judge_ports(const record::RunRecord& record, Signals& signals) {
    std::uint64_t refused = 0;
    for (const auto& exchange : record.evidence.failed_requests) {
        const bool here = exchange.error.find("assign requested address") != std::string::npos;
        refused += exchange.status == 0 && here ? 1 : 0;
    }
    if (refused == 0) return;
    signals.push_back({.name = "ports exhausted",
                       .hard = true,
                       .about_generator = true,
                       .words = base::format("at least {} requests found no free local port: reuse "
                                             "connections, or widen net.ipv4.ip_local_port_range",
                                             refused),
                       .who = std::string(machine_keepers)});
}

void judge_firewall(const record::RunRecord& record, Signals& signals) {
    std::uint64_t blocked = 0;
    std::uint64_t throttled = 0;
    std::uint64_t requests = 0;
    for (const auto* series : series_of(record, "weir_response_time")) {
        const auto count = std::get<stats::Distribution>(series->total).count();
        const auto* status = series->tags.find("status");
        requests += count;
        if (status != nullptr && *status == "423") blocked += count;
        if (status != nullptr && *status == "429") throttled += count;
    }
    constexpr double noticeable = 0.01;
    if (share(blocked, requests) > noticeable) {
        signals.push_back(
            {.name = "blocked by a firewall",
             .hard = true,
             .words = base::format("{} of {} requests got status 423, as web application firewalls "
                                   "answer: allow the generator's address",
                                   blocked, requests),
             .who = "whoever keeps the firewall (WAF) of this environment"});
    }
    if (share(throttled, requests) > noticeable) {
        signals.push_back(
            {.name = "rate limited",
             .words = base::format("{} of {} requests got status 429", throttled, requests),
             .who = std::string(environment_keepers)});
    }
}

}  // namespace weir::judge
