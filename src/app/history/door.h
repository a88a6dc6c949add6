// Door: who may ask the team's page for what: by method, by the name that it is called by, and by
// token.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/server/request_parser.h"
#include "http/server/server.h"

namespace weir::app {

struct DoorRules {
    /// Names and addresses in the Host header that are answered, without port; empty: any. On the
    /// own machine this is what keeps a stranger's page out that has made its own name point here
    /// (DNS rebinding).
    std::vector<std::string> hosts;
    std::string token_sha256;  // 64 hexadecimal digits; empty: no token is asked for
};

class Door {
public:
    explicit Door(DoorRules rules) : rules_(std::move(rules)) {}

    /// The answer for a request that is no reading one (405), or that calls us by another name
    /// (400, 421).
    [[nodiscard]] std::optional<http::ServerAnswer> turn_away(
        const http::ReceivedRequest& request) const;
    /// The answer for who comes without the token (401), where one is asked for.
    [[nodiscard]] std::optional<http::ServerAnswer> ask_for_token(
        const http::ReceivedRequest& request) const;
    [[nodiscard]] bool asks_for_token() const noexcept { return !rules_.token_sha256.empty(); }

private:
    DoorRules rules_;
};

/// {"format": "weir.problem", …}: what an API answers instead.
[[nodiscard]] http::ServerAnswer problem(int status, std::string_view words);

/// The host of a Host header: without port, in lower case, without the dot of the root. Empty when
/// it is none.
[[nodiscard]] std::string host_of(std::string_view header);

}  // namespace weir::app
