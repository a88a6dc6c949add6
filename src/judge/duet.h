// Duet: pairs become a verdict: which requests changed, by how much, and how sure that is. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/practical_threshold.h"
#include "plan/suite.h"
#include "record/run_record.h"
#include "record/verdict.h"
#include "stats/paired.h"

namespace weir::judge {

/// What of a change matters, and how sure one must be.
struct DuetRule {
    double level = 0.01;  // of the whole duet: the chance to call an equal candidate slower
    plan::PracticalThreshold slower_than;
    double failures = 0.005;  // so many more of its requests must fail, and surely more
    plan::TrustLimits trust;
};

/// One request name of one journey. `time` is of pairs that both sides answered well.
struct DuetFinding {
    std::string journey;
    std::string name;
    stats::PairedAnswer time;
    stats::OneSidedAnswer failures;
    bool slower = false;   // state of `time`
    bool failing = false;  // more failures, surely and by more than the rule's
};

struct DuetVerdict {
    record::Verdict verdict;  // with a finding for each request
    std::vector<DuetFinding> requests;
};

/// Nine tenths of the level are for times, one tenth for failures, divided by the requests that
/// have enough pairs for a decision; others are left out. Rules in order: a hard signal makes the
/// duet invalid (the generator's own trouble only when nothing changed: it hits both sides alike);
/// a request that became slower or fails more fails it; a journey without any pair, or too few of
/// all, makes it invalid; what is undecided passes and is said.
[[nodiscard]] DuetVerdict judge_duet(const record::RunRecord& record, const DuetRule& rule);

/// Whether more pairs could change nothing: each request is slower, faster, no slower or failing,
/// and so is each that will have enough pairs when there are `growth` times as many. May be asked
/// as often as one likes.
[[nodiscard]] bool is_decided(std::span<const record::PairSeries> pairs,
                              const DuetRule& rule,
                              double growth);

/// How the requests that can be compared stand while pairs are still coming: as judge_duet() says
/// it of them.
[[nodiscard]] std::vector<record::Finding> standings(std::span<const record::PairSeries> pairs,
                                                     const DuetRule& rule);

/// A JSON document, the same bytes for the same verdict; an end that is not known is null.
[[nodiscard]] std::string encode(const DuetVerdict& duet, const DuetRule& rule);
/// The rule in such a document, but for the trust limits. Untrusted text.
[[nodiscard]] base::Result<DuetRule> decode_duet_rule(std::string_view text);

}  // namespace weir::judge
