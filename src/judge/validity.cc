#include "judge/validity.h"

#include "judge/signals.h"

namespace weir::judge {

std::vector<record::Signal> find_signals(const record::RunRecord& record,
                                         const Criteria& criteria) {
    const bool gate =
        !criteria.conditions.empty() || criteria.baseline.on_slower == plan::SlowerPolicy::fail;
    Signals signals;
    judge_dependencies(record, signals);  // the root of much else
    judge_ending(record, signals);
    judge_guard(record, signals);
    judge_throwing(record, criteria, signals);
    judge_sign_in(record, signals);
    judge_facts(record, criteria, signals);
    if (gate) judge_naming(record, criteria, signals);
    judge_version(record, signals);
    judge_foreign_load(record, criteria, signals);
    if (gate) judge_firewall(record, signals);
    judge_schedule(record, criteria, signals);
    judge_machine(record, criteria, signals);
    judge_restarts(record, signals);
    if (gate) judge_silence(record, signals);
    judge_ports(record, signals);
    judge_memory(record, signals);
    judge_probe(record, signals);
    if (gate) judge_settling(record, criteria, signals);
    return signals;
}

}  // namespace weir::judge
