#include <filesystem>
#include <memory>

#include <sqlite3.h>

#include "base/format.h"
#include "ledger/database.h"

namespace weir::ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;

struct CloseConnection {
    void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
};
struct EndStatement {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

/// Other pipelines may be writing: theirs are short transactions.
constexpr int patience_ms = 30'000;
/// Who looks at a page asks again.
constexpr int reader_patience_ms = 3000;

class SqliteDatabase final : public Database {
public:
    explicit SqliteDatabase(std::unique_ptr<sqlite3, CloseConnection> connection)
        : connection_(std::move(connection)) {}

    Result<std::vector<Row>> run(std::string_view sql,
                                 const std::vector<std::string>& parameters) override {
        sqlite3_stmt* raw = nullptr;
        const int prepared = sqlite3_prepare_v2(connection_.get(), sql.data(),
                                                static_cast<int>(sql.size()), &raw, nullptr);
        const std::unique_ptr<sqlite3_stmt, EndStatement> statement(raw);
        if (prepared != SQLITE_OK) return trouble();
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            sqlite3_bind_text64(raw, static_cast<int>(i) + 1, parameters[i].data(),
                                parameters[i].size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        }
        std::vector<Row> rows;
        int stepped = SQLITE_ROW;
        while ((stepped = sqlite3_step(raw)) == SQLITE_ROW) {
            Row& row = rows.emplace_back();
            for (int column = 0; column < sqlite3_column_count(raw); ++column) {
                row.push_back(value_at(raw, column));
            }
        }
        if (stepped != SQLITE_DONE) return trouble();
        return rows;
    }

    Result<void> begin_writing() override {
        // IMMEDIATE: a transaction that first reads and then writes could not wait for another.
        TRY(const auto begun, run("BEGIN IMMEDIATE", {}));
        (void)begun;
        return {};
    }
    Result<void> begin_reading() override {
        TRY(const auto begun, run("BEGIN", {}));
        (void)begun;
        return {};
    }
    Result<void> lock_schema() override { return {}; }  // begin_writing() did
    Result<bool> has_table(const std::string& name) override {
        TRY(const auto rows,
            run("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1", {name}));
        return !rows.empty();
    }

    Result<void> refuse_changes(const std::string& table) override {
        for (const char* change : {"UPDATE", "DELETE"}) {
            TRY(const auto made, run(base::format("CREATE TRIGGER {0}_{1} BEFORE {1} ON {0} BEGIN "
                                                  "SELECT RAISE(ABORT, '{0} is append-only'); END",
                                                  table, change),
                                     {}));
            (void)made;
        }
        return {};
    }
    Result<base::WallTime> now(base::WallTime here) override { return here; }

    /// A write-ahead log lets others read while one writes, and a killed process leaves nothing
    /// half written. When several make the file at once, SQLite refuses this switch without
    /// waiting.
    Result<void> write_ahead() {
        constexpr int pause_ms = 10;
        for (int waited_ms = 0;; waited_ms += pause_ms) {
            const auto set = run("PRAGMA journal_mode = WAL", {});
            if (set.ok()) return {};
            const bool busy = sqlite3_errcode(connection_.get()) == SQLITE_BUSY;
            if (!busy || waited_ms >= patience_ms) return set.error();
            sqlite3_sleep(pause_ms);
        }
    }

private:
    static std::string value_at(sqlite3_stmt* statement, int column) {
        if (sqlite3_column_type(statement, column) == SQLITE_FLOAT) {
            // SQLite's own text of a number has fifteen digits, which is not all of it.
            return base::format("{}", sqlite3_column_double(statement, column));
        }
        const auto* text = sqlite3_column_text(statement, column);
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
        return {text == nullptr ? "" : reinterpret_cast<const char*>(text), size};
    }

    [[nodiscard]] Error trouble() const {
        const int code = sqlite3_errcode(connection_.get());
        const std::string_view advice =
            code == SQLITE_BUSY     ? "; another process has kept it locked for long"
            : code == SQLITE_NOTADB ? "; the file is no SQLite database: name another"
            : code == SQLITE_FULL   ? "; make room on the disk"
            : code == SQLITE_IOERR  ? "; is the disk full, or gone?"
                                    : "";
        return {Code::io, base::format("{}{}", sqlite3_errmsg(connection_.get()), advice)};
    }

    std::unique_ptr<sqlite3, CloseConnection> connection_;
};

Result<void> make_directory_of(const std::string& path) {
    std::error_code failed;
    const auto directory = std::filesystem::path(path).parent_path();
    if (!directory.empty()) std::filesystem::create_directories(directory, failed);
    if (!failed) return {};
    return Error{Code::io, base::format("making {}: {}", directory.string(), failed.message())};
}

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(const std::string& path, Access access) {
    const bool reads = access == Access::read;
    std::error_code failed;
    if (reads && !std::filesystem::exists(path, failed) && !failed) {
        return Error{Code::not_found, "there is no such file yet: the first `weir gate` makes it"};
    }
    if (!reads) TRY_VOID(make_directory_of(path));
    sqlite3* raw = nullptr;
    // A reader also opens for writing where it may: else it could not look at what a killed writer
    // left in the write-ahead log. query_only keeps it from changing anything.
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (reads ? 0 : SQLITE_OPEN_CREATE);
    const int opened = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    std::unique_ptr<sqlite3, CloseConnection> connection(raw);
    if (opened != SQLITE_OK) {
        return Error{Code::io, raw == nullptr ? "out of memory" : sqlite3_errmsg(raw)};
    }
    sqlite3_busy_timeout(raw, reads ? reader_patience_ms : patience_ms);
    auto database = std::make_unique<SqliteDatabase>(std::move(connection));
    if (reads) {
        TRY(const auto set, database->run("PRAGMA query_only = ON", {}));
        (void)set;
        return std::unique_ptr<Database>(std::move(database));
    }
    TRY_VOID(database->write_ahead());
    // FULL also outlives the machine's own death.
    for (const char* each : {"PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON"}) {
        TRY(const auto set, database->run(each, {}));
        (void)set;
    }
    return std::unique_ptr<Database>(std::move(database));
}

}  // namespace weir::ledger
