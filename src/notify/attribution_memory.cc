#include "notify/attribution_memory.h"

#include "base/format.h"

namespace weir::notify {
namespace {

/// Alertmanager's fingerprint is a hash of the labels; without one the labels themselves.
std::string key_of(const Alert& alert) {
    std::string key =
        base::format("{} {}", alert.starts.time_since_epoch().count(), alert.fingerprint);
    if (!alert.fingerprint.empty()) return key;
    for (const auto& [name, value] : alert.labels) {
        key += base::format("{}:{}={}:{};", name.size(), name, value.size(), value);
    }
    return key;
}

}  // namespace

Cause AttributionMemory::settle(const Alert& alert, const std::function<Cause()>& decide) {
    auto key = key_of(alert);
    const auto found = known_.find(key);
    if (found != known_.end()) {
        if (alert.firing && found->second.is_run()) found->second = decide();
        return found->second;
    }
    auto cause = decide();
    while (known_.size() >= most_ && !order_.empty()) {
        known_.erase(order_.front());
        order_.pop_front();
    }
    order_.push_back(key);
    known_.emplace(std::move(key), cause);
    return cause;
}

}  // namespace weir::notify
