// Lease: the queue for an environment: whoever is first in it may run, the others wait their turn.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace weir::ledger {

/// Who does not give a sign of life for so long is out of the queue, by the store's clock; give one
/// at least every third of it.
inline constexpr base::Nanos lease_silence = std::chrono::seconds(30);

struct LeaseApplicant {
    std::string environment{};
    std::string run_id{};
    std::string suite{};
    std::string pipeline{};  // for people: where to find the run
};

/// Tickets of an environment only ever grow, so that of two who believe to hold the lease the one
/// with the lower number is wrong.
struct LeaseTicket {
    std::string environment{};
    std::uint64_t number = 0;
};

struct LeasePlace {
    std::uint64_t ticket = 0;
    std::string run_id{};
    std::string suite{};
    std::string pipeline{};
    base::WallTime asked{};
    base::WallTime held_since{};  // of the first alone
};

/// The first holds the lease.
struct LeaseQueue {
    std::vector<LeasePlace> places;
    /// Where the one who looked is; nothing: it was silent for too long, and is out.
    std::optional<std::size_t> mine;
    [[nodiscard]] bool held() const noexcept { return mine == std::size_t{0}; }
};

}  // namespace weir::ledger
