// paired_power: how often the paired test is wrong, and how often it finds a slowdown, by
// simulation with fixed seeds. Prints a Markdown table; with --check, fails on more false alarms
// than the level allows or too little power.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "stats/interval.h"
#include "stats/paired.h"
#include "tests/power/mann_whitney.h"

namespace {

using weir::base::Random;
using weir::stats::Pair;

/// Log noise of the pairs of one run: what is added to each side's log latency.
struct LogPair {
    double baseline = 0;
    double candidate = 0;
};
using Noise = std::function<LogPair(Random&)>;
/// Noise with memory starts anew for each run; `apart` is the time between pairs in seconds.
using NoiseLaw = std::function<Noise(double apart)>;

double normal(Random& random) {
    const double radius = std::sqrt(-2 * std::log1p(-random.unit()));
    return radius * std::cos(2 * std::numbers::pi * random.unit());
}

/// Stationary, with standard deviation 1.
struct Ar1 {
    double phi = 0;
    double value = 0;
    bool begun = false;
    double next(Random& random) {
        value = begun ? phi * value + std::sqrt(1 - phi * phi) * normal(random) : normal(random);
        begun = true;
        return value;
    }
};

/// On and off with mean lengths in seconds.
struct Bursts {
    double apart = 0;
    double calm = 8;
    double burst = 1.5;
    bool on = false;
    bool next(Random& random) {
        if (random.unit() < apart / (on ? burst : calm)) on = !on;
        return on;
    }
};

NoiseLaw independent(double sd) {
    return [sd](double) {
        return [sd](Random& random) { return LogPair{sd * normal(random), sd * normal(random)}; };
    };
}

NoiseLaw autocorrelated(double phi, double shared, double own) {
    return [=](double) {
        return [=, all = Ar1{phi}, left = Ar1{phi}, right = Ar1{phi}](Random& random) mutable {
            const double common = shared * all.next(random);
            return LogPair{common + own * left.next(random) + 0.1 * normal(random),
                           common + own * right.next(random) + 0.1 * normal(random)};
        };
    };
}

/// Pareto service times: the log is exponential. Shape 1.5 has no variance on the linear scale.
NoiseLaw heavy_tailed(double shape) {
    return [shape](double) {
        return [shape](Random& random) {
            return LogPair{-std::log1p(-random.unit()) / shape,
                           -std::log1p(-random.unit()) / shape};
        };
    };
}

NoiseLaw bursty(bool shared) {
    return [shared](double apart) {
        return [shared, left = Bursts{apart}, right = Bursts{apart}](Random& random) mutable {
            const bool one = left.next(random);
            const bool other = shared ? one : right.next(random);
            const auto of = [&random](bool burst) {
                return burst ? 1.2 + 0.6 * normal(random) : 0.2 * normal(random);
            };
            const double baseline = of(one);
            return LogPair{baseline, of(other)};
        };
    };
}

/// Few users own most of the data: both sides of a pair serve the same one.
NoiseLaw skewed_subjects() {
    return [](double) {
        return [](Random& random) {
            const double subject = 1.2 * normal(random);
            return LogPair{subject + 0.25 * normal(random), subject + 0.25 * normal(random)};
        };
    };
}

/// Whoever comes second finds a warm cache.
NoiseLaw second_is_faster() {
    return [](double) {
        return [](Random& random) {
            const bool swapped = random.unit() < 0.5;
            const double first = 0.2 * normal(random);
            const double second = 0.2 * normal(random) - 0.3;
            return swapped ? LogPair{second, first} : LogPair{first, second};
        };
    };
}

struct Cell {
    std::string law;
    NoiseLaw noise;
    double rate = 25;  // pairs per second
    double seconds = 60;
    double slowdown = 0;     // what is true
    double threshold = 0;    // what is asked
    double absolute = 0;     // ns
    double least_power = 0;  // of --check
};

std::vector<Cell> cells() {
    const std::vector<std::pair<std::string, NoiseLaw>> laws{
        {"independent, sd 0.25", independent(0.25)},
        {"AR(1) 0.9, shared", autocorrelated(0.9, 0.3, 0)},
        {"AR(1) 0.9, each side its own", autocorrelated(0.9, 0, 0.25)},
        {"AR(1) 0.5, each side its own", autocorrelated(0.5, 0, 0.25)},
        {"heavy tails (Pareto 1.5)", heavy_tailed(1.5)},
        {"bursts, shared", bursty(true)},
        {"bursts, each side its own", bursty(false)},
        {"skewed subjects", skewed_subjects()},
        {"the second of a pair is faster", second_is_faster()},
    };
    std::vector<Cell> all;
    for (const auto& [name, law] : laws) {
        all.push_back({.law = name, .noise = law});
        all.push_back({.law = name, .noise = law, .rate = 4});
        all.push_back(
            {.law = name, .noise = law, .slowdown = 0.2, .threshold = 0.2, .absolute = 1e6});
    }
    all.push_back(
        {.law = "independent, sd 0.25, long", .noise = independent(0.25), .seconds = 300});
    for (const double sd : {0.2, 0.25, 0.3}) {
        char name[40];
        static_cast<void>(std::snprintf(name, sizeof name, "independent, sd %.2f", sd));
        all.push_back({.law = name,
                       .noise = independent(sd),
                       .slowdown = 0.05,
                       .least_power = sd < 0.25  ? 0.95
                                      : sd < 0.3 ? 0.8
                                                 : 0.5});
    }
    for (const auto& [name, law] : laws) {
        all.push_back({.law = name, .noise = law, .slowdown = 0.05});
        all.push_back({.law = name, .noise = law, .slowdown = 0.2});
        all.push_back(
            {.law = name, .noise = law, .slowdown = 0.5, .threshold = 0.2, .absolute = 10e6});
    }
    return all;
}

struct Counts {
    int slower = 0;
    int faster = 0;
    int covered = 0;
    int rival_slower = 0;  // by Mann-Whitney, looked at once, at the end
};

Counts run_cell(const Cell& cell, int runs, std::uint64_t seed) {
    Counts counts;
    Random seeds(seed);
    for (int run = 0; run < runs; ++run) {
        Random random = seeds.split();
        const Noise noise = cell.noise(1 / cell.rate);
        std::vector<Pair> pairs;
        const auto count = static_cast<std::size_t>(cell.rate * cell.seconds);
        for (std::size_t i = 0; i < count; ++i) {
            const LogPair drawn = noise(random);
            pairs.push_back({.baseline = 50e6 * std::exp(drawn.baseline),
                             .candidate = 50e6 * (1 + cell.slowdown) * std::exp(drawn.candidate),
                             .at = weir::base::Nanos(static_cast<std::int64_t>(
                                 static_cast<double>(i) / cell.rate * 1e9))});
        }
        const auto answer = weir::stats::compare_pairs(
            pairs, {.relative = cell.threshold, .absolute = cell.absolute});
        counts.slower += answer.state == weir::stats::PairedState::slower ? 1 : 0;
        counts.faster += answer.state == weir::stats::PairedState::faster ? 1 : 0;
        counts.rival_slower += weir::power::mann_whitney_says_slower(pairs, cell.threshold) ? 1 : 0;
        const double truth = 1 + cell.slowdown;
        counts.covered += answer.ratio_low <= truth && truth <= answer.ratio_high ? 1 : 0;
    }
    return counts;
}

constexpr const char* about =
    "# How often a duet is wrong, and what it finds\n\n"
    "Generated by `tools/power`, which runs `paired_power`: %d simulated duets a row, from seed "
    "%llu; "
    "level 1 %% for each\n"
    "direction. `true` is how much slower the candidate is, `asked` the threshold. Where `true` is "
    "no "
    "more than asked,\n"
    "`slower` is false alarms. `covered`: the interval of the ratio, each of whose ends may be "
    "wrong in "
    "1 %%, holds the\n"
    "truth. `rival`: how often the Mann-Whitney test, which canary judges use, would have said "
    "slower (one-sided, 1 %%,\n"
    "looked at once, at the end): it takes answers to be independent, and does not pair them. "
    "The method: [adr/0016](adr/0016-duet.md).\n\n";

}  // namespace

