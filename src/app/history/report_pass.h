// ReportPass: links to reports that open in a new tab, where no token can be sent along: each is
// signed for one run and some hours.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"

namespace weir::app {

class ReportPass {
public:
    /// No pass is asked for: links are plain.
    ReportPass() = default;
    /// With a key of this process' own: links end with it.
    [[nodiscard]] static ReportPass with_new_key();
    explicit ReportPass(std::string key) : key_(std::move(key)) {}

    /// "reports/ID/report.html", with the pass where one is asked for. The same for an hour.
    [[nodiscard]] std::string link_to(std::string_view run_id, base::WallTime now) const;
    [[nodiscard]] bool admits(std::string_view run_id,
                              std::string_view pass,
                              base::WallTime now) const;

    static constexpr base::Nanos valid_for = std::chrono::hours(12);

private:
    [[nodiscard]] std::string pass_until(std::string_view run_id, std::int64_t until_s) const;

    std::string key_;  // empty: no pass is asked for
};

}  // namespace weir::app
