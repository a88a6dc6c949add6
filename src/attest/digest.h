// SHA-256 of bytes, as hexadecimal text: names of keys, requests, envelopes and rows; and what goes
// with it: keyed digests, and comparing them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::attest {

/// 64 lower-case hexadecimal digits (FIPS 180-4).
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

/// 64 lower-case hexadecimal digits (RFC 2104 with SHA-256).
[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view text);

/// Whether two texts are the same, in a time that says nothing of where they differ.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b) noexcept;

/// The same digest as people write it: "sha256:HEX", or the digits alone, in either case. Gives the
/// 64 lower-case digits. The error says what an artefact's digest looks like.
[[nodiscard]] base::Result<std::string> read_sha256(std::string_view text);

}  // namespace weir::attest
