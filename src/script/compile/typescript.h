// TypeScript: takes the types out and keeps every line where it was.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "script/compile/source_map.h"

namespace weir::script {

struct Stripped {
    std::string code;
    SourceMap map;
};

/// The sucrase library in an engine of its own; made when the first TypeScript file is met.
class TypeStripper {
public:
    TypeStripper();
    ~TypeStripper();
    TypeStripper(const TypeStripper&) = delete;
    TypeStripper& operator=(const TypeStripper&) = delete;

    /// Enums and parameter properties become JavaScript; imports used only as types go. The error
    /// says `file`:line:column. Needs a thread's stack.
    [[nodiscard]] base::Result<Stripped> strip(std::string_view source, const std::string& file);

private:
    struct Engine;
    std::unique_ptr<Engine> engine_;
};

}  // namespace weir::script
