#include "sample/db/timed_connection.h"

#include "sample/clock.h"

namespace weir::sample {

Result<void> TimedConnection::query(const std::string& sql, Params params, const Sink& sink) {
    const auto begun = steady_now();
    auto result = connection_->query(sql, params, sink);
    spent_ += steady_now() - begun;
    return result;
}

Result<void> TimedConnection::execute(const std::string& script) {
    const auto begun = steady_now();
    auto result = connection_->execute(script);
    spent_ += steady_now() - begun;
    return result;
}

Result<void> TimedConnection::load(const std::string& table,
                                   std::span<const std::string_view> columns,
                                   const Batch& batch) {
    const auto begun = steady_now();
    auto result = connection_->load(table, columns, batch);
    spent_ += steady_now() - begun;
    return result;
}

}  // namespace weir::sample
