#include "app/lease/pipeline_name.h"

#include <array>

#include <unistd.h>

#include "base/format.h"

namespace weir::app {

std::string pipeline_name(const Variables& variables) {
    const auto text_of = [&variables](const char* name) { return variables(name).value_or(""); };
    // CircleCI; GitLab; Jenkins; Buildkite and Drone-like runners.
    constexpr std::array pages{"CIRCLE_BUILD_URL", "CI_JOB_URL", "CI_PIPELINE_URL", "BUILD_URL"};
    for (const char* each : pages) {
        if (auto page = text_of(each); !page.empty()) return page;
    }
    if (const auto run = text_of("GITHUB_RUN_ID"); !run.empty()) {
        return base::format("{}/{}/actions/runs/{}", text_of("GITHUB_SERVER_URL"),
                            text_of("GITHUB_REPOSITORY"), run);
    }
    std::array<char, 256> host{};
    const bool known = gethostname(host.data(), host.size() - 1) == 0;
    const auto user = text_of("USER");
    return base::format("{}{}{}", user, user.empty() ? "" : "@",
                        known ? host.data() : "this machine");
}

}  // namespace weir::app
