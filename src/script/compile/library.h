// Libraries: our own modules for what scripts import from https://jslib.k6.io, without a network.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::script {

/// The source of "k6-utils" and its like; empty when we have none of that name.
[[nodiscard]] std::string_view library_source(std::string_view name);
/// Why it is missing and what to do instead.
[[nodiscard]] std::string library_refusal(std::string_view name);

/// A global that is written in JavaScript and joins only programs that name it.
struct Polyfill {
    std::string_view word;
    std::string_view source;
};
[[nodiscard]] std::vector<Polyfill> polyfills();

}  // namespace weir::script
