#include "ledger/ledger.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "ledger/database.h"
#include "ledger/number_text.h"
#include "ledger/run_parts.h"
#include "ledger/schema.h"
#include "record/wall_text.h"

namespace weir::ledger {
namespace {

using base::Result;
using record::PastRun;

constexpr std::string_view sqlite_prefix = "sqlite:";

bool is_postgres(std::string_view url) {
    return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

std::string text_of(bool flag) {
    return flag ? "1" : "0";
}
/// Reads back as the same number.
std::string text_of(double value) {
    return base::format("{}", value);
}

/// A statement whose rows do not matter.
Result<void> write(Database& database,
                   std::string_view sql,
                   const std::vector<std::string>& values) {
    TRY(const auto done, database.run(sql, values));
    (void)done;
    return {};
}

Result<void> write_findings(Database& database, const PastRun& run) {
    for (std::size_t i = 0; i < run.findings.size(); ++i) {
        const auto& each = run.findings[i];
        TRY_VOID(write(
            database,
            "INSERT INTO weir_finding VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
            "$11, $12, $13)",
            {run.run_id, std::to_string(i), each.condition,
             std::to_string(static_cast<int>(each.state)),
             std::to_string(static_cast<int>(each.unit)), text_of(each.decided), text_of(each.weak),
             text_of(each.value), text_of(each.limit), std::to_string(each.samples),
             text_of(each.interval.low), text_of(each.interval.high), each.words}));
    }
    return {};
}

Result<void> write_signals(Database& database, const PastRun& run) {
    for (std::size_t i = 0; i < run.signals.size(); ++i) {
        const auto& each = run.signals[i];
        TRY_VOID(write(
            database, "INSERT INTO weir_signal VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            {run.run_id, std::to_string(i), each.name, text_of(each.hard),
             text_of(each.against_service), text_of(each.about_generator), each.words, each.who}));
    }
    return {};
}

Result<void> write_requests(Database& database, const PastRun& run) {
    for (std::size_t i = 0; i < run.requests.size(); ++i) {
        const auto& each = run.requests[i];
        TRY_VOID(write(
            database,
            "INSERT INTO weir_request VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
            "$11)",
            {run.run_id, std::to_string(i), each.journey, each.request,
             std::to_string(each.answered), std::to_string(each.failed), text_of(each.mean_ms),
             text_of(each.median_ms), text_of(each.p95_ms), text_of(each.p99_ms), each.histogram}));
    }
    return {};
}

Result<PastRun> run_of(const Row& row, base::WallTime now) {
    PastRun run;
    run.run_id = row[0];
    run.suite = row[1];
    run.environment = row[2];
    run.commit = row[3];
    run.base_url = row[4];
    TRY(run.started, record::wall_from_text(row[5]));
    run.attempt = number_of<std::uint32_t>(row[6]);
    TRY(const auto beat, record::wall_from_text(row[7]));
    run.duration = base::Nanos(number_of<std::int64_t>(row[9]));
    run.verdict = row[10];
    run.load = row[11];
    run.state = flag_of(row[8])                ? record::RunState::finished
                : now - beat > Ledger::silence ? record::RunState::abandoned
                                               : record::RunState::running;
    return run;
}

}  // namespace

Result<void> Database::write(const Work& work) {
    return finish(begin_writing(), work);
}
Result<void> Database::read(const Work& work) {
    return finish(begin_reading(), work);
}
Result<void> Database::finish(Result<void> begun, const Work& work) {
    if (!begun.ok()) return begun;
    auto done = work();
    if (done.ok()) done = ledger::write(*this, "COMMIT", {});
    if (!done.ok()) (void)run("ROLLBACK", {});
    return done;
}

std::string without_password(std::string_view url) {
    std::string text(url);
    const auto scheme = text.find("://");
    if (scheme == std::string::npos) return text;
    const auto at = text.rfind('@');
    const auto colon = text.find(':', scheme + 3);
    if (at != std::string::npos && colon < at) text.replace(colon + 1, at - colon - 1, "***");
    // Also that of a key: ?sslpassword=…
    constexpr std::string_view key = "password=";
    for (auto found = text.find(key, scheme); found != std::string::npos;
         found = text.find(key, found)) {
        found += key.size();
        text.replace(found, std::min(text.find('&', found), text.size()) - found, "***");
    }
    return text;
}

Ledger::Ledger(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Ledger::~Ledger() = default;
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;

namespace {

/// `ready`: what to do with the tables.
Result<std::unique_ptr<Database>> open_database(std::string_view url,
                                                Access access,
                                                Result<void> (*ready)(Database&)) {
    const std::string doing = "opening the history store " + without_password(url);
    std::string_view path = url;
    if (path.starts_with(sqlite_prefix)) path.remove_prefix(sqlite_prefix.size());
    auto database = is_postgres(url) ? open_postgres(std::string(url), access)
                                     : open_sqlite(std::string(path), access);
    if (!database.ok()) return base::within(doing, database.error());
    if (auto done = ready(*database.value()); !done.ok()) return base::within(doing, done.error());
    return database;
}

}  // namespace

Result<Ledger> Ledger::open(std::string_view url) {
    TRY(auto database, open_database(url, Access::full, migrate));
    return Ledger(std::move(database));
}

Result<Ledger> Ledger::open_to_read(std::string_view url) {
    TRY(auto database, open_database(url, Access::read, check_schema));
    return Ledger(std::move(database));
}

Result<void> Ledger::begin(const PastRun& run) {
    const auto started = record::to_text(run.started);
    return write(*database_,
                 "INSERT INTO weir_run VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, '', $9)",
                 {run.run_id, run.suite, run.environment, run.commit, run.base_url, started,
                  std::to_string(run.attempt), started, run.load});
}

Result<void> Ledger::beat(const std::string& run_id, base::WallTime now) {
    return write(*database_, "UPDATE weir_run SET beat_at = $1 WHERE run_id = $2",
                 {record::to_text(now), run_id});
}

Result<void> Ledger::finish(const PastRun& run) {
    return database_->write([&]() -> Result<void> {
        TRY_VOID(
            write(*database_,
                  "UPDATE weir_run SET finished = 1, duration_ns = $1, verdict = $2, "
                  "commit_id = $3 WHERE run_id = $4",
                  {std::to_string(run.duration.count()), run.verdict, run.commit, run.run_id}));
        for (std::size_t i = 0; i < run.reasons.size(); ++i) {
            TRY_VOID(write(*database_, "INSERT INTO weir_reason VALUES ($1, $2, $3)",
                           {run.run_id, std::to_string(i), run.reasons[i]}));
        }
        TRY_VOID(write_findings(*database_, run));
        TRY_VOID(write_signals(*database_, run));
        return write_requests(*database_, run);
    });
}

Result<std::vector<PastRun>> Ledger::runs(const RunFilter& filter, base::WallTime now) {
    std::string sql =
        "SELECT run_id, suite, environment, commit_id, base_url, started_at, attempt, beat_at, "
        "finished, duration_ns, verdict, load_text FROM weir_run WHERE 1 = 1";
    std::vector<std::string> values;
    const auto narrow = [&](std::string_view column_is, const std::string& value, bool always) {
        if (value.empty() && !always) return;
        values.push_back(value);
        sql += base::format(" AND {} ${}", column_is, values.size());
    };
    narrow("suite =", filter.suite, filter.exactly);
    narrow("environment =", filter.environment, filter.exactly);
    narrow("load_text =", filter.load, false);
    narrow("verdict =", filter.verdict, false);
    narrow("started_at >=", filter.since, false);
    sql += base::format(" ORDER BY started_at DESC, run_id DESC LIMIT {}", filter.most);
    std::vector<PastRun> runs;
    const auto done = database_->read([&]() -> Result<void> {
        TRY(const auto rows, database_->run(sql, values));
        for (const auto& row : rows) {
            TRY(auto run, run_of(row, now));
            runs.push_back(std::move(run));
        }
        return read_parts(*database_, runs, filter.histograms);
    });
    if (!done.ok()) return done.error();
    return runs;
}

Result<std::vector<SuiteLine>> Ledger::suites() {
    TRY(const auto rows,
        database_->run("SELECT suite, environment, COUNT(*), MAX(started_at) FROM weir_run GROUP "
                       "BY suite, environment ORDER BY MAX(started_at) DESC, suite, environment",
                       {}));
    std::vector<SuiteLine> suites;
    for (const auto& row : rows) {
        auto& line = suites.emplace_back();
        line.suite = row[0];
        line.environment = row[1];
        line.runs = number_of<std::uint64_t>(row[2]);
        TRY(line.newest, record::wall_from_text(row[3]));
    }
    return suites;
}

}  // namespace weir::ledger
