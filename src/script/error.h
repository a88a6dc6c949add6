// ScriptError: what a script threw, as text for people, with the stack in the user's own lines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weir::script {

/// A place in the source as its author wrote it (TypeScript included). Lines and columns count
/// from 1.
struct Frame {
    std::string function;  // "" at the top level
    std::string file;      // as given or imported; "" for native code
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// Why a script stopped, when it was not its own doing.
enum class Stop : std::uint8_t {
    none,
    cancelled,       // Isolate::cancel()
    slice_exceeded,  // ran longer than Limits::cpu_slice without parking: an endless loop?
};

struct ScriptError {
    std::string name;     // "TypeError"; "" when what was thrown is not an Error
    std::string message;  // or the thrown value as text
    std::vector<Frame> stack;
    Stop stop = Stop::none;
    bool out_of_memory = false;

    /// "TypeError: x is not a function", without the stack.
    [[nodiscard]] std::string headline() const;
    /// Headline and stack: "...\n    at f (script.ts:3:5)\n    at default (script.ts:9:1)".
    [[nodiscard]] std::string text() const;
    /// The innermost place in the user's code: "script.ts:3:5", or "".
    [[nodiscard]] std::string where() const;
};

}  // namespace weir::script
