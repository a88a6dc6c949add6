// HeldLease: an environment that is this run's alone, kept by a sign of life now and then.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"
#include "ledger/ledger.h"
#include "rt/worker.h"

namespace weir::app {

/// Gives it back when destroyed. Signs of life come from a thread of its own: neither the load nor
/// a slow store keeps the other waiting.
class HeldLease {
public:
    /// `ledger`: where `ticket` is the first. `url`: to open it again when the connection broke.
    HeldLease(ledger::Ledger ledger, std::string url, ledger::LeaseTicket ticket);
    ~HeldLease();
    HeldLease(const HeldLease&) = delete;
    HeldLease& operator=(const HeldLease&) = delete;

    [[nodiscard]] base::Result<void> keep();
    /// In words, who has taken it; nothing while it is ours, as far as is known.
    [[nodiscard]] std::optional<std::string> lost() const;
    /// The same, after the store was asked once more: at the run's end.
    [[nodiscard]] std::optional<std::string> lost_by_now();
    /// In words, that for longer than others would wait nobody could tell; nothing: it is known.
    [[nodiscard]] std::optional<std::string> unknown() const;

private:
    void beat();
    static void on_time(void* self);

    rt::SystemClock clock_;
    mutable std::mutex mutex_;  // all below, and the connection
    std::optional<ledger::Ledger> ledger_;
    std::string url_;
    ledger::LeaseTicket ticket_;
    std::optional<std::string> lost_;
    std::string trouble_;
    base::Instant known_at_{};
    rt::Worker worker_;
    std::unique_ptr<rt::Timer> timer_;  // on the worker's thread
};

}  // namespace weir::app
