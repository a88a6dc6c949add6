// Import scan: where a source imports what, for error messages that point at the author's line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::script {

/// A place in the text; both from 1, columns in bytes.
struct TextPlace {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};

/// One import, re-export, require() or import() of a literal.
struct ImportUse {
    enum class Kind : std::uint8_t { statement, require, dynamic };
    struct Name {
        std::string text;  // as exported there: "get", "default"; "*" for the whole namespace
        TextPlace at;
    };
    Kind kind = Kind::statement;
    std::string specifier;
    TextPlace at;  // of the specifier
    std::vector<Name> names;
};

struct ImportScan {
    std::vector<ImportUse> uses;
    bool module_syntax = false;         // import/export statements or import.meta at the top level
    bool commonjs_syntax = false;       // module.exports, exports.x, require(…)
    std::vector<std::string> exported;  // names in `exports.x` and `module.exports.x`
};

/// A lexer, not a parser: knows strings, templates, comments and (nearly always) regular
/// expressions. Never fails; on what it does not understand it finds fewer imports, never wrong
/// memory.
[[nodiscard]] ImportScan scan_imports(std::string_view source);

}  // namespace weir::script
