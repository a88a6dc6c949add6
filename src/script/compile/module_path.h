// Module names: what an import specifier means, before any file is looked at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::script {

/// What a specifier names. Pure: no file system.
struct ModuleName {
    enum class Kind : std::uint8_t {
        file,     // `candidates`, the first that exists
        library,  // `name` of a library of ours ("k6-utils"): https://jslib.k6.io/…, any version
        native,   // `name`, to be offered by the Bindings ("k6/http")
        refused,  // `reason` says why and what to do
    };
    Kind kind = Kind::refused;
    std::string name;
    std::vector<std::string> candidates;
    std::string reason;
};

/// `base_directory` is absolute: that of the importing file; "" for a library of ours.
[[nodiscard]] ModuleName parse_module_name(std::string_view specifier,
                                           std::string_view base_directory);

/// "/a/b/../c" -> "/a/c". Lexical; never above the root.
[[nodiscard]] std::string normal_path(std::string_view path);
[[nodiscard]] std::string directory_of(std::string_view path);
/// With a leading dot: ".ts"; "" when there is none.
[[nodiscard]] std::string_view extension_of(std::string_view path);

}  // namespace weir::script
