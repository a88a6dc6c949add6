// Taking turns: a gate waits until the environment is its own, visibly and not for ever.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/lease/held_lease.h"
#include "app/watch/interruption.h"
#include "base/log.h"
#include "gate/exit_code.h"
#include "ledger/lease.h"
#include "rt/clock.h"

namespace weir::app {

struct TurnWish {
    ledger::LeaseApplicant who;
    std::string store;   // the suite's; empty: none
    base::Nanos wait{};  // at most; zero: not at all
};

struct Turn {
    std::unique_ptr<HeldLease> lease;   // null: without one
    std::optional<gate::ExitCode> end;  // the gate ends here: busy, or interrupted
    std::string words;                  // why
};

/// Runs that share a store share its queue; without a store, or when it cannot be reached, those on
/// this machine that share a working directory do, by the file .weir/lease.db. A gate that cannot
/// have even that goes on without: turns keep runs apart, they never decide.
[[nodiscard]] Turn take_turn(const TurnWish& wish,
                             const rt::Clock& clock,
                             const base::Log& log,
                             Interruption& interruption);

/// "waiting behind run X of pipeline Y, since 12:03 UTC, 2nd of 3"; `queue.mine` > 0.
[[nodiscard]] std::string waiting_words(const ledger::LeaseQueue& queue);

}  // namespace weir::app
