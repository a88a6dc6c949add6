// Tickets: a bounded store of short-lived secrets, each for one thing remembered about a visitor.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "sample/auth/crypto.h"
#include "sample/clock.h"

namespace weir::sample {

/// Thread-safe. Values go when their time is over, or, oldest first, when there are too many:
/// a flood of visitors without cookies must not eat the memory.
template <typename Value>
class Tickets {
public:
    static constexpr std::size_t kept_max = 50'000;

    explicit Tickets(WallClock clock) : clock_(std::move(clock)) {}

    /// Remembers the value under a new secret.
    std::string add(Value value, std::chrono::seconds lifetime) {
        auto id = random_token(24);
        const std::lock_guard lock(mutex_);
        while (order_.size() >= kept_max) forget_oldest();
        values_.emplace(id, Entry{std::move(value), clock_() + lifetime});
        order_.push_back(id);
        return id;
    }

    [[nodiscard]] std::optional<Value> find(std::string_view id) {
        const std::lock_guard lock(mutex_);
        const auto found = values_.find(std::string(id));
        if (found == values_.end() || found->second.expires <= clock_()) return std::nullopt;
        return found->second.value;
    }

    /// Changes a value that is still there; its time goes on as before.
    void replace(std::string_view id, Value value) {
        const std::lock_guard lock(mutex_);
        const auto found = values_.find(std::string(id));
        if (found != values_.end()) found->second.value = std::move(value);
    }

    /// Gives the value out and forgets it.
    std::optional<Value> take(std::string_view id) {
        const std::lock_guard lock(mutex_);
        const auto found = values_.find(std::string(id));
        if (found == values_.end()) return std::nullopt;
        const bool fresh = found->second.expires > clock_();
        std::optional<Value> value;
        if (fresh) value = std::move(found->second.value);
        values_.erase(found);
        return value;
    }

private:
    struct Entry {
        Value value;
        WallTime expires;
    };

    void forget_oldest() {
        values_.erase(order_.front());
        order_.pop_front();
    }

    WallClock clock_;
    std::mutex mutex_;
    std::unordered_map<std::string, Entry> values_;
    std::deque<std::string> order_;  // of ids, some of them gone already
};

}  // namespace weir::sample
