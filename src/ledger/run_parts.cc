#include "ledger/run_parts.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/format.h"
#include "ledger/database.h"
#include "ledger/number_text.h"

namespace weir::ledger {
namespace {

using base::Result;
using record::PastRun;

/// Both databases take more parameters than that.
constexpr std::size_t parts_at_once = 200;

/// Some of the runs, found by their ids.
class Batch {
public:
    Batch(Database& database, std::vector<PastRun>& runs, std::size_t from) : database_(database) {
        const std::size_t end = std::min(runs.size(), from + parts_at_once);
        for (std::size_t i = from; i < end; ++i) {
            ids_.push_back(runs[i].run_id);
            by_id_[runs[i].run_id] = &runs[i];
            places_ += base::format("{}${}", places_.empty() ? "" : ", ", ids_.size());
        }
    }

    /// Rows of the table in the order of their places; `columns` from row[1] on.
    Result<void> each(std::string_view columns,
                      std::string_view table,
                      const std::function<void(PastRun&, const Row&)>& take) {
        TRY(const auto rows,
            database_.run(base::format("SELECT run_id, {} FROM {} WHERE run_id IN ({}) ORDER BY "
                                       "run_id, place",
                                       columns, table, places_),
                          ids_));
        for (const auto& row : rows) {
            if (const auto run = by_id_.find(row[0]); run != by_id_.end()) take(*run->second, row);
        }
        return {};
    }

private:
    Database& database_;
    std::vector<std::string> ids_;
    std::map<std::string, PastRun*, std::less<>> by_id_;
    std::string places_;  // "$1, $2"
};

void take_finding(PastRun& run, const Row& row) {
    auto& finding = run.findings.emplace_back();
    finding.condition = row[1];
    finding.state = static_cast<record::FindingState>(number_of<int>(row[2]));
    finding.unit = static_cast<record::FigureUnit>(number_of<int>(row[3]));
    finding.decided = flag_of(row[4]);
    finding.weak = flag_of(row[5]);
    finding.value = number_of<double>(row[6]);
    finding.limit = number_of<double>(row[7]);
    finding.samples = number_of<std::uint64_t>(row[8]);
    finding.interval = {number_of<double>(row[9]), number_of<double>(row[10])};
    finding.words = row[11];
}

void take_signal(PastRun& run, const Row& row) {
    auto& signal = run.signals.emplace_back();
    signal.name = row[1];
    signal.hard = flag_of(row[2]);
    signal.against_service = flag_of(row[3]);
    signal.about_generator = flag_of(row[4]);
    signal.words = row[5];
    signal.who = row[6];
}

void take_request(PastRun& run, const Row& row) {
    run.requests.push_back({row[1], row[2], number_of<std::uint64_t>(row[3]),
                            number_of<std::uint64_t>(row[4]), number_of<double>(row[5]),
                            number_of<double>(row[6]), number_of<double>(row[7]),
                            number_of<double>(row[8]), row[9]});
}

}  // namespace

Result<void> read_parts(Database& database, std::vector<PastRun>& runs, bool histograms) {
    for (std::size_t from = 0; from < runs.size(); from += parts_at_once) {
        Batch batch(database, runs, from);
        TRY_VOID(batch.each("words", "weir_reason",
                            [](PastRun& run, const Row& row) { run.reasons.push_back(row[1]); }));
        TRY_VOID(
            batch.each("condition_text, state, unit, decided, weak, value, limit_value, samples, "
                       "low, high, words",
                       "weir_finding", take_finding));
        TRY_VOID(batch.each("name, hard, against_service, about_generator, words, who",
                            "weir_signal", take_signal));
        TRY_VOID(batch.each(base::format("journey, request, answered, failed, mean_ms, median_ms, "
                                         "p95_ms, p99_ms, {}",
                                         histograms ? "histogram" : "''"),
                            "weir_request", take_request));
    }
    return {};
}

}  // namespace weir::ledger
