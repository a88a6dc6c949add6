// What `weir prove` found: how often the gate was right about a good and a bad version.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace weir::report {

/// One gate run against one version.
struct ProvedRun {
    bool bad = false;     // of the version that should be blocked
    std::string version;  // as the caller names it
    std::string verdict;  // "pass", "fail", "invalid", "error"
    std::string reason;   // the first
    std::string result;   // directory
    base::Nanos took{};
};

/// The smallest delay that was found, by trying.
struct SmallestDelay {
    struct Tried {
        base::Nanos delay{};
        int runs = 0;
        int failed = 0;
    };
    std::vector<Tried> tried;
    base::Nanos found{};   // zero: none up to the largest that was tried
    base::Nanos unseen{};  // the largest at which no gate failed
};

struct Proof {
    std::vector<ProvedRun> runs;
    bool smallest_asked = false;
    SmallestDelay smallest;
    std::string ended_early;  // why not all runs were made; empty: they were
};

/// Each good run passed, each bad one was detected, and all were made.
[[nodiscard]] bool holds(const Proof& proof);
[[nodiscard]] std::string prove_text(const Proof& proof);
/// {"good": {"runs", "false_alarms", …}, "bad": {"runs", "detected", …}, …}; docs/prove.md.
[[nodiscard]] std::string prove_json(const Proof& proof);

}  // namespace weir::report
