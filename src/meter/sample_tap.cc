#include "meter/sample_tap.h"

#include <algorithm>
#include <bit>

#include "base/assert.h"

namespace weir::meter {

SampleTap::SampleTap(std::size_t capacity)
    : ring_(std::make_unique<TappedSample[]>(std::bit_ceil(std::max<std::size_t>(capacity, 2)))),
      mask_(std::bit_ceil(std::max<std::size_t>(capacity, 2)) - 1) {}

void SampleTap::define(record::TagSetId id, const record::Tags& tags) {
    const std::scoped_lock lock(defining_);
    CHECK(static_cast<std::size_t>(id) == defined_.size());
    defined_.push_back(tags);
}

/// The next free place, or null (and one more dropped) when the writer is a ring behind.
TappedSample* SampleTap::claim() noexcept {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (head - tail_seen_ > mask_) {
        tail_seen_ = tail_.load(std::memory_order_acquire);
        if (head - tail_seen_ > mask_) {
            dropped_.fetch_add(1, std::memory_order_relaxed);
            return nullptr;
        }
    }
    return &ring_[head & mask_];
}

void SampleTap::publish() noexcept {
    head_.store(head_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

void SampleTap::add_http(record::TagSetId tags, const record::HttpSample& sample) noexcept {
    TappedSample* place = claim();
    if (place == nullptr) return;
    place->is_http = true;
    place->tags = tags;
    place->at = sample.end;
    place->http = sample;
    publish();
}

void SampleTap::add(record::MetricId metric,
                    record::TagSetId tags,
                    double value,
                    base::Instant at) noexcept {
    TappedSample* place = claim();
    if (place == nullptr) return;
    place->is_http = false;
    place->tags = tags;
    place->metric = metric;
    place->at = at;
    place->value = value;
    publish();
}

bool SampleTap::drain(std::vector<TappedSample>& out, std::size_t most) {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    const std::size_t ready = head_.load(std::memory_order_acquire) - tail;
    const std::size_t taken = std::min(ready, most);
    for (std::size_t i = 0; i < taken; ++i) out.push_back(ring_[(tail + i) & mask_]);
    tail_.store(tail + taken, std::memory_order_release);
    return taken > 0;
}

void SampleTap::drain_tags(std::vector<record::Tags>& known) {
    const std::scoped_lock lock(defining_);
    known.insert(known.end(), defined_.begin() + static_cast<std::ptrdiff_t>(known.size()),
                 defined_.end());
}

}  // namespace weir::meter
