#include "report/prove_text.h"

#include <algorithm>
#include <map>

#include "base/format.h"
#include "base/json.h"
#include "base/units.h"
#include "stats/interval.h"

namespace weir::report {
namespace {

using base::Json;

/// What became of the runs against one side.
struct Side {
    std::uint64_t runs = 0;
    std::uint64_t passed = 0;
    std::uint64_t failed = 0;
    std::uint64_t invalid = 0;
    std::uint64_t errors = 0;
    std::vector<base::Nanos> times;
    /// Runs that gave a verdict on the service.
    [[nodiscard]] std::uint64_t judged() const { return passed + failed; }
};

Side side_of(const Proof& proof, bool bad) {
    Side side;
    for (const auto& run : proof.runs) {
        if (run.bad != bad) continue;
        side.runs += 1;
        side.passed += run.verdict == "pass" ? 1U : 0U;
        side.failed += run.verdict == "fail" ? 1U : 0U;
        side.invalid += run.verdict == "invalid" ? 1U : 0U;
        side.errors += run.verdict == "error" ? 1U : 0U;
        side.times.push_back(run.took);
    }
    std::sort(side.times.begin(), side.times.end());
    return side;
}

base::Nanos median(const std::vector<base::Nanos>& sorted) {
    return sorted.empty() ? base::Nanos{} : sorted[sorted.size() / 2];
}

constexpr double confidence = 0.95;

Json json_of(const Side& side, bool bad) {
    const auto interval = stats::clopper_pearson(side.failed, side.judged(), confidence);
    const double rate = side.judged() == 0
                            ? 0
                            : static_cast<double>(side.failed) / static_cast<double>(side.judged());
    Json json{{"runs", side.runs}, {"invalid", side.invalid}, {"errors", side.errors}};
    if (bad) {
        json["detected"] = side.failed;
        json["missed"] = side.passed;
        json["detection_rate"] = rate;
        json["detection_rate_95"] = {interval.low, interval.high};
    } else {
        json["passed"] = side.passed;
        json["false_alarms"] = side.failed;
        json["false_alarm_rate"] = rate;
        json["false_alarm_rate_95"] = {interval.low, interval.high};
    }
    json["median_seconds"] = base::to_seconds(median(side.times));
    json["worst_seconds"] = side.times.empty() ? 0 : base::to_seconds(side.times.back());
    return json;
}

std::string seconds_text(base::Nanos time) {
    return base::format("{:.1f} s", base::to_seconds(time));
}

std::string side_text(const Side& side, bool bad) {
    const auto interval = stats::clopper_pearson(side.failed, side.judged(), confidence);
    std::string out = base::format(
        "{}: {} of {} {} (rate {:.1f} to {:.1f} % at 95 %)", bad ? "bad " : "good", side.failed,
        side.judged(), bad ? "detected" : "false alarms", interval.low * 100, interval.high * 100);
    if (side.invalid + side.errors > 0) {
        out += base::format(", {} invalid, {} errors", side.invalid, side.errors);
    }
    if (!side.times.empty()) {
        out += base::format("; to the verdict {} median, {} at most",
                            seconds_text(median(side.times)), seconds_text(side.times.back()));
    }
    return out + "\n";
}

}  // namespace

bool holds(const Proof& proof) {
    return proof.ended_early.empty() &&
           std::all_of(proof.runs.begin(), proof.runs.end(),
                       [](const auto& run) { return run.verdict == (run.bad ? "fail" : "pass"); });
}

std::string prove_text(const Proof& proof) {
    std::string out =
        side_text(side_of(proof, false), false) + side_text(side_of(proof, true), true);
    for (const auto& run : proof.runs) {
        if (run.verdict == (run.bad ? "fail" : "pass")) continue;
        out += base::format("  {} was {}: {} ({})\n", run.version, run.verdict, run.reason,
                            run.result);
    }
    if (proof.smallest_asked) {
        out += proof.smallest.found > base::Nanos{}
                   ? base::format("smallest delay found in four of five gates: {}; {} in none\n",
                                  base::write_duration(proof.smallest.found),
                                  base::write_duration(proof.smallest.unseen))
                   : "no delay that was tried was found in four of five gates\n";
        for (const auto& each : proof.smallest.tried) {
            out += base::format("  {}: {} of {} gates failed\n", base::write_duration(each.delay),
                                each.failed, each.runs);
        }
    }
    if (!proof.ended_early.empty()) out += "ended early: " + proof.ended_early + "\n";
    return out;
}

std::string prove_json(const Proof& proof) {
    Json json{{"good", json_of(side_of(proof, false), false)},
              {"bad", json_of(side_of(proof, true), true)}};
    json["holds"] = holds(proof);
    json["ended_early"] = proof.ended_early;
    json["runs"] = Json::array();
    for (const auto& run : proof.runs) {
        json["runs"].push_back({{"version", run.version},
                                {"bad", run.bad},
                                {"verdict", run.verdict},
                                {"seconds", base::to_seconds(run.took)},
                                {"reason", run.reason},
                                {"result", run.result}});
    }
    if (proof.smallest_asked) {
        json["smallest"] = {{"found_ms", base::to_ms(proof.smallest.found)},
                            {"unseen_ms", base::to_ms(proof.smallest.unseen)},
                            {"tried", Json::array()}};
        for (const auto& each : proof.smallest.tried) {
            json["smallest"]["tried"].push_back({{"delay_ms", base::to_ms(each.delay)},
                                                 {"runs", each.runs},
                                                 {"failed", each.failed}});
        }
    }
    return base::write_json(json, 2) + "\n";
}

}  // namespace weir::report
