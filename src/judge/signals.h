// Signals, by whom they are about: each appends what it finds. For this layer's .cc files.
#pragma once

#include <string_view>
#include <vector>

#include "judge/criteria.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::judge {

using Signals = std::vector<record::Signal>;

inline constexpr std::string_view machine_keepers = "whoever runs the pipeline's machines";
inline constexpr std::string_view developers = "the service's developers";
inline constexpr std::string_view journey_author = "the journey's author";
inline constexpr std::string_view environment_keepers = "whoever runs this environment";

/// Iterations of all scenarios together.
struct Schedule {
    std::uint64_t offered = 0;  // this and the next three: scenarios with arrival rates only
    std::uint64_t begun = 0;
    std::uint64_t late = 0;  // for the generator's own reasons
    std::uint64_t dropped = 0;
    double per_second = 0;  // planned arrivals, all scenarios together; 0: not known
    std::uint64_t completed = 0;
    std::uint64_t threw = 0;
};
[[nodiscard]] Schedule schedule_of(const record::RunRecord& record);

// How the run ended, and what the script did.
void judge_ending(const record::RunRecord& record, Signals& signals);
void judge_guard(const record::RunRecord& record, Signals& signals);
void judge_throwing(const record::RunRecord& record, const Criteria& criteria, Signals& signals);
void judge_sign_in(const record::RunRecord& record, Signals& signals);
void judge_naming(const record::RunRecord& record, const Criteria& criteria, Signals& signals);

// The target and what stands before it.
void judge_version(const record::RunRecord& record, Signals& signals);
void judge_restarts(const record::RunRecord& record, Signals& signals);
void judge_silence(const record::RunRecord& record, Signals& signals);
void judge_ports(const record::RunRecord& record, Signals& signals);
void judge_firewall(const record::RunRecord& record, Signals& signals);

// What was seen beside the load.
void judge_facts(const record::RunRecord& record, const Criteria& criteria, Signals& signals);
void judge_dependencies(const record::RunRecord& record, Signals& signals);
void judge_probe(const record::RunRecord& record, Signals& signals);
void judge_foreign_load(const record::RunRecord& record,
                        const Criteria& criteria,
                        Signals& signals);
void judge_memory(const record::RunRecord& record, Signals& signals);
void judge_settling(const record::RunRecord& record, const Criteria& criteria, Signals& signals);
/// The target gave way to another process while it was well by all that was seen: its memory did
/// not grow, and it answered in time until then. Nothing: it did not, or nobody can tell.
[[nodiscard]] bool restarted_from_outside(const record::RunRecord& record);

// The generator.
void judge_schedule(const record::RunRecord& record, const Criteria& criteria, Signals& signals);
void judge_machine(const record::RunRecord& record, const Criteria& criteria, Signals& signals);

}  // namespace weir::judge
