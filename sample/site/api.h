// Api: the JSON interface under the pages, for callers with a bearer token.
#pragma once

#include "sample/auth/directory.h"
#include "sample/auth/tokens.h"
#include "sample/cases/dashboard.h"
#include "sample/db/connection.h"
#include "sample/web/message.h"

namespace weir::sample {

/// Thread-safe, but for the connection that each request brings.
class Api {
public:
    Api(const Tokens& tokens, const Directory& directory, DashboardKind dashboard)
        : tokens_(tokens), directory_(directory), dashboard_(dashboard) {}

    static bool owns(const Request& request);
    Response handle(const Request& request, Connection& connection) const;
    /// Users and how many referrals each sees: for operators, who have a role of their own.
    Response users(const Request& request, Connection& connection) const;

private:
    Response summaries(const Identity& caller,
                       const Request& request,
                       Connection& connection) const;
    Response referral(const Identity& caller, const Request& request, Connection& connection) const;
    [[nodiscard]] std::optional<Identity> caller(const Request& request) const;
    /// The provider user behind the caller, or nothing for a bare client and for other staff.
    [[nodiscard]] const User* provider_user(const Identity& caller) const;

    const Tokens& tokens_;
    const Directory& directory_;
    const DashboardKind dashboard_;
};

}  // namespace weir::sample
