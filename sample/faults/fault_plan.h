// FaultPlan: what is to go wrong, in the service or around it; see docs/sample-service.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "sample/result.h"

namespace weir::sample {

struct FaultPlan {
    // The service's own doing.
    bool n_plus_one = false;              // a query for each case of the user, not for the page
    bool missing_index = false;           // tables are read from end to end
    bool lock_contention = false;         // a lock is held while a page is made
    std::uint64_t memory_growth_kib = 0;  // kept for good by each page
    std::string slow_page;                // "dashboard", "referral", or empty
    double slow_percent = 0;              // how much longer that page takes

    // Done to it.
    bool dependency = false;  // pages ask the risk service
    std::chrono::milliseconds dependency_delay{0};
    double dependency_failures = 0;             // share of its answers
    std::chrono::seconds restart_after{0};      // 0: never
    std::chrono::seconds new_version_after{0};  // 0: never
    bool data_drift = false;
    unsigned cpu_hogs = 0;
    bool sign_in_broken = false;
};

/// Adds one switch, "NAME" or "NAME:OPTION…". The error lists all names.
Result<void> add_fault(std::string_view text, FaultPlan& plan);

}  // namespace weir::sample
