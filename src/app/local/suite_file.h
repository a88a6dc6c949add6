// SuiteFile: weir.toml with its personal overlay: found, read, put together.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"
#include "plan/suite.h"

namespace weir::app {

/// Called before a file is looked at, whether it is there or not: who watches must not miss a
/// change between reading and watching.
using FileSeen = std::function<void(const std::string& path)>;

struct SuiteFile {
    std::string path;  // as given or found
    std::filesystem::path directory;
    std::string overlay;  // weir.local.toml's path, where there is one; else ""
    plan::Suite suite;
};

/// weir.toml beside or above the script, else in or above the working directory. The error says
/// where it was looked for.
[[nodiscard]] base::Result<std::string> find_suite_file(const std::string& script,
                                                        const FileSeen& seen);

/// The error says file:line:column.
[[nodiscard]] base::Result<SuiteFile> read_suite_file(const std::string& path,
                                                      const FileSeen& seen);

}  // namespace weir::app
