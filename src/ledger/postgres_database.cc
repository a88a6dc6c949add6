#include <memory>

#include <libpq-fe.h>

#include "base/format.h"
#include "ledger/database.h"

namespace weir::ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;

struct CloseConnection {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
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
    explicit PostgresDatabase(std::unique_ptr<PGconn, CloseConnection> connection)
        : connection_(std::move(connection)) {}

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

    Result<void> begin() override {
        TRY(const auto begun, run("BEGIN", {}));
        (void)begun;
        return {};
    }
    Result<void> lock_schema() override {
        // Any number will do that nobody else uses: "weir" in ASCII.
        TRY(const auto locked, run("SELECT pg_advisory_xact_lock(2003134834)", {}));
        (void)locked;
        return {};
    }

private:
    std::unique_ptr<PGconn, CloseConnection> connection_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_postgres(const std::string& url) {
    std::unique_ptr<PGconn, CloseConnection> connection(PQconnectdb(url.c_str()));
    if (PQstatus(connection.get()) != CONNECTION_OK) {
        return Error{Code::io, first_line(PQerrorMessage(connection.get()))};
    }
    PQsetNoticeProcessor(
        connection.get(), [](void*, const char*) {}, nullptr);
    auto database = std::make_unique<PostgresDatabase>(std::move(connection));
    // A pipeline must not hang on a database that does.
    TRY(const auto set, database->run("SET statement_timeout = '30s'", {}));
    (void)set;
    return std::unique_ptr<Database>(std::move(database));
}

}  // namespace weir::ledger
