// The outputs that telemetry rules ask for, each with its encoder, its carrier and its credentials.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/telemetry/output.h"
#include "base/result.h"
#include "plan/secrets.h"
#include "plan/telemetry/telemetry_rules.h"
#include "rt/epoll_loop.h"

namespace weir::app {

struct OutputContext {
    rt::EpollLoop& loop;  // of the telemetry thread, which does not run yet
    std::string run_id;
    std::string directory;  // from which files of certificates and telemetry-json are named
    /// The value behind a secret's source, for the key of that name.
    std::function<base::Result<std::string>(const std::string& name, const plan::SecretSource&)>
        secret;
    plan::Secrets& hidden;  // what must not be shown is added
};

/// The kinds that the rules ask for, in order.
[[nodiscard]] std::vector<std::string> kinds_of(const plan::TelemetryRules& rules);
/// The output of one of these kinds. The error says what of the rules cannot be used.
[[nodiscard]] base::Result<std::unique_ptr<Output>> make_output(const std::string& kind,
                                                                const plan::TelemetryRules& rules,
                                                                const OutputContext& context);

}  // namespace weir::app
