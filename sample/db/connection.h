// Connection: one session with the database, SQLite or PostgreSQL, speaking the SQL both share.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sample/result.h"

namespace weir::sample {

/// A row of an answer, valid during the callback only. NULL reads as empty text.
class Row {
public:
    virtual ~Row() = default;
    [[nodiscard]] virtual std::string_view text(int column) const = 0;
    [[nodiscard]] virtual bool is_null(int column) const = 0;

    [[nodiscard]] std::string string(int column) const { return std::string(text(column)); }
    [[nodiscard]] long number(int column) const;
    /// A time stamp as 2022-07-29T10:03:00Z, however the database writes it.
    [[nodiscard]] std::string time(int column) const;
};

/// One cell on its way into the database; no value is NULL.
using Cell = std::optional<std::string_view>;

/// Rows of one table, gathered to be loaded at once. Cells are copied in.
class Batch {
public:
    explicit Batch(std::size_t columns) : columns_(columns) {}

    void add(std::span<const Cell> cells);
    void clear();
    [[nodiscard]] std::size_t rows() const { return cells_.size() / columns_; }
    [[nodiscard]] Cell cell(std::size_t row, std::size_t column) const;

private:
    struct Slice {
        std::size_t begin = 0;
        std::size_t size = 0;
        bool is_null = true;
    };
    std::size_t columns_;
    std::vector<Slice> cells_;
    std::string bytes_;
};

/// Not thread-safe: one a thread. Parameters are $1, $2, … in both databases.
class Connection {
public:
    using Params = std::span<const std::string>;
    using Sink = std::function<void(const Row&)>;

    virtual ~Connection() = default;
    /// Runs one statement, prepared once and kept, and hands each row to the sink.
    virtual Result<void> query(const std::string& sql, Params params, const Sink& sink) = 0;
    /// Runs a script of statements that answer nothing.
    virtual Result<void> execute(const std::string& script) = 0;
    /// Loads the rows into the table, as fast as the database can.
    virtual Result<void> load(const std::string& table,
                              std::span<const std::string_view> columns,
                              const Batch& batch) = 0;
};

}  // namespace weir::sample
