#include "app/history/remember.h"

#include <array>
#include <chrono>
#include <utility>

#include "app/process_environment.h"
#include "judge/baseline.h"
#include "judge/request_figures.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

constexpr base::Nanos beat_interval = std::chrono::seconds(20);

}  // namespace

std::string commit_of_pipeline() {
    constexpr std::array names{"GITHUB_SHA", "CIRCLE_SHA1", "CI_COMMIT_SHA", "GIT_COMMIT"};
    for (const char* name : names) {
        if (auto value = environment_variable(name); value && !value->empty()) return *value;
    }
    return {};
}

RunMemory::RunMemory(const GateSuite& gate,
                     const std::string& commit,
                     std::uint32_t attempt,
                     base::Log log)
    : log_(std::move(log)) {
    if (gate.suite.store.empty()) return;
    auto opened = ledger::Ledger::open(gate.suite.store);
    if (!opened.ok()) {
        warn(opened.error());
        return;
    }
    ledger_.emplace(std::move(opened).value());
    run_.run_id = gate.request.run_id;
    run_.suite = gate.suite.name;
    run_.environment = gate.environment.name;
    run_.commit = commit;
    run_.base_url = gate.shown_base_url();
    run_.load = load_text(gate.suite);
    run_.started = rt::SystemClock().wall();
    run_.attempt = attempt;
    last_beat_ = run_.started;
    if (auto begun = ledger_->begin(run_); !begun.ok()) warn(begun.error());
}

judge::Baseline RunMemory::baseline(const plan::BaselineRule& rule) {
    if (!ledger_ || rule.on_slower == plan::SlowerPolicy::ignore) return {};
    // Only what was let through: a slow version that is tried again and again would become usual.
    const ledger::RunFilter filter{.suite = run_.suite,
                                   .environment = run_.environment,
                                   .load = run_.load,
                                   .since = rule.since,
                                   .verdict = std::string(word_of(record::VerdictKind::pass)),
                                   .most = rule.runs};
    const auto past = ledger_->runs(filter, run_.started);
    if (past.ok()) {
        if (!past.value().empty()) {
            const auto& newest = past.value().front();
            last_good_ = {newest.run_id, newest.commit, newest.started};
        }
        return judge::draw_baseline(past.value(), rule);
    }
    warn(past.error());
    return {};
}

void RunMemory::warn(const base::Error& error) {
    log_.warn("the history is not kept: " + error.text);
    ledger_.reset();
}

void RunMemory::beat(base::WallTime now) {
    if (!ledger_ || now - last_beat_ < beat_interval) return;
    last_beat_ = now;
    if (auto beaten = ledger_->beat(run_.run_id, now); !beaten.ok()) warn(beaten.error());
}

void RunMemory::finish(const GateAttempt& made) {
    if (!ledger_) return;
    run_.duration = made.record.duration;
    run_.verdict = std::string(record::word_of(made.verdict.kind));
    run_.reasons = made.verdict.reasons;
    run_.findings = made.verdict.findings;
    run_.signals = made.verdict.signals;
    run_.requests = judge::request_figures(made.record);
    if (run_.commit.empty() && !made.record.target.seen.empty()) {
        run_.commit = made.record.target.seen.front().version;
    }
    // Its last sign of life is its end: whoever asks which alerts were its doing relies on it.
    if (auto beaten = ledger_->beat(run_.run_id, rt::SystemClock().wall()); !beaten.ok()) {
        return warn(beaten.error());
    }
    if (auto kept = ledger_->finish(run_); !kept.ok()) warn(kept.error());
}

}  // namespace weir::app
