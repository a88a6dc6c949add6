#include <array>
#include <memory>

#include <libpq-fe.h>

#include "base/format.h"
#include "ledger/database.h"
#include "record/wall_text.h"

namespace weir::ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;

struct CloseConnection {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
struct FreeOptions {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
struct ClearResult {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};

std::string first_line(std::string_view text) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    return std::string(text.substr(0, text.find('\n')));
}

class PostgresDatabase final : public Database {
public:
    PostgresDatabase(std::unique_ptr<PGconn, CloseConnection> connection, Access access)
        : connection_(std::move(connection)), access_(access) {}

    Result<std::vector<Row>> run(std::string_view sql,
                                 const std::vector<std::string>& parameters) override {
        std::vector<const char*> values;
        values.reserve(parameters.size());
        for (const auto& each : parameters) values.push_back(each.c_str());
        const std::unique_ptr<PGresult, ClearResult> result(PQexecParams(
            connection_.get(), std::string(sql).c_str(), static_cast<int>(values.size()), nullptr,
            values.data(), nullptr, nullptr, 0));
        const auto status = PQresultStatus(result.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
            return Error{Code::io, first_line(PQerrorMessage(connection_.get()))};
        }
        std::vector<Row> rows(static_cast<std::size_t>(PQntuples(result.get())));
        for (std::size_t r = 0; r < rows.size(); ++r) {
            for (int c = 0; c < PQnfields(result.get()); ++c) {
                rows[r].emplace_back(PQgetvalue(result.get(), static_cast<int>(r), c));
            }
        }
        return rows;
    }

    Result<void> begin_writing() override {
        // No setting of the session: a pooler would hand that on to somebody else.
        if (access_ == Access::read) return Error{Code::invalid, "it was opened to be read"};
        TRY(const auto begun, run("BEGIN", {}));
        (void)begun;
        return {};
    }
    Result<void> begin_reading() override {
        TRY(const auto begun, run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", {}));
        (void)begun;
        return {};
    }
    Result<bool> has_table(const std::string& name) override {
        TRY(const auto rows, run("SELECT 1 WHERE to_regclass($1) IS NOT NULL", {name}));
        return !rows.empty();
    }
    Result<void> lock_schema() override {
        // Any number will do that nobody else uses: "weir" in ASCII.
        TRY(const auto locked, run("SELECT pg_advisory_xact_lock(2003134834)", {}));
        (void)locked;
        return {};
    }
    Result<void> refuse_changes(const std::string& table) override {
        const std::array statements{
            base::format("CREATE FUNCTION {0}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                         "$weir$ BEGIN RAISE EXCEPTION '{0} is append-only'; END $weir$",
                         table),
            base::format("CREATE TRIGGER {0}_rows BEFORE UPDATE OR DELETE ON {0} "
                         "FOR EACH ROW EXECUTE FUNCTION {0}_is_append_only()",
                         table),
            base::format("CREATE TRIGGER {0}_all BEFORE TRUNCATE ON {0} "
                         "FOR EACH STATEMENT EXECUTE FUNCTION {0}_is_append_only()",
                         table)};
        for (const auto& each : statements) {
            TRY(const auto made, run(each, {}));
            (void)made;
        }
        return {};
    }
    Result<base::WallTime> now(base::WallTime /*here*/) override {
        TRY(const auto rows, run("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', "
                                 "'YYYY-MM-DD\"T\"HH24:MI:SS.US') || '000Z'",
                                 {}));
        return record::wall_from_text(rows.at(0).at(0));
    }

private:
    std::unique_ptr<PGconn, CloseConnection> connection_;
    Access access_;
};

/// libpq quotes what it does not understand, and where an @ or / of a password is not encoded that
/// is a part of it: "could not translate host name". So such a URL never gets there.
bool is_understood(const std::string& url) {
    const std::string_view before_options = std::string_view(url).substr(0, url.find('?'));
    const auto authority = before_options.find("://") + 3;
    const auto at = before_options.find('@', authority);
    if (at != std::string_view::npos &&
        (before_options.find('@', at + 1) != std::string_view::npos ||
         before_options.find('/', authority) < at)) {
        return false;
    }
    const std::unique_ptr<PQconninfoOption, FreeOptions> options(
        PQconninfoParse(url.c_str(), nullptr));
    if (!options) return false;
    for (const auto* each = options.get(); each->keyword != nullptr; ++each) {
        if (each->val == nullptr || std::string_view(each->keyword) != "port") continue;
        if (std::string_view(each->val).find_first_not_of("0123456789,") != std::string_view::npos)
            return false;
    }
    return true;
}

/// How long a server may take.
struct Patience {
    const char* connect_s;
    const char* tcp_ms;
    const char* statement;  // that limits statements
};
/// A pipeline must not hang on a server that does; the URL may say otherwise.
constexpr Patience of_pipelines{"10", "30000", "SET statement_timeout = '30s'"};
/// Who looks at a page asks again.
constexpr Patience of_readers{"3", "5000", "SET statement_timeout = '5s'"};

PGconn* connect(const std::string& url, const Patience& patience) {
    const std::array keys{"connect_timeout", "tcp_user_timeout", "dbname",
                          static_cast<const char*>(nullptr)};
    const std::array values{patience.connect_s, patience.tcp_ms, url.c_str(),
                            static_cast<const char*>(nullptr)};
    return PQconnectdbParams(keys.data(), values.data(), 1);
}

}  // namespace

Result<std::unique_ptr<Database>> open_postgres(const std::string& url, Access access) {
    const Patience& patience = access == Access::read ? of_readers : of_pipelines;
    if (!is_understood(url)) {
        return Error{Code::invalid,
                     "this is no PostgreSQL URL: postgresql://USER@HOST:PORT/DATABASE is its form, "
                     "and of a name or password @ is written %40, : %3A, / %2F and % %25"};
    }
    std::unique_ptr<PGconn, CloseConnection> connection(connect(url, patience));
    if (PQstatus(connection.get()) != CONNECTION_OK) {
        return Error{Code::io, first_line(PQerrorMessage(connection.get()))};
    }
    PQsetNoticeProcessor(
        connection.get(), [](void*, const char*) {}, nullptr);
    auto database = std::make_unique<PostgresDatabase>(std::move(connection), access);
    TRY(const auto set, database->run(patience.statement, {}));
    (void)set;
    return std::unique_ptr<Database>(std::move(database));
}

}  // namespace weir::ledger
