#include "gate/decision.h"

namespace weir::gate {

Decision decide(const record::Verdict& verdict) {
    switch (verdict.kind) {
        case record::VerdictKind::pass:
            return {true, ExitCode::ok, "deployment may go on"};
        case record::VerdictKind::fail:
            return {false, ExitCode::gate_failed,
                    "deployment blocked: the service does not keep its conditions"};
        case record::VerdictKind::invalid:
            return {false, ExitCode::gate_invalid,
                    "deployment blocked: this measurement says nothing about the service"};
    }
    return {};
}

ExitCode exit_code_of(const record::RunRecord& record, bool thresholds_hold) {
    using record::EndKind;
    switch (record.ending.kind) {
        case EndKind::unreachable:
        case EndKind::data_drifted:
            return ExitCode::gate_error;
        case EndKind::setup_failed:
            return record.ending.words.starts_with("setup() timed out")
                       ? ExitCode::setup_timeout
                       : ExitCode::script_exception;
        case EndKind::aborted_by_script:
            return ExitCode::script_aborted;
        case EndKind::aborted_by_signal:
            return ExitCode::external_abort;
        case EndKind::aborted_by_threshold:
        case EndKind::aborted_by_limit:
            return ExitCode::thresholds_failed;
        case EndKind::finished:
        case EndKind::decided:
            break;
    }
    if (!thresholds_hold) return ExitCode::thresholds_failed;
    return record.ending.marked_failed ? ExitCode::marked_failed : ExitCode::ok;
}

}  // namespace weir::gate
