// SHA-256 of bytes, as hexadecimal text: names of keys, requests, envelopes and rows.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::attest {

/// 64 lower-case hexadecimal digits (FIPS 180-4).
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

/// The same digest as people write it: "sha256:HEX", or the digits alone, in either case. Gives the
/// 64 lower-case digits. The error says what an artefact's digest looks like.
[[nodiscard]] base::Result<std::string> read_sha256(std::string_view text);

}  // namespace weir::attest
