// Whatever is asked of the team's page is understood or refused; nothing but the id of a run ever
// names a directory.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "app/history/door.h"
#include "app/history/report_pass.h"
#include "app/history/team_request.h"
#include "base/assert.h"
#include "base/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using weir::app::TeamRequest;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    CHECK(weir::app::host_of(text).size() <= text.size());
    const auto asked = weir::app::parse_team_request(text);
    if (!asked.ok()) {
        CHECK(!asked.error().text.empty());
        return 0;
    }
    const auto& made = asked.value();
    CHECK(made.last >= 1 && made.last <= TeamRequest::last_most);
    CHECK(weir::base::is_utf8(made.suite.value_or("")));
    CHECK(weir::base::is_utf8(made.environment.value_or("")));
    CHECK(made.since.find_first_not_of("0123456789-:T") == std::string::npos);
    if (made.kind != TeamRequest::Kind::report) return 0;
    CHECK(weir::app::is_run_id(made.run_id));
    CHECK(!weir::app::ReportPass("key").admits(made.run_id, made.pass, {}));
    return 0;
}
