// Attribution: whether an alert is a run's doing. Pure; in doubt an alert is real.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "plan/notices/notify_rules.h"
#include "record/history.h"

namespace weir::notify {

/// What attribution looks at of an alert in Alertmanager's webhook payload.
struct Alert {
    bool firing = true;  // else resolved
    std::map<std::string, std::string> labels;
    std::map<std::string, std::string> annotations;
    base::WallTime starts{};
    std::string fingerprint;
};

using record::RunSpan;

/// A deployment's alerts; without matchers those whose instance or url is the base URL's.
struct AlertOwner {
    std::string environment;
    plan::AlertMatchers matchers;
};

struct AttributionScope {
    plan::AttributionRules rules;
    std::vector<AlertOwner> owners;
};

/// The first of always_real that holds for it, as text; empty when none does.
[[nodiscard]] std::string always_real(const Alert& alert, const plan::AttributionRules& rules);

struct Cause {
    std::string run_id;  // empty: real
    std::string why;     // a sentence for people, in either case
    [[nodiscard]] bool is_run() const noexcept { return !run_id.empty(); }
};

/// docs/alerts.md says the same to people. A run's, when all of this holds: no rule calls it real
/// in any case; its labels are those of the run's environment, and no address among them is
/// another's; it does not name a user agent that is not the run's; it began within the run (not
/// before its start and `warm_up`, not after its end and `settle`); and it does not still fire at
/// `now` when the run's end is `linger` ago.
[[nodiscard]] Cause cause_of(const Alert& alert,
                             const std::vector<RunSpan>& runs,
                             const AttributionScope& scope,
                             base::WallTime now);

}  // namespace weir::notify
