#include "sample/db/postgres.h"

#include <optional>
#include <unordered_map>

#include <libpq-fe.h>

namespace weir::sample {
namespace {

struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Handle = std::unique_ptr<PGconn, Finish>;
using Answer = std::unique_ptr<PGresult, Clear>;

constexpr std::size_t statements_kept = 64;
constexpr int text_format = 0;

class PostgresRow final : public Row {
public:
    PostgresRow(const PGresult* result, int row) : result_(result), row_(row) {}
    [[nodiscard]] std::string_view text(int column) const override {
        const auto size = static_cast<std::size_t>(PQgetlength(result_, row_, column));
        return {PQgetvalue(result_, row_, column), size};
    }
    [[nodiscard]] bool is_null(int column) const override {
        return PQgetisnull(result_, row_, column) != 0;
    }

private:
    const PGresult* result_;
    int row_;
};

/// Text as COPY wants it: tab between cells, \N for NULL (PostgreSQL manual, COPY, text format).
void append_copy_cell(Cell cell, std::string& out) {
    if (!cell) {
        out += "\\N";
        return;
    }
    for (const char c : *cell) {
        switch (c) {
            case '\\':
                out += "\\\\";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            default:
                out += c;
        }
    }
}

class PostgresConnection final : public Connection {
public:
    explicit PostgresConnection(Handle handle) : handle_(std::move(handle)) {}

    Result<void> query(const std::string& sql, Params params, const Sink& sink) override {
        auto name = prepared(sql);
        if (!name.ok()) return name.error();
        std::vector<const char*> values;
        values.reserve(params.size());
        for (const auto& param : params) values.push_back(param.c_str());
        const int sent = PQsendQueryPrepared(handle_.get(), name.value().c_str(),
                                             static_cast<int>(values.size()), values.data(),
                                             nullptr, nullptr, text_format);
        // Row by row, or the library would hold the whole answer beside what is made of it.
        if (sent != 1 || PQsetSingleRowMode(handle_.get()) != 1) return failed("run", sql);
        return take_rows(sql, sink);
    }

    /// What each new session needs, also after a lost one was made anew.
    Result<void> settle() {
        return execute(std::string("set timezone = 'UTC'; set search_path = ") + postgres_schema);
    }

    Result<void> execute(const std::string& script) override {
        const Answer answer(PQexec(handle_.get(), script.c_str()));
        const auto status = PQresultStatus(answer.get());
        const bool fine = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
        return fine ? Result<void>() : failed("run", script);
    }

    Result<void> load(const std::string& table,
                      std::span<const std::string_view> columns,
                      const Batch& batch) override {
        std::string names;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            names.append(i == 0 ? "" : ",").append(columns[i]);
        }
        const auto copy = "copy " + table + "(" + names + ") from stdin";
        const Answer begun(PQexec(handle_.get(), copy.c_str()));
        if (PQresultStatus(begun.get()) != PGRES_COPY_IN) return failed("load", table);
        const auto text = copy_text(columns.size(), batch);
        const auto size = static_cast<int>(text.size());
        if (PQputCopyData(handle_.get(), text.data(), size) != 1) return failed("load", table);
        if (PQputCopyEnd(handle_.get(), nullptr) != 1) return failed("load", table);
        return copy_result(table);
    }

private:
    static std::string copy_text(std::size_t columns, const Batch& batch) {
        std::string text;
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            for (std::size_t column = 0; column < columns; ++column) {
                if (column > 0) text += '\t';
                append_copy_cell(batch.cell(row, column), text);
            }
            text += '\n';
        }
        return text;
    }

    /// To the end in any case: a half-read answer would block the session.
    Result<void> take_rows(const std::string& sql, const Sink& sink) {
        std::optional<Error> failure;
        for (Answer answer(PQgetResult(handle_.get())); answer != nullptr;
             answer.reset(PQgetResult(handle_.get()))) {
            const auto status = PQresultStatus(answer.get());
            if (status == PGRES_SINGLE_TUPLE) {
                sink(PostgresRow(answer.get(), 0));
            } else if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
                failure = failed("run", sql);
            }
        }
        if (failure) return *failure;
        return {};
    }

    Result<void> copy_result(const std::string& table) {
        bool fine = true;
        std::string why;
        for (Answer answer(PQgetResult(handle_.get())); answer != nullptr;
             answer.reset(PQgetResult(handle_.get()))) {
            if (PQresultStatus(answer.get()) == PGRES_COMMAND_OK) continue;
            fine = false;
            why = PQresultErrorMessage(answer.get());
        }
        if (!fine) return Error{"PostgreSQL could not load " + table + ": " + why};
        return {};
    }

    Result<std::string> prepared(const std::string& sql) {
        if (PQstatus(handle_.get()) != CONNECTION_OK) {
            PQreset(handle_.get());
            names_.clear();
            const auto set = settle();
            if (!set.ok()) return set.error();
        }
        const auto found = names_.find(sql);
        if (found != names_.end()) return found->second;
        if (names_.size() >= statements_kept) {
            const auto freed = execute("deallocate all");
            if (!freed.ok()) return freed.error();
            names_.clear();
        }
        auto name = "s" + std::to_string(names_.size());
        const Answer answer(PQprepare(handle_.get(), name.c_str(), sql.c_str(), 0, nullptr));
        if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return failed("prepare", sql);
        names_.emplace(sql, name);
        return name;
    }

    [[nodiscard]] Error failed(std::string_view verb, const std::string& what) const {
        return Error{"PostgreSQL could not " + std::string(verb) + " \"" + what.substr(0, 120) +
                     "\": " + PQerrorMessage(handle_.get())};
    }

    Handle handle_;
    std::unordered_map<std::string, std::string> names_;
};

}  // namespace

Result<std::unique_ptr<Connection>> open_postgres(const std::string& address) {
    Handle handle(PQconnectdb(address.c_str()));
    if (PQstatus(handle.get()) != CONNECTION_OK) {
        // The address may hold a password: the error says what libpq says, never the address.
        return Error{std::string("Cannot connect to PostgreSQL: ") + PQerrorMessage(handle.get())};
    }
    PQsetNoticeProcessor(
        handle.get(), [](void*, const char*) {}, nullptr);
    auto connection = std::make_unique<PostgresConnection>(std::move(handle));
    const auto set = connection->settle();
    if (!set.ok()) return set.error();
    return std::unique_ptr<Connection>(std::move(connection));
}

}  // namespace weir::sample
