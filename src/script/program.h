// Program: a journey compiled once per run to bytecode; immutable and shared by all users.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "script/bindings.h"

namespace weir::script {

/// Reads a file by absolute path. not_found when it is not there. Tests pass files in memory.
using SourceReader = std::function<base::Result<std::string>(const std::string& path)>;

struct ProgramRequest {
    std::string entry;       // path as the user gave it; "-" is not known here, name it "stdin.js"
    std::string entry_text;  // when not empty: the entry's source, not read through `read`
    std::string directory;   // absolute; relative entries are resolved against it
    SourceReader read;
    const Bindings* bindings = nullptr;
};

/// Thread-safe: nothing in it changes after compile().
class Program {
public:
    /// Resolves the module graph from the entry, strips types, compiles. The error says
    /// file:line:column as the user wrote it and what to do. Runs on the caller's stack (needs a
    /// thread's stack, not a fiber's), without memory limit.
    [[nodiscard]] static base::Result<std::shared_ptr<const Program>> compile(
        const ProgramRequest& request);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    [[nodiscard]] const std::string& entry_path() const noexcept;
    /// Absolute directory of the entry: what open() and friends resolve against.
    [[nodiscard]] const std::string& entry_directory() const noexcept;
    /// Every file that was compiled, with its text: for archives, fingerprints and error reports.
    struct Source {
        std::string path;
        std::string text;
    };
    [[nodiscard]] const std::vector<Source>& sources() const noexcept;
    /// Names of the native modules it imports ("k6/http"), sorted.
    [[nodiscard]] const std::vector<std::string>& native_modules() const noexcept;
    [[nodiscard]] std::size_t bytecode_bytes() const noexcept;

    struct Code;  // engine-facing, private to this folder
    [[nodiscard]] const Code& code() const noexcept { return *code_; }

private:
    explicit Program(std::unique_ptr<Code> code);
    std::unique_ptr<Code> code_;
};

}  // namespace weir::script
