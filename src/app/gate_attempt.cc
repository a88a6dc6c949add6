#include "app/gate_attempt.h"

#include <memory>
#include <utility>

#include "app/lease/held_lease.h"
#include "app/process_environment.h"
#include "app/report/material_of.h"
#include "app/script_run.h"
#include "app/seats.h"
#include "app/terminal/live_rules.h"
#include "app/watch/surroundings_watch.h"
#include "base/format.h"
#include "base/url.h"
#include "base/version.h"
#include "gate/decision.h"
#include "http/proxy_settings.h"
#include "judge/judge.h"
#include "judge/signals.h"
#include "judge/standing.h"
#include "record/codec.h"
#include "report/junit.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

using gate::ExitCode;

base::Result<WatchPlan> watch_plan(const GateSuite& gate) {
    WatchPlan plan;
    TRY(auto target, absolute_url(gate, gate.environment.health_url));
    plan.probed.push_back(
        {.name = "", .url = std::move(target), .slow_over = {}, .probes = {}, .last_error = {}});
    for (const auto& dependency : gate.suite.dependencies) {
        TRY(auto url, absolute_url(gate, dependency.health_url));
        plan.probed.push_back({.name = dependency.name,
                               .url = std::move(url),
                               .slow_over = dependency.slow_over,
                               .probes = {},
                               .last_error = {}});
    }
    if (!gate.environment.metrics_url.empty()) {
        TRY(plan.metrics_url, absolute_url(gate, gate.environment.metrics_url));
    }
    plan.user_agent = gate.marks.user_agent;
    TRY(plan.network, net_settings_from(gate.request.tiers.flags));
    TRY(plan.proxies, http::proxies_from(environment_variable));
    return plan;
}

bool is_this_machine(const std::string& base_url) {
    const auto url = base::parse_url(base_url);
    if (!url.ok()) return false;
    const auto& host = url.value().host;
    return host == "localhost" || host == "::1" || host == "[::1]" || host.starts_with("127.");
}

engine::StopRule stop_when_decided(const judge::Criteria& criteria) {
    return [criteria](const engine::SoFar& so_far) -> std::optional<engine::Stop> {
        using record::EndKind;
        const auto known = judge::decided_so_far(so_far.totals.windows, criteria, so_far.elapsed);
        if (!known.missed.empty()) {
            return engine::Stop{EndKind::decided, "decided against the service: " + known.missed};
        }
        if (known.all_held) {
            return engine::Stop{EndKind::decided, "every condition was decided"};
        }
        return std::nullopt;
    };
}

/// Load on other data than the suite is about would say nothing of the service.
std::optional<engine::Stop> stop_when_drifted(const judge::Criteria& criteria,
                                              const std::string& setup_data) {
    record::RunRecord known;
    facts_in(setup_data, known.surroundings);
    judge::Signals drift;
    judge::judge_facts(known, criteria, drift);
    if (drift.empty()) return std::nullopt;
    return engine::Stop{record::EndKind::data_drifted, drift.front().words};
}

/// From here on another run's load may be part of what is measured.
engine::StopRule stop_when_lease_is_lost(const HeldLease& lease) {
    return [&lease](const engine::SoFar&) -> std::optional<engine::Stop> {
        auto words = lease.lost();
        if (!words) return std::nullopt;
        return engine::Stop{record::EndKind::lease_lost, std::move(*words)};
    };
}

/// What the stop rule was too late for.
void look_at_lease(HeldLease& lease, const base::Log& log, record::RunRecord& record) {
    using record::EndKind;
    auto& ending = record.ending;
    const bool whole = ending.kind == EndKind::finished || ending.kind == EndKind::decided;
    if (auto words = lease.lost_by_now(); words && whole) {
        ending.kind = EndKind::lease_lost;
        ending.words = std::move(*words);
    }
    if (auto words = lease.unknown()) {
        log.warn(*words);
        record.warnings.push_back(std::move(*words));
    }
}

