#include "app/report/material_of.h"

#include <utility>

#include "judge/baseline.h"
#include "judge/request_figures.h"

namespace weir::app {

report::Material material_of(const GateAttempt& made, gate::Decision decision) {
    const auto& baseline = made.criteria.baseline;
    std::vector<record::BaselineChange> changes;
    if (!baseline.limits.empty()) {
        changes = judge::baseline_changes(judge::request_figures(made.record), baseline);
    }
    return {.record = made.record,
            .verdict = made.verdict,
            .decision = std::move(decision),
            .provenance = made.provenance,
            .changes = std::move(changes),
            .baseline_runs = baseline.runs,
            .baseline_words = made.provenance.kind == gate::ResultKind::duet
                                  ? "the two deployments were compared with each other"
                                  : judge::words_of(baseline)};
}

gate::Decision decision_of_run(const record::Verdict& verdict) {
    gate::Decision decision = gate::decide(verdict);
    switch (verdict.kind) {
        case record::VerdictKind::pass:
            decision.sentence = verdict.findings.empty() ? "nothing was asked of the service"
                                                         : "the run keeps its thresholds";
            break;
        case record::VerdictKind::fail:
            decision.sentence = "the run misses what was asked of it";
            break;
        case record::VerdictKind::invalid:
            decision.sentence = "this measurement says nothing about the service";
            break;
    }
    return decision;
}

}  // namespace weir::app
