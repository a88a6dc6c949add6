// When runs were under way: what tells their alerts from real ones.
#include "ledger/database.h"
#include "ledger/ledger.h"
#include "record/wall_text.h"

namespace weir::ledger {

base::Result<std::vector<record::RunSpan>> Ledger::spans(const std::string& suite,
                                                         base::WallTime since,
                                                         base::WallTime now) {
    TRY(const auto rows,
        database_->run("SELECT run_id, environment, base_url, started_at, beat_at, finished FROM "
                       "weir_run WHERE suite = $1 AND beat_at >= $2 ORDER BY started_at DESC "
                       "LIMIT 5000",
                       {suite, record::to_text(since)}));
    std::vector<record::RunSpan> spans;
    for (const auto& row : rows) {
        auto& span = spans.emplace_back();
        span.run_id = row[0];
        span.suite = suite;
        span.environment = row[1];
        span.base_url = row[2];
        TRY(span.started, record::wall_from_text(row[3]));
        TRY(span.last_seen, record::wall_from_text(row[4]));
        span.under_way = row[5] != "1" && now - span.last_seen <= silence;
    }
    return spans;
}

}  // namespace weir::ledger
