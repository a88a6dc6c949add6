#include "gate/decision.h"

#include "base/format.h"

namespace weir::gate {

namespace {

/// "Ann and Bob"
std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    }
    return text;
}

Decision blocked_or_not(const record::Verdict& verdict) {
    switch (verdict.kind) {
        case record::VerdictKind::pass:
            return {.allow = true, .code = ExitCode::ok, .sentence = "deployment may go on"};
        case record::VerdictKind::fail:
            return {.code = ExitCode::gate_failed,
                    .sentence = "deployment blocked: the service does not keep its conditions"};
        case record::VerdictKind::invalid:
            return {
                .code = ExitCode::gate_invalid,
                .sentence = "deployment blocked: this measurement says nothing about the service"};
    }
    return {};
}

}  // namespace

Decision decide(const record::Verdict& verdict, const std::optional<UsedBypass>& bypass) {
    Decision decision = blocked_or_not(verdict);
    if (decision.allow || !bypass) return decision;
    return {.allow = true,
            .bypassed = true,
            .code = ExitCode::bypassed,
            .sentence = base::format(
                "bypassed: the deployment may go on by bypass {}, asked for by {}, approved by {}",
                bypass->id, bypass->requester, joined(bypass->approvers))};
}

ExitCode exit_code_of(const Decision& decision, bool zero_when_allowed) {
    return decision.allow && zero_when_allowed ? ExitCode::ok : decision.code;
}

ExitCode exit_code_of(const record::RunRecord& record, bool thresholds_hold) {
    using record::EndKind;
    switch (record.ending.kind) {
        case EndKind::unreachable:
        case EndKind::data_drifted:
        case EndKind::lease_lost:
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
