#include "ledger/schema.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <span>
#include <string>

#include "base/format.h"

namespace weir::ledger {
namespace {

using base::Result;

// Never change a step that was released: add one.

constexpr std::array first_step{
    "CREATE TABLE weir_run (run_id TEXT PRIMARY KEY, suite TEXT NOT NULL, environment TEXT NOT "
    "NULL,"
    " commit_id TEXT NOT NULL, base_url TEXT NOT NULL, started_at TEXT NOT NULL,"
    " attempt BIGINT NOT NULL, beat_at TEXT NOT NULL, finished BIGINT NOT NULL,"
    " duration_ns BIGINT NOT NULL, verdict TEXT NOT NULL)",
    "CREATE INDEX weir_run_by_suite ON weir_run (suite, environment, started_at)",
    "CREATE TABLE weir_reason (run_id TEXT NOT NULL REFERENCES weir_run (run_id),"
    " place BIGINT NOT NULL, words TEXT NOT NULL, PRIMARY KEY (run_id, place))",
    "CREATE TABLE weir_finding (run_id TEXT NOT NULL REFERENCES weir_run (run_id),"
    " place BIGINT NOT NULL, condition_text TEXT NOT NULL, state BIGINT NOT NULL,"
    " unit BIGINT NOT NULL, decided BIGINT NOT NULL, weak BIGINT NOT NULL,"
    " value DOUBLE PRECISION NOT NULL, limit_value DOUBLE PRECISION NOT NULL,"
    " samples BIGINT NOT NULL, low DOUBLE PRECISION NOT NULL, high DOUBLE PRECISION NOT NULL,"
    " words TEXT NOT NULL, PRIMARY KEY (run_id, place))",
    "CREATE TABLE weir_signal (run_id TEXT NOT NULL REFERENCES weir_run (run_id),"
    " place BIGINT NOT NULL, name TEXT NOT NULL, hard BIGINT NOT NULL,"
    " against_service BIGINT NOT NULL, about_generator BIGINT NOT NULL, words TEXT NOT NULL,"
    " who TEXT NOT NULL, PRIMARY KEY (run_id, place))",
    "CREATE TABLE weir_request (run_id TEXT NOT NULL REFERENCES weir_run (run_id),"
    " place BIGINT NOT NULL, journey TEXT NOT NULL, request TEXT NOT NULL,"
    " answered BIGINT NOT NULL, failed BIGINT NOT NULL, mean_ms DOUBLE PRECISION NOT NULL,"
    " median_ms DOUBLE PRECISION NOT NULL, p95_ms DOUBLE PRECISION NOT NULL,"
    " p99_ms DOUBLE PRECISION NOT NULL, histogram TEXT NOT NULL, PRIMARY KEY (run_id, place))",
};
/// "25/s": runs under another load are no baseline for this one.
constexpr std::array second_step{
    "ALTER TABLE weir_run ADD COLUMN load_text TEXT NOT NULL DEFAULT ''",
};

/// The audit chain with its head, and the queues for the environments' leases.
constexpr std::array third_step{
    "CREATE TABLE weir_audit (sequence BIGINT PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL,"
    " suite TEXT NOT NULL, environment TEXT NOT NULL, subject TEXT NOT NULL,"
    " commit_id TEXT NOT NULL, bypass TEXT NOT NULL, run_id TEXT NOT NULL, body TEXT NOT NULL,"
    " previous TEXT NOT NULL, hash TEXT NOT NULL)",
    "CREATE INDEX weir_audit_by_subject ON weir_audit (subject, kind)",
    "CREATE INDEX weir_audit_by_bypass ON weir_audit (bypass, kind)",
    "CREATE INDEX weir_audit_by_kind ON weir_audit (kind, suite, environment)",
    "CREATE TABLE weir_audit_head (one BIGINT PRIMARY KEY CHECK (one = 1),"
    " sequence BIGINT NOT NULL, hash TEXT NOT NULL)",
    "INSERT INTO weir_audit_head VALUES (1, 0,"
    " '0000000000000000000000000000000000000000000000000000000000000000')",
    "CREATE TABLE weir_lease_queue (environment TEXT PRIMARY KEY, last_ticket BIGINT NOT NULL)",
    "CREATE TABLE weir_lease (environment TEXT NOT NULL, ticket BIGINT NOT NULL,"
    " run_id TEXT NOT NULL, suite TEXT NOT NULL, pipeline TEXT NOT NULL, asked_at TEXT NOT NULL,"
    " beat_at TEXT NOT NULL, held_since TEXT NOT NULL, PRIMARY KEY (environment, ticket))",
};
constexpr std::size_t audit_version = 3;

constexpr std::array<std::span<const char* const>, 3> steps{first_step, second_step, third_step};
constexpr std::size_t newest = steps.size();

Result<std::size_t> version_of(Database& database) {
    TRY(const bool any, database.has_table("weir_schema"));
    if (!any) return std::size_t{0};
    TRY(const auto rows, database.run("SELECT COALESCE(MAX(version), 0) FROM weir_schema", {}));
    std::size_t version = 0;
    const std::string& text = rows.empty() || rows[0].empty() ? "0" : rows[0][0];
    std::from_chars(text.data(), text.data() + text.size(), version);
    if (version > newest) {
        return base::Error{base::Code::invalid,
                           base::format("its tables are of version {}, written by a newer Weir; "
                                        "this one knows {}: use that one, or another store",
                                        version, newest)};
    }
    return version;
}

Result<void> take_step(Database& database, std::size_t version) {
    for (const char* each : steps[version - 1]) {
        TRY(const auto done, database.run(each, {}));
        (void)done;
    }
    if (version == audit_version) TRY_VOID(database.refuse_changes("weir_audit"));
    TRY(const auto noted,
        database.run("INSERT INTO weir_schema (version) VALUES ($1)", {std::to_string(version)}));
    (void)noted;
    return {};
}

}  // namespace

Result<void> migrate(Database& database) {
    TRY(const auto found, version_of(database));
    if (found == newest) return {};
    return database.write([&database]() -> Result<void> {
        TRY_VOID(database.lock_schema());
        TRY(const auto made,
            database.run("CREATE TABLE IF NOT EXISTS weir_schema (version BIGINT PRIMARY KEY)",
                         {}));
        (void)made;
        // Another may have been faster.
        TRY(auto version, version_of(database));
        while (version < newest) TRY_VOID(take_step(database, ++version));
        return {};
    });
}

Result<void> check_schema(Database& database) {
    TRY(const auto found, version_of(database));
    if (found == newest) return {};
    if (found == 0) {
        return base::Error{base::Code::not_found,
                           "it has no tables yet: the first `weir gate` makes them"};
    }
    return base::Error{base::Code::invalid,
                       base::format("its tables are of version {}, this Weir reads {}: the next "
                                    "`weir gate` or `weir history` of this version brings them up "
                                    "to date",
                                    found, newest)};
}

}  // namespace weir::ledger
