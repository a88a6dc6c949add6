// ReportFiles: the report of a run, by its id alone, out of the results directories; nothing else
// of them can be had, whatever stands there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace weir::app {

class ReportFiles {
public:
    ReportFiles() = default;  // of nowhere
    explicit ReportFiles(std::vector<std::string> results) : results_(std::move(results)) {}

    enum class Place : std::uint8_t {
        no_result,  // none of the directories has the run
        no_report,  // the result is there, without report.html
        report,
    };
    [[nodiscard]] Place find(std::string_view run_id) const;
    /// The whole page. Code::not_found: there is none, in words; Code::limit: it is too large.
    [[nodiscard]] base::Result<std::string> read(std::string_view run_id) const;

    static constexpr std::size_t largest = 32UL * 1024 * 1024;  // bytes

private:
    std::vector<std::string> results_;
};

}  // namespace weir::app
