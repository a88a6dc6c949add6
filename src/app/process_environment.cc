#include "app/process_environment.h"

#include <cstdlib>
#include <string_view>

#include <unistd.h>

namespace weir::app {

std::map<std::string, std::string> process_environment() {
    std::map<std::string, std::string> all;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals == std::string_view::npos || equals == 0) continue;
        all.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return all;
}

std::optional<std::string> environment_variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): before threads
    if (value == nullptr) return std::nullopt;
    return std::string(value);
}

std::pair<std::string, std::string> environment_pair(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) return {text, environment_variable(text).value_or("")};
    return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace weir::app
