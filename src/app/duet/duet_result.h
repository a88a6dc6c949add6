// DuetResult: what a duet leaves in its result directory, and the same judged again from there.
#pragma once

#include <string>

#include "app/result_directory.h"
#include "base/result.h"
#include "gate/decision.h"
#include "gate/provenance.h"
#include "judge/duet.h"
#include "record/run_record.h"
#include "report/material.h"

namespace weir::app {

struct DuetResult {
    record::RunRecord record;
    judge::DuetRule rule;
    judge::DuetVerdict duet;
    gate::Provenance provenance;
};

/// As for a gate, in a duet's words.
[[nodiscard]] gate::Decision decide(const judge::DuetVerdict& duet);

/// record.json, criteria.json (what is trusted), duet.json (the rule and the findings),
/// provenance.json, verdict.json and, for people, verdict.txt.
[[nodiscard]] base::Result<void> keep(const ResultDirectory& directory,
                                      const DuetResult& result,
                                      const std::string& words);
[[nodiscard]] bool is_duet(const ResultDirectory& directory);
/// `result` must outlive it.
[[nodiscard]] report::Material material_of(const DuetResult& result, gate::Decision decision);
/// Reads the record and the rule of a kept duet and judges: the same verdict, to the byte.
[[nodiscard]] base::Result<DuetResult> judge_again(const ResultDirectory& directory);

}  // namespace weir::app
