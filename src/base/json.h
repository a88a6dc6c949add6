// JSON behind one header of ours: an ordered document, parsed without exceptions. Include in .cc
// only.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace weir::base {

/// Keys keep their order, so that what we write is stable to the byte.
using Json = nlohmann::ordered_json;

/// Parses one document. The error names line and column. Duplicate keys: the last one wins.
[[nodiscard]] Result<Json> parse_json(std::string_view text);

/// Compact (indent < 0) or indented text. Invalid UTF-8 is replaced by U+FFFD, never an exception.
[[nodiscard]] std::string write_json(const Json& document, int indent = -1);

/// What may stand in a JSON document, and in a database, as it is.
[[nodiscard]] bool is_utf8(std::string_view text);

/// Reads without exceptions: the member if it is there and is a number/string/bool, else
/// `fallback`.
[[nodiscard]] double number_or(const Json& object, std::string_view key, double fallback);
[[nodiscard]] std::string text_or(const Json& object,
                                  std::string_view key,
                                  std::string_view fallback);
[[nodiscard]] bool bool_or(const Json& object, std::string_view key, bool fallback);

}  // namespace weir::base
