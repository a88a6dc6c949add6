// Bytes that scripts hand over, as text, buffers or arrays of numbers, and their encodings.
#pragma once

#include <optional>
#include <string>

#include "script/isolate.h"
#include "script/value.h"

namespace weir::journey::api {

/// A copy. nullopt: threw.
[[nodiscard]] std::optional<std::string> read_bytes(script::Isolate& js, script::Ref value);

/// "hex", "base64", "base64url", "base64rawurl": text; "binary": an ArrayBuffer. Throws on others.
[[nodiscard]] script::Value encode_bytes(script::Isolate& js,
                                         const std::string& bytes,
                                         std::string_view encoding);

/// k6's four alphabets: "std", "rawstd", "url", "rawurl". nullopt: no such one.
struct Base64 {
    bool url = false;
    bool padded = true;
};
[[nodiscard]] std::optional<Base64> base64_named(std::string_view name) noexcept;
[[nodiscard]] std::string to_base64(std::string_view bytes, Base64 form);
/// Source: RFC 4648 §4, §5. nullopt: not of that form.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text, Base64 form);
[[nodiscard]] std::string to_hex(std::string_view bytes);

}  // namespace weir::journey::api