/// A target that is not there before the run: nothing was measured, and it is said so.
void conclude_unreachable(const base::Error& error, GateAttempt& into) {
    into.record.ending.kind = record::EndKind::unreachable;
    into.record.ending.words = error.text;
    into.verdict = judge::judge(into.record, into.criteria);
}

}  // namespace

std::optional<GateFailure> attempt(GateSuite& gate, GateAttempt& into) {
    into.criteria.conditions = gate.suite.conditions;
    into.criteria.trust = gate.suite.trust;
    into.criteria.decisions = gate.suite.decisions;
    into.criteria.facts = gate.suite.facts;
    into.criteria.steps = gate.suite.steps;
    into.record.run_id = gate.request.run_id;
    into.record.weir_version = base::version;
    into.record.started = rt::SystemClock().wall();
    into.record.target.environment = gate.environment.name;
    into.record.target.base_url = gate.shown_base_url();
    auto plan = watch_plan(gate);
    if (!plan.ok()) return GateFailure{plan.error(), ExitCode::usage};
    auto watch = SurroundingsWatch::start(std::move(plan).value());
    if (!watch.ok()) return GateFailure{watch.error(), ExitCode::usage};
    const auto& hidden = gate.request.evidence.secrets;
    if (auto there = watch.value()->target_is_well(); !there.ok()) {
        conclude_unreachable({there.error().code, hidden.redact(there.error().text)}, into);
        return std::nullopt;
    }
    if (gate.suite.decisions.early_stop) {
        gate.request.stop_rules.push_back(stop_when_decided(into.criteria));
    }
    if (gate.lease != nullptr) {
        gate.request.stop_rules.push_back(stop_when_lease_is_lost(*gate.lease));
    }
    gate.request.admit = [&criteria = into.criteria](const std::string& setup_data) {
        return stop_when_drifted(criteria, setup_data);
    };
    auto run = ScriptRun::prepare(gate.request);
    if (!run.ok()) {
        const bool script = run.error().code == base::Code::script;
        return GateFailure{run.error(), script ? ExitCode::script_exception : ExitCode::usage};
    }
    auto& script = *run.value();
    if (script.options().thresholds) into.criteria.thresholds = *script.options().thresholds;
    if (gate.live != nullptr) gate.live->judge_by("conditions", live_conditions(into.criteria));
    record::RunRecord record = script.execute();
    if (script.init_error()) return GateFailure{*script.init_error(), ExitCode::script_exception};
    if (gate.lease != nullptr) look_at_lease(*gate.lease, gate.request.log, record);
    record.target.environment = gate.environment.name;
    record.target.base_url = gate.shown_base_url();
    record.surroundings = watch.value()->finish(script.load_start());
    for (auto& probed : record.surroundings.probed) {
        hidden.redact_in_place(probed.url);
        hidden.redact_in_place(probed.last_error);
    }
    facts_in(record.setup_data_json, record.surroundings);
    record.surroundings.generator_on_target = is_this_machine(gate.environment.base_url);
    into.record = std::move(record);
    into.verdict = judge::judge(into.record, into.criteria);
    // Where nobody says what is deployed, the target does.
    auto& commit = into.provenance.commit;
    if (commit.empty() && !into.record.target.seen.empty()) {
        commit = into.record.target.seen.front().version;
    }
    return std::nullopt;
}

base::Result<void> keep(const ResultDirectory& directory,
                        const GateAttempt& attempt,
                        const std::string& words) {
    TRY_VOID(record::write_record(directory.file("record.json"), attempt.record));
    TRY_VOID(directory.write("criteria.json", judge::encode(attempt.criteria)));
    TRY_VOID(directory.write("verdict.json", record::encode(attempt.verdict)));
    TRY_VOID(directory.write("provenance.json", gate::encode(attempt.provenance)));
    const auto material = material_of(attempt, gate::decide(attempt.verdict));
    TRY_VOID(directory.write("junit.xml", report::junit_xml(material)));
    return directory.write("verdict.txt", words);
}

}  // namespace weir::app
