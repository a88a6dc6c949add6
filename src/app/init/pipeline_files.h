// The files of each pipeline that `weir init` knows, filled with what is known of a repository.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/init/planned_file.h"
#include "app/init/repository.h"
#include "base/result.h"

namespace weir::app::init {

/// circleci, github, gitlab, jenkins, kubernetes.
[[nodiscard]] const std::vector<std::string_view>& pipeline_names();

/// What no file tells.
struct Wishes {
    std::string image;  // Weir's, as a registry has it
    std::string page;   // the path that the first journey asks for
};

struct InitPlan {
    std::vector<PlannedFile> files;  // in the order in which they are shown
    std::string next_steps;          // numbered, for people
};

/// `pipeline` is one of pipeline_names(). The suite in the plan is one that `weir inspect` takes.
[[nodiscard]] base::Result<InitPlan> plan_files(std::string_view pipeline,
                                                const Repository& known,
                                                const Wishes& wishes);

}  // namespace weir::app::init
