// SecretSource: where a secret's value comes from; never the value itself.
#pragma once

#include <string>

namespace weir::plan {

/// Exactly one of the two is given; none: there is no such secret.
struct SecretSource {
    std::string from_variable;  // a variable of Weir's own environment
    std::string from_file;      // or a file's first line; relative to weir.toml

    [[nodiscard]] bool given() const noexcept {
        return !from_variable.empty() || !from_file.empty();
    }
    [[nodiscard]] bool operator==(const SecretSource&) const = default;
};

}  // namespace weir::plan
