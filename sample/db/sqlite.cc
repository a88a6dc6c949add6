#include "sample/db/sqlite.h"

#include <unordered_map>

#include <sqlite3.h>

namespace weir::sample {
namespace {

struct CloseDatabase {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

constexpr std::size_t statements_kept = 64;

/// Sharing the file's pages with the kernel keeps a connection's own memory small.
constexpr const char* read_settings =
    "pragma query_only = on; pragma cache_size = -2048;"
    "pragma temp_store = memory; pragma busy_timeout = 5000;";
/// A crash while seeding leaves a file without its last row, `sample_seed`: it is made anew.
constexpr const char* seed_settings =
    "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -65536;"
    "pragma locking_mode = exclusive; pragma temp_store = memory;";

class SqliteRow final : public Row {
public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
    [[nodiscard]] std::string_view text(int column) const override {
        const auto* bytes = sqlite3_column_text(statement_, column);
        if (bytes == nullptr) return {};
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
        return {reinterpret_cast<const char*>(bytes), size};
    }
    [[nodiscard]] bool is_null(int column) const override {
        return sqlite3_column_type(statement_, column) == SQLITE_NULL;
    }

private:
    sqlite3_stmt* statement_;
};

/// Puts a statement back to its start however its use ends, so that it holds no read lock.
class Use {
public:
    explicit Use(sqlite3_stmt* statement) : statement_(statement) {}
    ~Use() { sqlite3_reset(statement_); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

private:
    sqlite3_stmt* statement_;
};

class SqliteConnection final : public Connection {
public:
    explicit SqliteConnection(Database db) : db_(std::move(db)) {}

    Result<void> query(const std::string& sql, Params params, const Sink& sink) override {
        auto prepared = statement(sql);
        if (!prepared.ok()) return prepared.error();
        sqlite3_stmt* const use = prepared.value();
        const Use scope(use);
        for (std::size_t i = 0; i < params.size(); ++i) {
            const auto name = "$" + std::to_string(i + 1);
            const int index = sqlite3_bind_parameter_index(use, name.c_str());
            if (index > 0) bind(use, index, params[i]);
        }
        const SqliteRow row(use);
        int code = sqlite3_step(use);
        for (; code == SQLITE_ROW; code = sqlite3_step(use)) sink(row);
        if (code != SQLITE_DONE) return failed("run", sql);
        return {};
    }

    Result<void> execute(const std::string& script) override {
        if (sqlite3_exec(db_.get(), script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
            return failed("run", script);
        }
        return {};
    }

    Result<void> load(const std::string& table,
                      std::span<const std::string_view> columns,
                      const Batch& batch) override {
        std::string names;
        std::string marks;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            names.append(i == 0 ? "" : ",").append(columns[i]);
            marks.append(i == 0 ? "?" : ",?");
        }
        const auto sql = "insert into " + table + "(" + names + ") values (" + marks + ")";
        auto prepared = statement(sql);
        if (!prepared.ok()) return prepared.error();
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            const Use scope(prepared.value());
            for (std::size_t column = 0; column < columns.size(); ++column) {
                bind(prepared.value(), static_cast<int>(column) + 1, batch.cell(row, column));
            }
            if (sqlite3_step(prepared.value()) != SQLITE_DONE) return failed("load", table);
        }
        return {};
    }

private:
    static void bind(sqlite3_stmt* statement, int index, Cell cell) {
        // The text outlives the step: no copy is needed.
        if (!cell) {
            sqlite3_bind_null(statement, index);
            return;
        }
        sqlite3_bind_text64(statement, index, cell->data(), cell->size(), SQLITE_STATIC,
                            SQLITE_UTF8);
    }

    Result<sqlite3_stmt*> statement(const std::string& sql) {
        const auto found = statements_.find(sql);
        if (found != statements_.end()) return found->second.get();
        sqlite3_stmt* raw = nullptr;
        const int code =
            sqlite3_prepare_v2(db_.get(), sql.c_str(), static_cast<int>(sql.size()), &raw, nullptr);
        if (code != SQLITE_OK) return failed("prepare", sql);
        if (statements_.size() >= statements_kept) statements_.clear();
        return statements_.emplace(sql, Statement(raw)).first->second.get();
    }

    [[nodiscard]] Error failed(std::string_view verb, const std::string& what) const {
        return Error{"SQLite could not " + std::string(verb) + " \"" + what.substr(0, 120) +
                     "\": " + sqlite3_errmsg(db_.get())};
    }

    Database db_;
    std::unordered_map<std::string, Statement> statements_;
};

}  // namespace

Result<std::unique_ptr<Connection>> open_sqlite(const std::string& path, SqliteMode mode) {
    // Statistics of memory take a lock shared by all threads; nobody reads them here.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE |
                      (mode == SqliteMode::seed ? SQLITE_OPEN_CREATE : 0);
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    Database db(raw);
    if (code != SQLITE_OK) {
        return Error{"Cannot open the SQLite database " + path + ": " + sqlite3_errstr(code)};
    }
    std::unique_ptr<Connection> connection = std::make_unique<SqliteConnection>(std::move(db));
    const auto set = connection->execute(mode == SqliteMode::seed ? seed_settings : read_settings);
    if (!set.ok()) return set.error();
    return connection;
}

}  // namespace weir::sample
