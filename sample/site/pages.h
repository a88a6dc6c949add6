// Pages: the origin people see; signs them in at the other one and shows them their cases.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "sample/auth/auth_server.h"
#include "sample/cases/dashboard.h"
#include "sample/db/connection.h"
#include "sample/site/html.h"
#include "sample/web/message.h"

namespace weir::sample {

struct PagesSettings {
    std::string ui_url;
    std::string auth_url;
    DashboardKind dashboard = DashboardKind::paginated;
    std::chrono::seconds session_lifetime{1200};
};

/// Thread-safe, but for the connection that each request brings.
class Pages {
public:
    Pages(AuthServer& auth, const Directory& directory, WallClock clock);

    /// Must be called before the first request.
    void configure(PagesSettings settings) { settings_ = std::move(settings); }

    Response handle(const Request& request, Connection& connection);

private:
    /// What the cookie connect.sid stands for.
    struct Session {
        std::string state;      // of the sign-in under way
        std::string return_to;  // the page that was asked for
        std::optional<Identity> identity;
    };

    Response start_sign_in(const Request& request);
    Response go_to_auth(const Request& request);
    Response come_back(const Request& request);
    Response sign_out(const Request& request);
    Response page_for(const Identity& identity, const Request& request, Connection& connection);
    Response dashboard(DashboardView view,
                       const User& user,
                       const Request& request,
                       Connection& connection) const;
    Response referral(const User& user, const Request& request, Connection& connection) const;
    std::optional<Identity> signed_in(const Request& request);

    AuthServer& auth_;
    const Directory& directory_;
    PagesSettings settings_;
    Tickets<Session> sessions_;
};

}  // namespace weir::sample
