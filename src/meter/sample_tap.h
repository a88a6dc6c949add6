// SampleTap: one worker's end of the stream behind --out; never blocks, counts what it drops.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/time.h"
#include "record/sample.h"
#include "record/tags.h"

namespace weir::meter {

/// One sample as it travels to the writer: a hop, or a value of one metric.
struct TappedSample {
    bool is_http = false;
    record::TagSetId tags{};
    record::MetricId metric{};
    base::Instant at{};
    double value = 0;
    record::HttpSample http;
};

/// One producer (a worker's Recorder), one consumer (the SampleWriter's thread). When the ring is
/// full a sample is dropped and counted: the load never waits for a disk. Tag sets are never
/// dropped.
class SampleTap {
public:
    static constexpr std::size_t default_capacity = std::size_t{1}
                                                    << 15;  // rounded up to a power of two

    explicit SampleTap(std::size_t capacity = default_capacity);

    // Producer. define() comes once for each tag set, before its first sample.
    void define(record::TagSetId id, const record::Tags& tags);
    void add_http(record::TagSetId tags, const record::HttpSample& sample) noexcept;
    void add(record::MetricId metric,
             record::TagSetId tags,
             double value,
             base::Instant at) noexcept;

    // Consumer.
    /// Moves out up to `most` samples, appended to `out`; false when there was none.
    [[nodiscard]] bool drain(std::vector<TappedSample>& out, std::size_t most);
    /// Tag sets defined since the last call, in order of id from `known` on.
    void drain_tags(std::vector<record::Tags>& known);

    [[nodiscard]] std::uint64_t dropped() const noexcept {
        return dropped_.load(std::memory_order_relaxed);
    }

private:
    [[nodiscard]] TappedSample* claim() noexcept;
    void publish() noexcept;

    std::unique_ptr<TappedSample[]> ring_;
    std::size_t mask_;
    alignas(64) std::atomic<std::size_t> head_{0};  // written by the producer
    std::size_t tail_seen_ = 0;                     // the producer's last look at tail_
    alignas(64) std::atomic<std::size_t> tail_{0};  // written by the consumer
    alignas(64) std::atomic<std::uint64_t> dropped_{0};
    std::mutex defining_;
    std::vector<record::Tags> defined_;  // guarded by defining_; tag sets are rare
};

}  // namespace weir::meter
