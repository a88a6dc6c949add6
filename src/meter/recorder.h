// Recorder: one worker's measurements. No lock; no allocation once a (metric, tag set) is known.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/time.h"
#include "meter/registry.h"
#include "record/sample.h"
#include "record/tags.h"

namespace weir::record {
class Windows;
}  // namespace weir::record
namespace weir::meter {

class PairLog;    // meter/pair_log.h
struct Snapshot;  // meter/snapshot.h: a value to merge
class SampleTap;  // meter/sample_tap.h: sees each sample (--out json/csv); null in most runs

/// How many tag sets one recorder keeps apart. Beyond it the tags url and name become "(other)";
/// should even that not help, all tags but a few bounded ones are left out.
inline constexpr std::size_t default_tag_sets_most = 20'000;

/// Owned by one worker's thread. Samples are values; nothing flows back.
class Recorder {
public:
    Recorder(const Registry& registry, base::Instant run_start, SampleTap* tap);
    Recorder(const Registry& registry,
             base::Instant run_start,
             SampleTap* tap,
             std::size_t tag_sets_most);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// The same tags give the same id. Keep ids: interning hashes, adding does not.
    [[nodiscard]] record::TagSetId intern(const record::Tags& tags);
    /// What was interned; past the limit it says less than was given. Addresses stay.
    [[nodiscard]] const record::Tags& tags_of(record::TagSetId id) const;

    /// One hop: http_reqs, http_req_failed, http_req_{duration,blocked,connecting,tls_handshaking,
    /// sending,waiting,receiving}, data_sent/received, and Weir's own response_time and
    /// service_time.
    void add_http(record::TagSetId tags, const record::HttpSample& sample);
    /// A value of any metric at `at`; trends of time are in milliseconds. NaN is refused by the
    /// caller.
    void add(record::MetricId metric, record::TagSetId tags, double value, base::Instant at);

    /// Windows count from here (when load begins, after setup); the same for all workers. Before it
    /// is called they count from the constructor's run_start.
    void start_windows(base::Instant run_start);
    /// For the windows: an iteration began. Its end is seen through the metric `iterations`.
    void note_iteration_start(base::Instant at);

    /// For duets: this worker's half of the pairs. Not part of snapshots.
    [[nodiscard]] PairLog& pairs() noexcept;

    /// All counted so far, cumulative; cheap enough for once a second with hundreds of series.
    [[nodiscard]] Snapshot take_snapshot() const;
    /// The same without windows and with the trends of `trends` alone: what a tick needs when there
    /// are thousands of series.
    [[nodiscard]] Snapshot take_snapshot(std::span<const record::MetricId> trends) const;

    /// The same in parts, for a thread that has work that does not wait: adds the series of up to
    /// `most` tag sets from the `from`-th on to `into`, without windows. Returns where the next
    /// part begins; nothing when that was the last. Each series is whole; those of later parts are
    /// a little younger.
    [[nodiscard]] std::optional<std::size_t> add_part(Snapshot& into,
                                                      std::size_t from,
                                                      std::size_t most) const;
    [[nodiscard]] const record::Windows& windows() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace weir::meter
