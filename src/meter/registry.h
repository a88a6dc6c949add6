// Registry: the run's metrics by name; built-ins first, custom ones added in the init context.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "record/metric.h"
#include "record/sample.h"

namespace weir::meter {

using record::MetricSpec;  // {name, type, contains}

/// k6's built-in metrics, with fixed ids, in this order; see metric_names() for their k6 names.
enum class Builtin : std::uint32_t {
    vus,
    vus_max,
    iterations,
    iteration_duration,
    dropped_iterations,
    checks,
    group_duration,
    http_reqs,
    http_req_failed,
    http_req_duration,
    http_req_blocked,
    http_req_connecting,
    http_req_tls_handshaking,
    http_req_sending,
    http_req_waiting,
    http_req_receiving,
    data_sent,
    data_received,
    weir_response_time,  // from the intended start, milliseconds
    weir_service_time,   // from the actual send, milliseconds
    weir_start_delay,    // actual start - intended start of iterations, milliseconds
    weir_unfinished,  // age of requests still under way at the run's end, from the intended start,
                      // ms
    weir_server_timing,  // what the target said of its own work, by the tag `timing`, milliseconds
    count_,
};
[[nodiscard]] constexpr record::MetricId id_of(Builtin metric) noexcept {
    return static_cast<record::MetricId>(metric);
}

/// Shared by all workers; add() takes a lock and is for init contexts, reads are lock-free
/// afterwards.
class Registry {
public:
    Registry();
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    /// The existing id when name and type agree; an Error when the name is taken by another type or
    /// is not a metric name (k6: ^[a-zA-Z_][a-zA-Z0-9_]{0,128}$, ASCII).
    [[nodiscard]] base::Result<record::MetricId> add(const MetricSpec& spec);
    [[nodiscard]] MetricSpec at(record::MetricId id) const;
    [[nodiscard]] std::size_t size() const;
    /// All so far; a MetricId is the index.
    [[nodiscard]] std::vector<MetricSpec> specs() const;
    [[nodiscard]] base::Result<record::MetricId> find(std::string_view name) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace weir::meter
