#include "app/notify/pipeline_link.h"

#include <array>

#include "app/process_environment.h"
#include "base/format.h"

namespace weir::app {

std::string pipeline_link() {
    const auto variable = [](const char* name) { return environment_variable(name).value_or(""); };
    constexpr std::array names{"CIRCLE_BUILD_URL", "CI_JOB_URL", "BUILD_URL"};
    for (const char* name : names) {
        if (auto url = variable(name); !url.empty()) return url;
    }
    const auto server = variable("GITHUB_SERVER_URL");
    const auto repository = variable("GITHUB_REPOSITORY");
    const auto run = variable("GITHUB_RUN_ID");
    if (server.empty() || repository.empty() || run.empty()) return {};
    return base::format("{}/{}/actions/runs/{}", server, repository, run);
}

}  // namespace weir::app
