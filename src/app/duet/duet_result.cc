#include "app/duet/duet_result.h"

#include <utility>

#include "judge/criteria.h"
#include "record/codec.h"

namespace weir::app {

gate::Decision decide(const judge::DuetVerdict& duet) {
    auto decision = gate::decide(duet.verdict);
    if (decision.code == gate::ExitCode::gate_failed) {
        decision.sentence = "deployment blocked: the candidate is worse than the baseline";
    }
    return decision;
}

base::Result<void> keep(const ResultDirectory& directory,
                        const DuetResult& result,
                        const std::string& words) {
    judge::Criteria criteria;
    criteria.trust = result.rule.trust;
    TRY_VOID(record::write_record(directory.file("record.json"), result.record));
    TRY_VOID(directory.write("criteria.json", judge::encode(criteria)));
    TRY_VOID(directory.write("duet.json", judge::encode(result.duet, result.rule)));
    TRY_VOID(directory.write("provenance.json", gate::encode(result.provenance)));
    TRY_VOID(directory.write("verdict.json", record::encode(result.duet.verdict)));
    return directory.write("verdict.txt", words);
}

report::Material material_of(const DuetResult& result, gate::Decision decision) {
    return {.record = result.record,
            .verdict = result.duet.verdict,
            .decision = std::move(decision),
            .provenance = result.provenance,
            .changes = {},
            .baseline_runs = 0,
            .baseline_words = "the two deployments were compared with each other"};
}

bool is_duet(const ResultDirectory& directory) {
    return directory.read("duet.json").ok();
}

base::Result<DuetResult> judge_again(const ResultDirectory& directory) {
    DuetResult result;
    TRY(result.record, record::read_record(directory.file("record.json")));
    TRY(const auto findings, directory.read("duet.json"));
    TRY(result.rule, judge::decode_duet_rule(findings));
    TRY(const auto text, directory.read("criteria.json"));
    TRY(const auto criteria, judge::decode_criteria(text));
    result.rule.trust = criteria.trust;
    result.duet = judge::judge_duet(result.record, result.rule);
    return result;
}

}  // namespace weir::app
