// Digest: message digests and HMAC by k6's names, and random bytes from the operating system.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::journey::api {

/// "md4", "md5", "sha1", "sha256", "sha384", "sha512", "sha512_224", "sha512_256", "ripemd160".
[[nodiscard]] bool is_digest(std::string_view name) noexcept;
/// The error says that OpenSSL refuses the algorithm.
[[nodiscard]] base::Result<std::string> digest(std::string_view name, std::string_view data);
[[nodiscard]] base::Result<std::string> hmac(std::string_view name,
                                             std::string_view key,
                                             std::string_view data);
[[nodiscard]] std::string system_random(std::size_t bytes);

}  // namespace weir::journey::api
