// HttpTotals: everything one tag set's HTTP samples add up to, found with one look-up a request.
#pragma once

#include <cstdint>
#include <vector>

#include "record/metric.h"
#include "record/sample.h"
#include "stats/distribution.h"

namespace weir::meter {

struct HttpTotals {
    std::uint64_t requests = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    record::RateTotal failed;
    stats::Distribution duration;
    stats::Distribution blocked;
    stats::Distribution connecting;
    stats::Distribution tls_handshaking;
    stats::Distribution sending;
    stats::Distribution waiting;
    stats::Distribution receiving;
    stats::Distribution response_time;
    stats::Distribution service_time;

    void add(const record::HttpSample& sample);
    /// One series a metric, with `tags`; of trends those alone whose id is marked in `trends`.
    void append_series(std::vector<record::Series>& series,
                       const record::Tags& tags,
                       const std::vector<bool>& trends) const;
};

/// k6's http_req_duration: sending + waiting + receiving, without lookup, connect and TLS.
[[nodiscard]] constexpr base::Nanos duration_of(const record::HttpSample& sample) noexcept {
    return sample.sending + sample.waiting + sample.receiving;
}

}  // namespace weir::meter
