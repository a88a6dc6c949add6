// TimedConnection: a connection that knows how long its statements took, for one request.
#pragma once

#include <chrono>

#include "sample/db/connection.h"

namespace weir::sample {

/// Does not own the connection. Reading the rows is part of a statement.
class TimedConnection final : public Connection {
public:
    explicit TimedConnection(Connection& connection) : connection_(&connection) {}

    Result<void> query(const std::string& sql, Params params, const Sink& sink) override;
    Result<void> execute(const std::string& script) override;
    Result<void> load(const std::string& table,
                      std::span<const std::string_view> columns,
                      const Batch& batch) override;
    [[nodiscard]] std::chrono::nanoseconds spent() const { return spent_; }

private:
    Connection* connection_;
    std::chrono::nanoseconds spent_{};
};

}  // namespace weir::sample
