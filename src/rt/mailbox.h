// Mailbox: the way values go from one worker's thread to another's: bounded, one writer, one
// reader.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace weir::rt {

/// Neither side waits for the other: a full box is an answer, not a wait. One thread calls put()
/// and one thread take(). What wakes the reader is the reader's affair (a tick,
/// post_from_any_thread).
template <typename T>
class Mailbox {
public:
    explicit Mailbox(std::size_t capacity) : slots_(capacity + 1) { CHECK(capacity > 0); }

    /// False when full: `value` is untouched then.
    [[nodiscard]] bool put(T&& value) {
        const std::size_t at = written_.load(std::memory_order_relaxed);
        const std::size_t next = following(at);
        if (next == read_.load(std::memory_order_acquire)) return false;
        slots_[at].emplace(std::move(value));
        written_.store(next, std::memory_order_release);
        return true;
    }

    /// The oldest value, or nothing.
    [[nodiscard]] std::optional<T> take() {
        const std::size_t at = read_.load(std::memory_order_relaxed);
        if (at == written_.load(std::memory_order_acquire)) return std::nullopt;
        std::optional<T> value = std::exchange(slots_[at], std::nullopt);
        read_.store(following(at), std::memory_order_release);
        return value;
    }

private:
    [[nodiscard]] std::size_t following(std::size_t at) const noexcept {
        return at + 1 == slots_.size() ? 0 : at + 1;
    }

    static constexpr std::size_t cache_line = 64;  // the two ends must not share one
    std::vector<std::optional<T>> slots_;
    alignas(cache_line) std::atomic<std::size_t> written_ = 0;
    alignas(cache_line) std::atomic<std::size_t> read_ = 0;
};

}  // namespace weir::rt
