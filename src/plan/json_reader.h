// JsonReader: typed reads of JSON values with errors that name the field. For .cc files of this
// layer.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace weir::plan {

/// Each error says "options.scenarios.peak.rate must be a whole number, not "fast"".
[[nodiscard]] base::Error wrong_type(std::string_view path,
                                     std::string_view wanted,
                                     const base::Json& found);
[[nodiscard]] base::Result<std::uint64_t> read_whole(const base::Json& value,
                                                     std::string_view path);
[[nodiscard]] base::Result<std::uint32_t> read_count(const base::Json& value,
                                                     std::string_view path);
[[nodiscard]] base::Result<bool> read_bool(const base::Json& value, std::string_view path);
[[nodiscard]] base::Result<std::string> read_text(const base::Json& value, std::string_view path);
/// A number of milliseconds or a duration such as "1m30s"; not negative.
[[nodiscard]] base::Result<base::Nanos> read_duration(const base::Json& value,
                                                      std::string_view path);
[[nodiscard]] base::Result<std::vector<std::string>> read_texts(const base::Json& value,
                                                                std::string_view path);
/// Values may be text, numbers or booleans (k6 takes them all as tags).
[[nodiscard]] base::Result<std::map<std::string, std::string>> read_text_map(
    const base::Json& value, std::string_view path);

/// The nearest of `known` to a misspelt name, or empty when none is near.
[[nodiscard]] std::string nearest(std::string_view name,
                                  const std::vector<std::string_view>& known);

}  // namespace weir::plan
