// Material: all that a report of one run is made of, as values; each format reads the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gate/decision.h"
#include "gate/provenance.h"
#include "record/baseline_change.h"
#include "record/run_record.h"
#include "record/verdict.h"

namespace weir::report {

/// Nothing in it is secret: records and verdicts are redacted before they get here. Does not own
/// the record, which may be large.
struct Material {
    const record::RunRecord& record;
    record::Verdict verdict;
    gate::Decision decision;
    gate::Provenance provenance{};
    std::vector<record::BaselineChange> changes{};  // against the last runs that passed
    std::size_t baseline_runs = 0;                  // that were found
    std::string baseline_words{};                   // what was compared, or why nothing was
};

/// "pass", "fail", "invalid", "bypassed", or "none": nothing was asked.
[[nodiscard]] std::string verdict_word(const Material& material);
/// A report may link to it: "http://…" or "https://…", and nothing that a page would run.
[[nodiscard]] bool is_web_address(std::string_view text) noexcept;
/// "https://traces.example/4bf9…" for `trace_id`; empty when either is not known.
[[nodiscard]] std::string trace_link(const Material& material, const std::string& trace_id);
/// Its interval says something: it was estimated, and of what can have one.
[[nodiscard]] bool has_interval(const record::Finding& finding) noexcept;
/// The names of those who should look, each once, in the order of the signals.
[[nodiscard]] std::vector<std::string> who_should_look(const Material& material);

}  // namespace weir::report
