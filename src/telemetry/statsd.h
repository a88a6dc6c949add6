// StatsD and DogStatsD: what is new, as datagrams.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "telemetry/changes.h"
#include "telemetry/encoder.h"

namespace weir::telemetry {

struct StatsdShape {
    std::string prefix = "k6.";
    bool tags_on = false;           // DogStatsD: |#name:value,…
    std::size_t lines_most = 1000;  // of trends, in one push
};

/// A counter `k6.http_reqs:42|c`; a gauge `k6.vus:5|g`; of a rate `k6.http_req_failed`, the values
/// other than zero, and `k6.http_req_failed.total`, all, both counters; of a check also
/// `k6.check.NAME.pass` and `.fail`; of a trend lines `k6.http_req_duration:12.5|ms|@0.01`, each of
/// which stands for 1 / rate values (see spread.h): so the server's counts, sums, means and
/// percentiles are those of all values, without a datagram for each.
/// Source: github.com/statsd/statsd, docs/metric_types.md; docs.datadoghq.com, "DogStatsD
/// protocol".
class Statsd final : public Encoder {
public:
    /// Fits into an Ethernet frame with any IP and UDP header; statsd/docs: "1432 bytes".
    static constexpr std::size_t datagram_most = 1432;

    explicit Statsd(StatsdShape shape) : shape_(std::move(shape)) {}
    [[nodiscard]] std::vector<Parcel> encode(const Moment& moment) override;
    void taken(const SharedMoment& moment, const Parcel& parcel) override;
    [[nodiscard]] bool increments() const noexcept override { return true; }

private:
    StatsdShape shape_;
    Changes changes_;
};

}  // namespace weir::telemetry
