// AuthServer: the second origin, which signs people in and issues tokens (OAuth 2.0, RFC 6749).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "sample/auth/directory.h"
#include "sample/auth/tickets.h"
#include "sample/auth/tokens.h"
#include "sample/clock.h"
#include "sample/web/message.h"

namespace weir::sample {

struct AuthSettings {
    std::string ui_url;  // the pages' origin, for the registered redirect address
    std::chrono::seconds session_lifetime{1200};
    std::chrono::seconds token_lifetime{1200};
};

/// The client that stands for the pages.
inline constexpr std::string_view ui_client = "weir-sample-ui";

/// Thread-safe.
class AuthServer {
public:
    AuthServer(Directory& directory, const Tokens& tokens, const WallClock& clock);

    /// Must be called before the first request.
    void configure(AuthSettings settings) { settings_ = std::move(settings); }

    Response handle(const Request& request);

    /// What the pages do over their own wire: trades a code for who signed in. A code works once.
    std::optional<Identity> redeem(std::string_view code,
                                   std::string_view client,
                                   std::string_view redirect_uri);

private:
    /// What is remembered of a visitor between the form and its answer.
    struct Visit {
        std::string saved_target;  // the authorize request to go on with
        std::string csrf;
    };
    struct Grant {
        std::string client;
        std::string redirect_uri;
        std::string user_name;
    };

    Response show(const Request& request);
    Response authorize(const Request& request);
    Response show_form(const Request& request);
    Response sign_in(const Request& request);
    Response sign_out(const Request& request) const;
    Response token(const Request& request);
    Response token_for(const Identity& identity) const;
    [[nodiscard]] const User* signed_in(const Request& request) const;
    [[nodiscard]] bool is_registered(std::string_view client, std::string_view uri) const;

    Directory& directory_;
    const Tokens& tokens_;
    AuthSettings settings_;
    Tickets<Visit> visits_;
    Tickets<Grant> grants_;
};

}  // namespace weir::sample
