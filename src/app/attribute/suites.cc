#include "app/attribute/suites.h"

namespace weir::app {

notify::Cause cause_among(const notify::Alert& alert,
                          const std::vector<WatchedSuite>& suites,
                          const StoreViews& views,
                          base::WallTime now) {
    for (const auto& suite : suites) {
        const auto held = notify::always_real(alert, suite.scope.rules);
        if (!held.empty()) return {"", "always_real has " + held};
    }
    std::string why;
    for (std::size_t i = 0; i < suites.size(); ++i) {
        notify::Cause cause;
        if (views[i]->failure.empty()) {
            cause = notify::cause_of(alert, views[i]->runs, suites[i].scope, now);
        } else {
            cause.why = "the store cannot be asked: " + views[i]->failure;
        }
        if (cause.is_run()) return cause;
        if (suites.size() > 1) cause.why = suites[i].name + ": " + cause.why;
        why += (why.empty() ? "" : "; ") + cause.why;
    }
    return {"", why};
}

}  // namespace weir::app