int main(int argc, char** argv) {
    int runs = 2000;
    std::uint64_t seed = 20261124;
    bool check = false;
    std::string only;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--runs" && i + 1 < argc) runs = std::atoi(argv[++i]);
        if (word == "--only" && i + 1 < argc) only = argv[++i];
        if (word == "--seed" && i + 1 < argc) seed = std::strtoull(argv[++i], nullptr, 10);
        if (word == "--check") check = true;
    }
    if (only.empty()) std::printf(about, runs, static_cast<unsigned long long>(seed));
    std::printf("| log noise | pairs/s | s | true | asked | slower | faster | covered | rival |\n");
    std::printf("|---|---|---|---|---|---|---|---|---|\n");
    bool good = true;
    for (const auto& cell : cells()) {
        seed += 1;
        if (cell.law.find(only) == std::string::npos) continue;
        const Counts counts = run_cell(cell, runs, seed);
        const double share = static_cast<double>(counts.slower) / runs;
        std::printf(
            "| %s | %.0f | %.0f | +%.0f %% | > %.0f %%, > %.0f ms | %.2f %% | %.2f %% | "
            "%.2f %% | %.2f %% |\n",
            cell.law.c_str(), cell.rate, cell.seconds, cell.slowdown * 100, cell.threshold * 100,
            cell.absolute / 1e6, share * 100, 100.0 * counts.faster / runs,
            100.0 * counts.covered / runs, 100.0 * counts.rival_slower / runs);
        static_cast<void>(std::fflush(stdout));
        const bool null = cell.slowdown <= cell.threshold;
        const auto sure = weir::stats::clopper_pearson(static_cast<std::uint64_t>(counts.slower),
                                                       static_cast<std::uint64_t>(runs), 0.999);
        good = good && (null ? sure.low <= 0.01 : share >= cell.least_power);
    }
    if (check && !good) std::printf("\nnot as promised\n");
    return check && !good ? 1 : 0;
}
