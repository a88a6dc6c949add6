// Cells: how often a sequential decision is right, over many simulated runs of one kind.
#pragma once

#include <cstdint>

#include "stats/sequential.h"
#include "tests/power/noise.h"

namespace weir::power {

enum class Question : std::uint8_t { share, mean, flow };

/// A stream of requests under a condition that it keeps exactly (slowdown 1), or misses since every
/// latency is `slowdown` times as long.
struct Cell {
    Question question = Question::share;
    Noise noise = Noise::independent;
    double share = 0.98;
    double per_second = 25;
    int seconds = 60;
    double slowdown = 1;
    double limit = 0;  // that a slowdown of 1 keeps exactly; see limit_of()
};
[[nodiscard]] double limit_of(const Cell& cell);

/// Of `runs`: how they were decided when looked at each second until decided, and what the plain
/// comparison at the end would have said.
struct Outcomes {
    int runs = 0;
    int against = 0;
    int in_favour = 0;
    int plainly_missed = 0;
    double median_seconds = 0;  // until decided; the budget when not
};
[[nodiscard]] Outcomes simulate(const Cell& cell, int runs, const stats::ErrorLevels& levels);

}  // namespace weir::power
