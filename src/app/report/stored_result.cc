#include "app/report/stored_result.h"

#include <utility>

#include "app/duet/duet_result.h"
#include "app/report/material_of.h"
#include "base/format.h"
#include "judge/judge.h"
#include "record/codec.h"

namespace weir::app {
namespace {

using base::Result;

/// A file that need not be there.
Result<std::optional<std::string>> read_if_there(const ResultDirectory& directory,
                                                 std::string_view name) {
    auto text = directory.read(name);
    if (text.ok()) return std::optional(std::move(text).value());
    if (text.error().code == base::Code::not_found) return std::optional<std::string>();
    return text.error();
}

Result<gate::Provenance> provenance_in(const ResultDirectory& directory,
                                       const judge::Criteria& criteria) {
    TRY(const auto text, read_if_there(directory, "provenance.json"));
    if (text) {
        auto read = gate::decode_provenance(*text);
        if (!read.ok()) return base::within(directory.file("provenance.json"), read.error());
        return read;
    }
    gate::Provenance made;
    const bool gate =
        !criteria.conditions.empty() || criteria.baseline.on_slower != plan::SlowerPolicy::ignore;
    made.kind = is_duet(directory) ? gate::ResultKind::duet
                : gate             ? gate::ResultKind::gate
                                   : gate::ResultKind::run;
    return made;
}

Result<judge::Criteria> criteria_in(const ResultDirectory& directory) {
    TRY(const auto text, read_if_there(directory, "criteria.json"));
    if (!text) return judge::Criteria{};
    auto read = judge::decode_criteria(*text);
    if (!read.ok()) return base::within(directory.file("criteria.json"), read.error());
    return read;
}

}  // namespace

Result<StoredResult> read_result(const ResultDirectory& directory) {
    StoredResult result;
    auto& made = result.made;
    TRY(made.criteria, criteria_in(directory));
    TRY(made.provenance, provenance_in(directory, made.criteria));
    if (is_duet(directory)) {
        TRY(auto duet, judge_again(directory));
        result.decision = decide(duet.duet);
        made.record = std::move(duet.record);
        made.verdict = std::move(duet.duet.verdict);
        return result;
    }
    auto record = record::read_record(directory.file("record.json"));
    if (!record.ok()) return record.error();
    made.record = std::move(record).value();
    made.verdict = judge::judge(made.record, made.criteria);
    result.decision = made.provenance.kind == gate::ResultKind::run
                          ? decision_of_run(made.verdict)
                          : gate::decide(made.verdict, made.provenance.bypass);
    return result;
}

}  // namespace weir::app
