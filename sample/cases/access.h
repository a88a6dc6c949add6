// Access: which contracts a user's groups open, and what that comes to in cases.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sample/auth/directory.h"
#include "sample/db/connection.h"
#include "sample/result.h"

namespace weir::sample {

/// The ids of the contracts whose group (INT_CR_<reference>) is among these, together with the
/// group (INT_SP_<provider>) of a provider who works on it. Looked up for each request.
Result<std::vector<std::string>> contracts_of(Connection& connection,
                                              std::span<const std::string> groups);

/// What a user sees, for finding the heaviest.
struct Subject {
    std::string user_name;
    std::size_t contracts = 0;
    std::size_t open_referrals = 0;
    std::size_t sent_referrals = 0;
};

/// All provider users, those who see most open referrals first.
Result<std::vector<Subject>> subjects(Connection& connection, std::span<const User> users);

}  // namespace weir::sample
