// Remembering a gate's runs in the history store. The store never decides: without it the gate goes
// on.
#pragma once

#include <optional>
#include <string>

#include "app/gate_attempt.h"
#include "app/gate_suite.h"
#include "base/log.h"
#include "gate/provenance.h"
#include "judge/baseline_limit.h"
#include "ledger/ledger.h"
#include "record/history.h"

namespace weir::app {

/// One run's place in the store, from its begin to its verdict. A store that cannot be reached is a
/// warning, once.
class RunMemory {
public:
    RunMemory(const GateSuite& gate,
              const std::string& commit,
              std::uint32_t attempt,
              base::Log log);

    /// From the runs before this one; nothing to compare with when there is no store.
    [[nodiscard]] judge::Baseline baseline(const plan::BaselineRule& rule);
    /// The newest run that the baseline was drawn from; after baseline().
    [[nodiscard]] const std::optional<gate::LastGood>& last_good() const noexcept {
        return last_good_;
    }
    /// A sign of life, now and then: at most every 20 s reaches the store.
    void beat(base::WallTime now);
    void finish(const GateAttempt& made);

private:
    void warn(const base::Error& error);

    base::Log log_;
    std::optional<ledger::Ledger> ledger_;
    record::PastRun run_;
    std::optional<gate::LastGood> last_good_;
    base::WallTime last_beat_;
};

/// What the pipeline says is being tested: GITHUB_SHA, CIRCLE_SHA1, CI_COMMIT_SHA, GIT_COMMIT;
/// empty when it does not.
[[nodiscard]] std::string commit_of_pipeline();

}  // namespace weir::app
