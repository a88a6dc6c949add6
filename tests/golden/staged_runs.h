// Staged runs: records of runs that never were, with every figure chosen by hand.
#pragma once

#include <vector>

#include "gate/provenance.h"
#include "judge/criteria.h"
#include "plan/threshold.h"
#include "record/run_record.h"

namespace weir::golden {

struct StagedRun {
    const char* name;  // of the expected files
    record::RunRecord record;
    judge::Criteria criteria;
};

/// Keeps its conditions: 500 journeys, two named requests, groups, checks, custom metrics.
[[nodiscard]] StagedRun good_run();
/// The same service, slow and failing, with unfinished requests and a script that throws.
[[nodiscard]] StagedRun bad_run();
/// Slow only by a little, while the generator stalled and began late.
[[nodiscard]] StagedRun doubtful_run();
/// Interrupted before anything was measured.
[[nodiscard]] StagedRun empty_run();
[[nodiscard]] std::vector<StagedRun> staged_runs();

/// Where a gate of the pipeline would have got them from.
[[nodiscard]] gate::Provenance staged_provenance();

}  // namespace weir::golden
