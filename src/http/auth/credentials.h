// Credentials: Basic (RFC 7617) and Digest (RFC 7616) Authorization values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::http {

/// "%41" becomes "A"; what is no escape stays.
[[nodiscard]] std::string percent_decoded(std::string_view text);
[[nodiscard]] std::string basic_credentials(std::string_view user, std::string_view password);

struct DigestRequest {
    std::string_view method;
    std::string_view target;  // path and query
    std::string_view user;
    std::string_view password;
    std::string_view client_nonce;  // fresh for each
};
/// Answers a WWW-Authenticate challenge; nothing when there is no Digest challenge in it, or it
/// asks for an algorithm other than MD5, SHA-256 (and their -sess forms) or a qop other than auth.
[[nodiscard]] std::optional<std::string> digest_credentials(std::string_view challenge,
                                                            const DigestRequest& request);

}  // namespace weir::http
