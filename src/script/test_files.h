// Test files: programs from files in memory, and their exports called, for the tests of this folder.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "script/isolate.h"
#include "script/program.h"

namespace weir::script {

/// Files by name under /work; the first argument's "main.js" (or what `entry` says) is the entry.
struct TestFiles {
    std::map<std::string, std::string> files;
    std::string entry = "main.js";
    const Bindings* bindings = nullptr;

    [[nodiscard]] base::Result<std::shared_ptr<const Program>> compile() const {
        ProgramRequest request;
        request.entry = entry;
        request.directory = "/work";
        request.bindings = bindings;
        request.read = [this](const std::string& path) -> base::Result<std::string> {
            const auto found = files.find(path);
            if (found == files.end()) return base::Error{base::Code::not_found, "no such file"};
            return found->second;
        };
        return Program::compile(request);
    }
};

}  // namespace weir::script
