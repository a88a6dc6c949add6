// Lifecycle: setup, teardown, handleSummary and the look at a script before users exist.
#include <functional>
#include <optional>
#include <utility>

#include "base/format.h"
#include "base/units.h"
#include "journey/host/host.h"
#include "journey/host/loaded_script.h"
#include "journey/user.h"
#include "rt/fiber.h"

namespace weir::journey {

namespace {

/// A user that is not part of the load: one fiber on an otherwise idle loop, driven to its end
/// here.
class Soloist {
public:
    using Work = std::function<void(LoadedScript&)>;

    Soloist(const RunContext& run, WorkerContext& worker)
        : host_(run, worker, 0), deadline_(&Soloist::on_deadline, this) {}

    /// Loads the script, then `work` on it. The error: init code threw, `limit` passed, or the loop
    /// was stopped by somebody else (a signal, an abort).
    [[nodiscard]] base::Result<void> perform(base::Nanos limit, const Work& work) {
        rt::Loop& loop = host_.loop();
        fiber_.emplace(loop, *host_.worker.stacks, rt::script_stack_bytes, [&] { live(work); });
        fiber_->on_done([this] { ended(); });
        fiber_->start();
        if (limit != base::Nanos::max()) loop.arm(deadline_, loop.clock().now() + limit);
        while (!gone_) {
            loop.run();
            if (!gone_) cancel();
        }
        loop.cancel(deadline_);
        if (late_) {
            return base::Error{base::Code::timeout,
                               base::format("not done after {}", base::write_duration(limit))};
        }
        return std::move(outcome_);
    }

private:
    void live(const Work& work) {
        script_.emplace(host_, fiber_->stack_bytes());
        outcome_ = script_->run_init();
        if (outcome_.ok()) work(*script_);
        script_.reset();
    }
    void cancel() {
        if (script_) script_->isolate().cancel();
        host_.cancel_children();
        fiber_->cancel();
    }
    void ended() {
        if (host_.children() > 0) {
            host_.on_childless = [this] { ended(); };
            return;
        }
        gone_ = true;
        host_.loop().stop();
    }
    static void on_deadline(void* self) {
        auto* const me = static_cast<Soloist*>(self);
        me->late_ = true;
        me->cancel();
    }

    Host host_;
    rt::Timer deadline_;
    std::optional<LoadedScript> script_;
    std::optional<rt::Fiber> fiber_;
    base::Result<void> outcome_;
    bool late_ = false;
    bool gone_ = false;
};

}  // namespace

base::Result<ScriptFacts> inspect_script(const RunContext& run,
                                         WorkerContext& worker,
                                         base::Nanos limit) {
    ScriptFacts facts;
    Soloist soloist(run, worker);
    TRY_VOID(soloist.perform(limit, [&](LoadedScript& script) {
        facts.functions = script.functions();
        facts.options_json = script.options_json();
    }));
    if (facts.options_json.empty()) facts.options_json = "{}";
    return facts;
}

base::Result<std::string> call_lifecycle(const RunContext& run,
                                         WorkerContext& worker,
                                         const std::string& function,
                                         const std::string& argument,
                                         base::Nanos limit) {
    base::Result<std::string> answer{std::string()};
    Soloist soloist(run, worker);
    TRY_VOID(soloist.perform(limit, [&](LoadedScript& script) {
        if (!script.exports(function)) return;
        script.enter_lifecycle(function);
        const CallResult result = script.call(function, argument);
        if (result.end == CallEnd::returned) {
            answer = script.json_of(result);
        } else if (result.end == CallEnd::threw) {
            answer = base::Error{base::Code::script, result.error.text()};
        } else {
            answer = base::Error{base::Code::cancelled, function + "() was cancelled"};
        }
    }));
    return answer;
}

}  // namespace weir::journey
