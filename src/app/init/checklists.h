// The checklists of refinement and incidents, as parts of a team's own templates.
#pragma once

#include <vector>

#include "app/init/planned_file.h"
#include "app/init/repository.h"

namespace weir::app::init {

/// Added to the host's templates for pull (merge) requests and incidents that are there, else in
/// new ones.
[[nodiscard]] std::vector<PlannedFile> checklist_files(const Repository& known, Host host);

}  // namespace weir::app::init
