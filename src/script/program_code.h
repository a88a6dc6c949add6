// Program::Code: what compile() made, in the form the engine loads; private to this folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/hash.h"
#include "script/compile/source_map.h"
#include "script/error.h"
#include "script/program.h"

namespace weir::script {

/// Which words the sources have: what a program never says, its users need not hold.
struct Words {
    std::unordered_set<std::string, base::TextHash, std::equal_to<>> known;
    bool everything = true;
    [[nodiscard]] bool has(std::string_view word) const {
        return everything || known.contains(word);
    }
};

enum class ModuleKind : std::uint8_t { ecmascript, commonjs };

struct CompiledModule {
    std::string name;  // as shown in stacks; unique
    ModuleKind kind = ModuleKind::ecmascript;
    std::vector<std::uint8_t> bytecode;
    /// Import specifier as written -> name of a compiled or native module.
    base::TextMap<std::string> imports;
    /// Names that others import from a CommonJS module: its exports cannot be known otherwise.
    std::vector<std::string> wanted;
    std::string path;                      // absolute; "" for a library of ours
    SourceMap map;                         // empty: lines and columns are the author's
    std::vector<std::string> map_sources;  // the map's files, as shown; empty: this file
};

struct Program::Code {
    const Bindings* offered = nullptr;
    std::string entry_path;
    std::string entry_directory;
    std::vector<Source> sources;
    std::vector<std::string> natives;
    std::vector<CompiledModule> modules;  // the entry is the first
    std::vector<std::size_t> polyfills;   // modules that run before the entry
    base::TextMap<std::size_t> by_name;
    base::TextMap<std::vector<std::string>> native_names;  // per native module; "*" means all
    Words words;

    [[nodiscard]] const Bindings& bindings() const noexcept { return *offered; }
    /// Bit per Feature (engine.h) that the sources may need.
    [[nodiscard]] std::uint32_t features() const;
    /// From a place in compiled code to the author's line and column.
    void map_back(Frame& frame) const;
    [[nodiscard]] const CompiledModule* find(std::string_view name) const;
};

}  // namespace weir::script
