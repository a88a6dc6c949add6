// Release rules: what weir.toml says of bypasses and of taking turns on an environment.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace weir::plan {

/// Somebody who may ask for a bypass, or allow one. Two entries of one name: a person with two
/// keys.
struct BypassPerson {
    std::string name;
    std::string key;  // file of the public key (PEM); relative to weir.toml
    bool may_request = true;
    bool may_approve = true;
};

/// Under which a deployment may go on without a pass.
struct BypassRule {
    std::uint32_t quorum = 1;                       // approvers, besides the one who asks
    base::Nanos valid_for = std::chrono::hours(4);  // at most, from the request on
    std::uint64_t uses = 1;                         // at most
    bool refuse_in_debt = true;  // no further one until what was bypassed holds again
    std::vector<BypassPerson> people;
};

/// One run at a time on an environment.
struct LeaseRule {
    base::Nanos wait = std::chrono::minutes(15);  // for one's turn; zero: not at all
};

}  // namespace weir::plan
