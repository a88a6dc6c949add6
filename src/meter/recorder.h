// Recorder: one worker's measurements. No lock; no allocation once a (metric, tag set) is known.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/time.h"
#include "meter/registry.h"
#include "record/sample.h"
#include "record/tags.h"

namespace weir::meter {

struct Snapshot;   // meter/snapshot.h: a value to merge
class SampleTap;   // meter/sample_tap.h: sees each sample (--out json/csv); null in most runs

/// Owned by one worker's thread. Samples are values; nothing flows back.
class Recorder {
public:
    Recorder(const Registry& registry, base::Instant run_start, SampleTap* tap);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// The same tags give the same id. Keep ids: interning hashes, adding does not.
    [[nodiscard]] record::TagSetId intern(const record::Tags& tags);

    /// One hop: http_reqs, http_req_failed, http_req_{duration,blocked,connecting,tls_handshaking,
    /// sending,waiting,receiving}, data_sent/received, and Weir's own response_time and service_time.
    void add_http(record::TagSetId tags, const record::HttpSample& sample);
    /// A value of any metric at `at`; trends of time are in milliseconds. NaN is refused by the caller.
    void add(record::MetricId metric, record::TagSetId tags, double value, base::Instant at);

    /// All counted so far, cumulative; cheap enough for once a second.
    [[nodiscard]] Snapshot take_snapshot() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace weir::meter
