// Verdict: what a judge says of one run, with every finding's value, limit, samples and words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "stats/interval.h"

namespace weir::record {

enum class VerdictKind : std::uint8_t {
    pass,
    fail,     // the service misses a condition
    invalid,  // the measurement cannot be trusted; says why and who should look
};
[[nodiscard]] std::string_view word_of(VerdictKind kind) noexcept;

enum class FindingState : std::uint8_t {
    held,
    missed,
    undecided,  // too few samples
};
[[nodiscard]] std::string_view word_of(FindingState state) noexcept;

/// What a finding's value, limit and interval are in.
enum class FigureUnit : std::uint8_t { share, milliseconds, per_second, plain };

/// One condition or threshold, judged.
struct Finding {
    std::string condition;  // "98 % of `dashboard` under 2s"
    FindingState state = FindingState::undecided;
    FigureUnit unit = FigureUnit::share;
    double value = 0;  // what was compared; a share, or a k6 figure in its unit
    double limit = 0;
    std::uint64_t samples = 0;
    stats::Interval interval;      // 99 %; [0, 1] for k6 thresholds
    bool decided = false;          // at the gate's error level, or by counting alone
    bool weak = false;             // not decided: what the policy makes of it
    bool about_generator = false;  // says nothing of the service
    bool about_baseline = false;   // compares with earlier runs; the interval is the next run's
    std::string words;             // what it means, in a sentence
    std::string journey;           // the journey and request it is about; empty: the whole run
    std::string request;
    [[nodiscard]] bool operator==(const Finding& other) const noexcept {
        return condition == other.condition && state == other.state && words == other.words;
    }
};

/// Something that speaks for or against trusting the measurement.
struct Signal {
    std::string name;              // "sign-in failed", "generator saturated"
    bool hard = false;             // alone makes the run invalid
    bool against_service = false;  // the service's own doing: makes the run a fail
    bool about_generator = false;  // hard only while no condition is missed beyond doubt
    bool note = false;             // neither for nor against: to be known
    std::string words;
    std::string who;  // who should look
};

struct Verdict {
    VerdictKind kind = VerdictKind::invalid;
    std::vector<std::string> reasons;  // in the order that matters; never empty
    std::vector<Finding> findings;
    std::vector<Signal> signals;
    std::vector<std::string> versions;  // of the target that were seen
};

/// A JSON document, the same bytes for the same verdict.
[[nodiscard]] std::string encode(const Verdict& verdict);

}  // namespace weir::record
