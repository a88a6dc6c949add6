// Secrets of the sign-in: random tokens, password hashes, signatures (OpenSSL).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace weir::sample {

/// That many random bytes from the system, as base64url without padding.
std::string random_token(std::size_t bytes);

/// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);
/// Takes both alphabets, with or without padding; nothing when the text is neither.
std::optional<std::string> from_base64(std::string_view text);

std::string hmac_sha256(std::string_view key, std::string_view text);

/// Takes as long for a wrong text as for the right one.
bool same_secret(std::string_view left, std::string_view right);

/// PBKDF2-HMAC-SHA256 (RFC 8018) with a salt of its own.
class PasswordHash {
public:
    explicit PasswordHash(std::string_view password);
    [[nodiscard]] bool matches(std::string_view password) const;

private:
    std::string salt_;
    std::string hash_;
};

}  // namespace weir::sample
