// The commands of `weir`: each reads its part of the command line and returns the exit code.
#pragma once

#include <string>
#include <vector>

#include "gate/exit_code.h"

namespace weir::app {

/// Arguments after the command's name.
using Arguments = std::vector<std::string>;

[[nodiscard]] gate::ExitCode run_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode gate_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode init_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode duet_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode history_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode prove_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode report_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode compare_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode bypass_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode ledger_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode verify_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode key_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode judge_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode demo_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode inspect_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode attribute_command(const Arguments& arguments);
[[nodiscard]] gate::ExitCode schema_command(const Arguments& arguments);

}  // namespace weir::app
