// Prints docs/power.md: how often the sequential decisions err, and what they can see in which
// time.
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/format.h"
#include "stats/interval.h"
#include "tests/power/cells.h"

namespace weir::power {
namespace {

constexpr std::array budgets{30, 60, 120, 300};
constexpr std::array slowdowns{1.05, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0};
constexpr stats::ErrorLevels levels{};

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

std::string percent(int part, int whole) {
    return base::format("{:.2f} %", 100.0 * part / whole);
}

/// The smallest slowdown that nine of ten runs find.
std::string smallest_found(Cell cell, int runs) {
    for (const double slowdown : slowdowns) {
        cell.slowdown = slowdown;
        if (simulate(cell, runs, levels).against * 10 >= runs * 9) {
            return base::format("× {}", slowdown);
        }
    }
    return "none to × 4";
}

void rows_of(Question question, Noise noise, int runs) {
    Cell cell{.question = question, .noise = noise};
    cell.limit = limit_of(cell);
    for (const int seconds : budgets) {
        cell.seconds = seconds;
        cell.slowdown = 1;
        const Outcomes kept = simulate(cell, runs, levels);
        cell.slowdown = 1.5;
        const Outcomes slow = simulate(cell, runs / 5, levels);
        cell.slowdown = 0.5;
        const Outcomes quick = simulate(cell, runs / 5, levels);
        print(base::format(
            "| {} | {} s | {} | {} | {} | {} | {} after {:.0f} s | {} after {:.0f} s |\n",
            name_of(noise), seconds, percent(kept.against, runs),
            percent(kept.plainly_missed, runs), percent(kept.in_favour, runs),
            smallest_found(cell, runs / 10), percent(slow.against, slow.runs), slow.median_seconds,
            percent(quick.in_favour, quick.runs), quick.median_seconds));
    }
}

void table_of(Question question, std::string_view title, int runs) {
    print(base::format("\n## {}\n\n", title));
    print(
        "| latencies | budget | false alarms | plain comparison | false passes | smallest slowdown "
        "| "
        "× 1.5 found | × 0.5 passed |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    for (const Noise noise : all_noises) rows_of(question, noise, runs);
}

}  // namespace
}  // namespace weir::power

int main(int argc, char** argv) {
    using namespace weir::power;
    const int runs = argc > 1 ? std::atoi(argv[1]) : 2000;
    print(weir::base::format(
        "# What a verdict can see\n\n"
        "Written by `tools/power`, by simulation with fixed seeds; {} runs for each cell of false "
        "alarms, a fifth of\n"
        "them for the columns of × 1.5 and × 0.5, a tenth for each slowdown tried. 25 requests per "
        "second; error level\n"
        "1 % in either direction; looked at each second, from the tenth on, until decided.\n\n"
        "- **false alarms**: the service keeps the limit *exactly* (the worst case of a healthy "
        "one), and is said to miss it.\n"
        "- **plain comparison**: how often the figure at the end of the budget would have missed "
        "the limit.\n"
        "- **false passes**: the same service, said to keep it. A service that is any slower is "
        "passed less often. Bursts\n"
        "  that are rarer than the run is long cannot be known to a run that saw none: that is "
        "what the bursty rows show.\n"
        "- **smallest slowdown**: all latencies so many times as long as those of the service that "
        "keeps the limit exactly;\n"
        "  the smallest of 1.05, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5, 1.75, 2, 2.5, 3, 4 that nine of "
        "ten runs find.\n"
        "- **× 1.5 found**, **× 0.5 passed**: how often, and the median time to the decision (the "
        "budget when undecided).\n\n"
        "The latencies: log-normal (sd of the logarithm 0.5) and independent, or AR(1) from "
        "request to request; Pareto\n"
        "with index 2.5; bursts of a second, one second in fifty, in which half of the answers "
        "take eight times as long;\n"
        "a pause of 200 ms in each 5 s. The methods: "
        "[adr/0014](adr/0014-sequential-verdicts.md).\n",
        runs));
    table_of(Question::share, "98 % under a limit", runs);
    table_of(Question::mean, "A mean under a limit", runs);
    table_of(Question::flow, "A flow above a limit", runs);
    return 0;
}
