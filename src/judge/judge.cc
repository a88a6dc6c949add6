#include "judge/judge.h"

#include <algorithm>
#include <cstddef>

#include "base/format.h"
#include "judge/baseline.h"
#include "judge/conditions.h"
#include "judge/request_figures.h"
#include "judge/thresholds.h"
#include "judge/validity.h"

namespace weir::judge {
namespace {

using record::Finding;
using record::FindingState;
using record::RunRecord;
using record::Verdict;
using record::VerdictKind;

std::vector<std::string> versions_of(const RunRecord& record) {
    std::vector<std::string> versions;
    for (const auto& seen : record.target.seen) {
        std::string text = seen.version.empty() ? "(unknown)" : seen.version;
        if (!seen.instance.empty()) text += base::format(" (instance {})", seen.instance);
        versions.push_back(std::move(text));
    }
    return versions;
}

/// Else that there are no samples needs no words.
bool was_load_offered(const RunRecord& record) {
    const auto kind = record.ending.kind;
    return kind != record::EndKind::setup_failed && kind != record::EndKind::unreachable &&
           kind != record::EndKind::data_drifted;
}

std::string text_of(const Finding& finding) {
    return finding.condition + ": " + finding.words;
}

/// One judging of one record: the findings stand in the verdict, conditions first.
class Judging {
public:
    Judging(const RunRecord& record, const Criteria& criteria)
        : record_(record), criteria_(criteria) {
        verdict_.signals = find_signals(record, criteria);
        verdict_.versions = versions_of(record);
        for (const auto& condition : criteria.conditions) {
            verdict_.findings.push_back(judge_condition(record, condition, criteria));
            beyond_doubt_.push_back(misses_beyond_doubt(record, condition));
            distrust_the_generator(verdict_.findings.back());
        }
        for (auto& finding : judge_thresholds(record, criteria)) {
            verdict_.findings.push_back(std::move(finding));
        }
        compare_with_last_runs();
    }

    Verdict decide() {
        if (rule_out_the_measurement()) return end(VerdictKind::invalid);
        if (doubt_every_miss()) return end(VerdictKind::invalid);
        if (blame_the_service()) return end(VerdictKind::fail);
        if (doubt_what_is_close()) return end(VerdictKind::invalid);
        if (blame_for(true)) return end(VerdictKind::fail);
        verdict_.reasons.push_back(words_of_pass());
        return end(VerdictKind::pass);
    }

private:
    void compare_with_last_runs() {
        const auto& baseline = criteria_.baseline;
        if (baseline.on_slower == plan::SlowerPolicy::ignore) return;
        const auto now = request_figures(record_);
        auto findings = compare_with_baseline(now, baseline);
        note_baseline(now, findings, baseline, verdict_.signals);
        if (baseline.on_slower != plan::SlowerPolicy::fail) return;
        for (auto& finding : findings) verdict_.findings.push_back(std::move(finding));
    }

    Verdict end(VerdictKind kind) {
        verdict_.kind = kind;
        return std::move(verdict_);
    }

    [[nodiscard]] bool any_signal(bool record::Signal::*which) const {
        return std::any_of(verdict_.signals.begin(), verdict_.signals.end(),
                           [which](const auto& signal) { return signal.*which; });
    }

    /// What a suite asks of the generator itself is a rule of trust.
    void distrust_the_generator(const Finding& finding) {
        if (!finding.about_generator || finding.state != FindingState::missed) return;
        verdict_.signals.push_back({.name = "generator condition missed",
                                    .hard = true,
                                    .about_generator = true,
                                    .words = text_of(finding),
                                    .who = "whoever runs the pipeline's machines"});
    }

    [[nodiscard]] std::string words_of_pass() const {
        const auto asked = verdict_.findings.size();
        if (asked == 0) return "nothing was asked of the service";
        const auto weak = std::count_if(verdict_.findings.begin(), verdict_.findings.end(),
                                        [](const auto& finding) { return finding.weak; });
        std::string words = asked == 1 ? std::string("the one condition holds")
                                       : base::format("all {} conditions hold", asked);
        if (weak > 0) {
            words += base::format(", {} of them by their figure alone: a longer run decides", weak);
        }
        return words;
    }

