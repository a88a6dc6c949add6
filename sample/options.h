// Options: the command line of weir-sample.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "sample/result.h"
#include "sample/service.h"

namespace weir::sample {

struct RunOptions {
    ServiceOptions service;
    std::uint64_t memory_limit_bytes = 0;  // 0: none
    unsigned cpus = 2;                     // as a pod's CPU limit; 0: all there are
    std::string ready_file;
    bool list_users = false;
    bool as_json = false;
};

/// What to do, or the text to print and the exit code when there is nothing to run.
struct Parsed {
    std::optional<RunOptions> run;
    std::string text;
    int exit_code = 0;
};

/// `arguments` without the program's name.
Parsed parse_options(std::span<char* const> arguments);

}  // namespace weir::sample
