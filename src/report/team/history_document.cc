#include "report/team/history_document.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "base/format.h"
#include "report/figures.h"
#include "report/team/document_head.h"
#include "report/team/run_rates.h"
#include "report/team/trends.h"
#include "stats/interval.h"

namespace weir::report {
namespace {

using base::Json;
using record::FigureUnit;
using record::FindingState;
using record::PastRun;

std::string_view state_word(const PastRun& run) {
    switch (run.state) {
        case record::RunState::finished:
            return "finished";
        case record::RunState::running:
            return "running";
        case record::RunState::abandoned:
            return "abandoned";
    }
    return "abandoned";
}

/// "2026-11-24 08:29 UTC"
std::string minute_of(const PastRun& run) {
    const auto text = record::to_text(run.started);
    return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

Json list_of(const Values& values) {
    auto list = Json::array();
    for (const auto& each : values) list.push_back(each ? Json(*each) : Json(nullptr));
    return list;
}

/// How many findings of a run are in which state.
Json tally_of(const PastRun& run) {
    const auto count = [&run](FindingState state) {
        return std::count_if(run.findings.begin(), run.findings.end(),
                             [state](const auto& each) { return each.state == state; });
    };
    return {{"held", count(FindingState::held)},
            {"missed", count(FindingState::missed)},
            {"undecided", count(FindingState::undecided)}};
}

/// What kept a run from being trusted, and what spoke against the service.
Json signals_of(const PastRun& run) {
    auto signals = Json::array();
    for (const auto& each : run.signals) {
        if (!each.hard && !each.against_service) continue;
        signals.push_back({{"name", each.name},
                           {"weight", each.against_service ? "against the service" : "hard"},
                           {"words", each.words},
                           {"who", each.who}});
    }
    return signals;
}

/// A commit's digest by its beginning, as people say it; versions as they are, within reason.
std::string shown_commit(const std::string& commit) {
    constexpr std::size_t digest_least = 12;
    constexpr std::size_t said = 7;
    constexpr std::size_t most = 40;
    const bool digest = commit.size() >= digest_least &&
                        commit.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    return commit.substr(0, digest ? said : most);
}

class Writer {
public:
    explicit Writer(const HistoryView& view)
        : view_(view),
          runs_(view.runs.rbegin(), view.runs.rend()),
          deployments_(deployments_of(runs_)) {}

    Json document() const {
        auto json = document_head("weir.history", view_.store);
        json["suite"] = view_.suite;
        json["environment"] = view_.environment;
        put_text(json, "since", view_.since);
        json["last"] = view_.last;
        json["more"] = view_.more;
        json["runs"] = Json::array();
        for (const auto& run : runs_) json["runs"].push_back(run_line(run));
        json["deployments"] = Json::array();
        for (const auto& each : deployments_) {
            json["deployments"].push_back(
                {{"run", each.run}, {"from", each.from}, {"to", each.to}});
        }
        json["verdicts"] = verdicts();
        json["flaky"] = flaky();
        json["invalid"] = invalid();
        json["conditions"] = conditions();
        json["requests"] = requests();
        return json;
    }

private:
    Json run_line(const PastRun& run) const {
        Json json{{"id", run.run_id},
                  {"started", record::to_text(run.started)},
                  {"state", state_word(run)}};
        if (run.state == record::RunState::finished) {
            put_text(json, "verdict", run.verdict);
            json["durationSeconds"] = base::to_seconds(run.duration);
        }
        put_text(json, "commit", run.commit);
        put_text(json, "load", run.load);
        json["attempt"] = run.attempt;
        if (const auto found = view_.bypasses.find(run.run_id); found != view_.bypasses.end()) {
            json["bypass"] = found->second;
        }
        json["reasons"] = run.reasons;
        json["findings"] = tally_of(run);
        json["signals"] = signals_of(run);
        std::uint64_t answered = 0;
        std::uint64_t failed = 0;
        for (const auto& each : run.requests) {
            answered += each.answered;
            failed += each.failed;
        }
        json["requests"] = {{"answered", answered}, {"failed", failed}};
        if (const auto found = view_.reports.find(run.run_id); found != view_.reports.end()) {
            put_text(json, "report", found->second.path);
            put_text(json, "noReport", found->second.words);
        }
        return json;
    }

    Json verdicts() const {
        constexpr std::array words{"pass", "fail", "invalid", "running", "abandoned"};
        Json json;
        for (const std::string_view word : words) {
            json[word] = std::count_if(runs_.begin(), runs_.end(), [word](const PastRun& run) {
                return report::word_of(run) == word;
            });
        }
        json["bypassed"] = std::count_if(runs_.begin(), runs_.end(), [this](const PastRun& run) {
            return view_.bypasses.count(run.run_id) > 0;
        });
        return json;
    }

    static Json rate_of(std::size_t hits, std::size_t of, const std::string& words) {
        Json json{{"hits", hits}, {"of", of}};
        if (of == 0) {
            json["words"] = words;
            return json;
        }
        const double share = static_cast<double>(hits) / static_cast<double>(of);
        const auto interval = stats::wilson(hits, of, rate_confidence);
        json["share"] = share;
        json["interval"] = {interval.low, interval.high};
        json["confidence"] = rate_confidence;
        json["words"] = base::format(
            "{}: {:.0f} %, and in the long run between {:.0f} % and "
            "{:.0f} % ({:.0f} % sure)",
            words, share * 100, interval.low * 100, interval.high * 100, rate_confidence * 100);
        return json;
    }

    Json flaky() const {
        const auto flakes = flakes_of(runs_);
        if (flakes.repeated == 0) {
            return rate_of(0, 0, "no commit was tested more than once, so nothing can be said");
        }
        return rate_of(flakes.both, flakes.repeated,
                       base::format("{} of {} commits that were tested more than once both passed "
                                    "and failed",
                                    flakes.both, flakes.repeated));
    }

    Json invalid() const {
        std::size_t ended = 0;
        std::size_t hits = 0;
        for (const auto& run : runs_) {
            ended += run.state == record::RunState::finished ? 1U : 0U;
            hits += run.verdict == "invalid" ? 1U : 0U;
        }
        auto json = ended == 0 ? rate_of(0, 0, "no run has ended yet")
                               : rate_of(hits, ended,
                                         base::format("{} of {} runs said nothing about the "
                                                      "service",
                                                      hits, ended));
        json["causes"] = Json::array();
        for (const auto& [cause, count] : invalid_causes(runs_)) {
            json["causes"].push_back({{"name", cause}, {"runs", count}});
        }
        return json;
    }

    /// "from 210.0 ms to 340.0 ms (+62 %), first in the run of …, with `def` in place of `abc`"
    std::string words_of(const Change& change, FigureUnit unit) const {
        auto words = base::format("from {} to {}", figure_text(change.before, unit),
                                  figure_text(change.after, unit));
        if (unit != FigureUnit::share && change.before > 0) {
            words += base::format(" ({:+.0f} %)", (change.after / change.before - 1) * 100);
        }
        const auto& run = runs_[change.run];
        words += base::format(", first in the run of {}", minute_of(run));
        if (change.deployment) {
            const auto& deployment = deployments_[*change.deployment];
            words += base::format(", with {} in place of {}", shown_commit(deployment.to),
                                  shown_commit(deployment.from));
        } else if (!run.commit.empty()) {
            words += base::format(", with {} tested before and after", shown_commit(run.commit));
        }
        return words;
    }

    Json changes(const Values& values, FigureUnit unit) const {
        auto list = Json::array();
        for (const auto& each : changes_of(values, deployments_)) {
            Json json{{"run", each.run}, {"before", each.before}, {"after", each.after}};
            if (each.deployment) json["deployment"] = *each.deployment;
            json["words"] = words_of(each, unit);
            list.push_back(std::move(json));
        }
        return list;
    }

    Json conditions() const {
        auto list = Json::array();
        for (const auto& trend : condition_trends(runs_)) {
            auto intervals = Json::array();
            auto states = Json::array();
            for (const auto& each : trend.intervals) {
                intervals.push_back(each ? Json{each->low, each->high} : Json(nullptr));
            }
            for (const auto& each : trend.states) {
                states.push_back(each ? Json(record::word_of(*each)) : Json(nullptr));
            }
            list.push_back({{"condition", trend.condition},
                            {"unit", unit_word(trend.unit)},
                            {"values", list_of(trend.values)},
                            {"limits", list_of(trend.limits)},
                            {"intervals", std::move(intervals)},
                            {"states", std::move(states)},
                            {"samples", trend.samples},
                            {"changes", changes(trend.values, trend.unit)}});
        }
        return list;
    }

    Json requests() const {
        auto list = Json::array();
        for (const auto& trend : request_trends(runs_)) {
            list.push_back({{"journey", trend.journey},
                            {"request", trend.request},
                            {"answered", trend.answered},
                            {"medianMs", list_of(trend.medians)},
                            {"p95Ms", list_of(trend.p95s)},
                            {"medianChanges", changes(trend.medians, FigureUnit::milliseconds)},
                            {"p95Changes", changes(trend.p95s, FigureUnit::milliseconds)}});
        }
        return list;
    }

    const HistoryView& view_;
    std::vector<PastRun> runs_;  // oldest first
    std::vector<Deployment> deployments_;
};

}  // namespace

std::string history_document(const HistoryView& view) {
    return base::write_json(Writer(view).document()) + "\n";
}

}  // namespace weir::report
