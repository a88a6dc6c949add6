// Compiler: from an entry file to a Program::Code: reads, strips, scans, compiles and links once.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "script/compile/import_scan.h"
#include "script/compile/module_path.h"
#include "script/compile/typescript.h"
#include "script/program.h"
#include "script/program_code.h"

namespace weir::script {

/// One use: run().
class Compiler {
public:
    explicit Compiler(const ProgramRequest& request);

    [[nodiscard]] base::Result<std::unique_ptr<Program::Code>> run();

private:
    /// A source on its way to bytecode; same order as code_->modules.
    struct Draft {
        std::string path;       // absolute; "" for a library of ours
        std::string directory;  // what relative imports start from
        std::string code;       // JavaScript
        ImportScan scan;
        bool json = false;
    };

    [[nodiscard]] base::Result<void> add_entry();
    [[nodiscard]] base::Result<std::size_t> add_file(const std::string& path, std::string text);
    [[nodiscard]] base::Result<std::size_t> add_library(const std::string& name);
    [[nodiscard]] std::size_t add_built_in(const std::string& shown_name, std::string_view source);
    [[nodiscard]] base::Result<void> add_polyfills();
    [[nodiscard]] base::Result<void> compile(std::size_t index);
    [[nodiscard]] base::Result<void> resolve_all(std::size_t index,
                                                 const std::vector<std::string>& requested);
    [[nodiscard]] base::Result<std::string> resolve(std::size_t index,
                                                    const std::string& specifier);
    [[nodiscard]] base::Result<std::string> resolve_file(std::size_t index,
                                                         const ModuleName& name,
                                                         const std::string& specifier);
    [[nodiscard]] base::Result<void> check_links();
    /// A linking error of the engine ("Could not find export 'x' in module 'y'") in the author's
    /// terms.
    [[nodiscard]] base::Error explain_link(const std::string& message) const;
    void note_names(std::size_t index);
    void note_words(std::string_view code);
    [[nodiscard]] std::string shown(const std::string& path) const;
    [[nodiscard]] base::Error at_import(std::size_t index,
                                        const std::string& specifier,
                                        const std::string& why) const;
    [[nodiscard]] Frame author_place(std::size_t index, TextPlace at) const;
    [[nodiscard]] std::string locate(std::size_t index, TextPlace at) const;

    const ProgramRequest& request_;
    std::unique_ptr<Program::Code> code_;
    std::deque<Draft> drafts_;
    std::unique_ptr<TypeStripper> stripper_;
};

/// One module to bytecode, by the engine.
struct Bytecode {
    std::vector<std::uint8_t> bytes;
    std::vector<std::string> requested;  // specifiers of its import statements
};
struct CompileFailure {
    std::string message;  // "SyntaxError: expecting ';'"
    TextPlace at;
};
/// `failure` is set when the result is an error.
[[nodiscard]] bool compile_module(const std::string& name,
                                  ModuleKind kind,
                                  const std::string& code,
                                  Bytecode& out,
                                  CompileFailure& failure);

}  // namespace weir::script
