// Tokens: signed statements of who calls, as JWTs with HMAC-SHA256 (RFC 7519, RFC 7518).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sample/clock.h"

namespace weir::sample {

/// Who calls: a person through a client, or a client alone.
struct Identity {
    std::string client;
    std::string user_id;  // empty for a bare client
    std::string user_name;
    std::string source;  // "auth": provider staff; "delius": probation staff
    std::vector<std::string> roles;

    [[nodiscard]] bool is_user() const { return !user_id.empty(); }
    [[nodiscard]] bool has_role(std::string_view role) const;
};

/// Thread-safe. The key is made at each start: tokens don't outlive the process.
class Tokens {
public:
    explicit Tokens(WallClock clock);

    [[nodiscard]] std::string issue(const Identity& identity, std::chrono::seconds lifetime) const;
    /// Nothing when the token is malformed, forged or expired.
    [[nodiscard]] std::optional<Identity> read(std::string_view token) const;

private:
    [[nodiscard]] long now_seconds() const;

    WallClock clock_;
    std::string key_;
};

}  // namespace weir::sample
