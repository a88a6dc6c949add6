// Directory: who can sign in, what groups they hold, and which clients are registered.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sample/auth/crypto.h"
#include "sample/db/connection.h"
#include "sample/result.h"

namespace weir::sample {

/// Every user of the sample has this password; the manual says so.
inline constexpr std::string_view sample_password = "sample-password";
/// The client that journeys and the gate use on the JSON API, and its secret.
inline constexpr std::string_view api_client = "sample-api";
inline constexpr std::string_view api_client_secret = "sample-api-secret";
inline constexpr std::string_view read_all_role = "ROLE_INTERVENTIONS_API_READ_ALL";
inline constexpr std::string_view ops_role = "ROLE_SAMPLE_OPS";

struct User {
    std::string id;
    std::string name;
    std::string source;
    std::vector<std::string> groups;
};

enum class SignIn : std::uint8_t { welcome, wrong, locked };

/// Thread-safe. Users are read once, at the start.
class Directory {
public:
    static Result<std::unique_ptr<Directory>> load(Connection& connection, int attempts_max);

    [[nodiscard]] const User* find(std::string_view name) const;
    [[nodiscard]] std::span<const User> users() const { return users_; }

    /// Counts wrong passwords: after `attempts_max` in a row the account stays locked.
    SignIn check(std::string_view name, std::string_view password);

private:
    explicit Directory(int attempts_max) : attempts_max_(attempts_max) {}

    std::vector<User> users_;
    std::unordered_map<std::string, std::size_t> by_name_;
    PasswordHash password_{sample_password};
    const int attempts_max_;
    std::mutex mutex_;
    std::unordered_map<std::string, int> failures_;
};

}  // namespace weir::sample