    bool rule_out_the_measurement() {
        const bool clearly =
            std::find(beyond_doubt_.begin(), beyond_doubt_.end(), true) != beyond_doubt_.end();
        for (const auto& signal : verdict_.signals) {
            if (!signal.hard || (signal.about_generator && clearly)) continue;
            verdict_.reasons.push_back(
                base::format("{} ({} should look)", signal.words, signal.who));
        }
        // Without samples there is no pass; but a service that gave no answers has failed.
        const bool kept_back = any_signal(&record::Signal::against_service);
        if (!verdict_.reasons.empty() && !was_load_offered(record_)) return true;
        for (const auto& finding : verdict_.findings) {
            if (finding.state != FindingState::undecided || kept_back || clearly) continue;
            verdict_.reasons.push_back(text_of(finding));
        }
        return !verdict_.reasons.empty();
    }

    /// Whether the trouble of the generator may have made this miss.
    [[nodiscard]] bool is_doubtful(std::size_t finding) const {
        const auto& found = verdict_.findings[finding];
        if (finding < criteria_.conditions.size()) {
            return !beyond_doubt_[finding] || found.interval.contains(found.limit);
        }
        std::size_t end = criteria_.conditions.size();
        for (const auto& set : criteria_.thresholds) {
            end += set.thresholds.size();
            if (finding < end) return is_about_time(record_, set) && found.samples > 0;
        }
        return true;  // a time compared with the last runs', which had no such trouble
    }

    bool doubt_every_miss() {
        if (!any_signal(&record::Signal::about_generator)) return false;
        if (any_signal(&record::Signal::against_service)) return false;
        std::vector<std::string> missed;
        for (std::size_t i = 0; i < verdict_.findings.size(); ++i) {
            if (verdict_.findings[i].state != FindingState::missed) continue;
            if (verdict_.findings[i].about_generator) continue;
            if (!is_doubtful(i)) return false;
            missed.push_back(text_of(verdict_.findings[i]));
        }
        if (missed.empty()) return false;
        for (const auto& signal : verdict_.signals) {
            if (!signal.about_generator) continue;
            verdict_.reasons.push_back(
                base::format("a condition is missed by no more than the generator's own trouble "
                             "explains: {} ({} should look)",
                             signal.words, signal.who));
        }
        for (auto& text : missed) verdict_.reasons.push_back(std::move(text));
        return true;
    }

    /// A soft signal matters where a condition could just as well have come out the other way.
    bool doubt_what_is_close() {
        const auto soft = [](const record::Signal& signal) {
            return !signal.hard && !signal.against_service && !signal.note;
        };
        if (std::none_of(verdict_.signals.begin(), verdict_.signals.end(), soft)) return false;
        std::vector<std::string> close;
        for (std::size_t i = 0; i < criteria_.conditions.size(); ++i) {
            const auto& finding = verdict_.findings[i];
            if (!finding.weak || holds_comfortably(record_, criteria_.conditions[i])) continue;
            close.push_back(text_of(finding));
        }
        if (close.empty()) return false;
        for (const auto& signal : verdict_.signals) {
            if (!soft(signal)) continue;
            verdict_.reasons.push_back(
                base::format("a condition is too close to call, and {} ({} should look)",
                             signal.words, signal.who));
        }
        for (auto& text : close) verdict_.reasons.push_back(std::move(text));
        return true;
    }

    /// The misses that were decided, or those that the policy takes for one.
    bool blame_for(bool weak) {
        for (const auto& finding : verdict_.findings) {
            const bool missed = finding.state == FindingState::missed && finding.weak == weak;
            if (missed && !finding.about_generator) verdict_.reasons.push_back(text_of(finding));
        }
        return !verdict_.reasons.empty();
    }

    bool blame_the_service() {
        (void)blame_for(false);
        for (const auto& signal : verdict_.signals) {
            if (signal.against_service) verdict_.reasons.push_back(signal.words);
        }
        if (record_.ending.marked_failed) {
            verdict_.reasons.push_back("the script failed the run: " + record_.ending.marked_words);
        }
        return !verdict_.reasons.empty();
    }

    const RunRecord& record_;
    const Criteria& criteria_;
    Verdict verdict_;
    std::vector<bool> beyond_doubt_;  // of each condition
};

}  // namespace

Verdict judge(const RunRecord& record, const Criteria& criteria) {
    return Judging(record, criteria).decide();
}

}  // namespace weir::judge
