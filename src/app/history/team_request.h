// TeamRequest: a request line of the team's page, understood; what it does not understand it names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::app {

struct TeamRequest {
    enum class Kind : std::uint8_t { page, healthy, suites, history, bypasses, report };
    Kind kind = Kind::page;

    // history and bypasses
    std::optional<std::string> suite;        // none: that with the newest run, or all
    std::optional<std::string> environment;  // the same; may be empty: without a name
    std::string since;                       // as ledger::RunFilter has it
    std::size_t last = last_by_default;      // of the runs, so many at most

    // report
    std::string run_id;
    std::string pass;

    static constexpr std::size_t last_by_default = 100;
    static constexpr std::size_t last_most = 500;
};

/// `target`: path and query. Code::not_found: there is nothing of that path; Code::invalid: what is
/// asked of it cannot be.
[[nodiscard]] base::Result<TeamRequest> parse_team_request(std::string_view target);

/// As new_run_id() makes them: 20261123T225400Z-9f86d081. Nothing else may name a directory.
[[nodiscard]] bool is_run_id(std::string_view text) noexcept;

}  // namespace weir::app
