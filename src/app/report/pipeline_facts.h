// What a pipeline's variables say of a run: its branch, its page, and files as the repository names
// them.
#pragma once

#include <cstdint>
#include <string>

#include "app/gate_suite.h"
#include "app/lease/pipeline_name.h"
#include "app/local/environment.h"
#include "gate/provenance.h"

namespace weir::app {

/// As GitHub, GitLab, CircleCI and Jenkins call it; empty elsewhere. Of a pull request, its own
/// branch.
[[nodiscard]] std::string branch_of_pipeline(const Variables& variables);
/// `file` relative to the repository that the pipeline checked out; as it is when it is not in it.
[[nodiscard]] std::string name_in_repository(const std::string& file, const Variables& variables);
/// "25 journeys per second for 1m", or that of each step. `duration`: over the suite's, when above
/// zero.
[[nodiscard]] std::string load_words(const plan::Suite& suite, base::Nanos duration);

/// What the process' variables say, and the suite when the run is in an environment of one, without
/// secrets; the rest is the caller's.
[[nodiscard]] gate::Provenance provenance_of(const EnvironmentRun& run, gate::ResultKind kind);

struct GateFacts {
    std::string config;      // weir.toml, as given on the command line
    std::string commit;      // empty: not known
    std::string artefact;    // SHA-256
    base::Nanos duration{};  // of the load, over the suite's
    std::uint32_t attempt = 1;
};
[[nodiscard]] gate::Provenance provenance_of(const GateSuite& gate, const GateFacts& facts);

}  // namespace weir::app
