// LoadedScript: the script in one user's isolate: init code, functions, calls to their end.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "journey/host/host.h"
#include "script/isolate.h"

namespace weir::journey {

enum class CallEnd : std::uint8_t {
    returned,
    threw,      // see error
    cancelled,  // the user's fiber was asked to end, or the script aborted the run
};

struct CallResult {
    CallEnd end = CallEnd::returned;
    script::Value value;  // what was returned; of a promise, what it was fulfilled with
    script::ScriptError error;
};

/// Made, used and destroyed on the user's fiber. No CallResult may outlive it.
class LoadedScript {
public:
    /// `stack_bytes` is the fiber's.
    LoadedScript(Host& host, std::size_t stack_bytes);
    ~LoadedScript();
    LoadedScript(const LoadedScript&) = delete;
    LoadedScript& operator=(const LoadedScript&) = delete;

    /// Runs the init code. Call once, first.
    [[nodiscard]] base::Result<void> run_init();

    [[nodiscard]] bool exports(std::string_view function);
    /// Names of the exported functions.
    [[nodiscard]] std::vector<std::string> functions();
    /// `export const options` as JSON text; "" when there is none.
    [[nodiscard]] std::string options_json();

    /// Calls an exported function and lets all that it began come to its end (timers, promises,
    /// async requests), as k6's event loop does. `argument` is JSON text, or "" for none.
    [[nodiscard]] CallResult call(std::string_view function, std::string_view argument);
    /// As call() with setup()'s data, which is parsed once per user.
    [[nodiscard]] CallResult iterate(std::string_view function);
    /// JSON text of a result; "" for undefined. The error says why it cannot be said in JSON.
    [[nodiscard]] base::Result<std::string> json_of(const CallResult& result);

    /// Samples of setup() and teardown() carry the group "::setup", "::teardown", as in k6.
    void enter_lifecycle(std::string_view function);
    /// __ENV and __ITER as the next iteration is to see them.
    void set_globals();
    /// After a failure that may have left the script unusable: it is to be loaded anew.
    [[nodiscard]] bool spoiled() const noexcept { return spoiled_; }
    void end_iteration() { isolate_.collect_if_worthwhile(); }
    [[nodiscard]] script::Isolate& isolate() noexcept { return isolate_; }

private:
    [[nodiscard]] CallResult call_now(std::string_view function,
                                      script::Ref argument,
                                      bool has_argument);
    [[nodiscard]] CallResult settle(script::Value result);
    [[nodiscard]] CallResult failed(script::ScriptError error);
    [[nodiscard]] script::Ref function_named(std::string_view name);

    Host* host_;
    script::Isolate isolate_;
    script::Value exports_;
    std::vector<std::pair<std::string, script::Value>> functions_;
    std::optional<script::Value> setup_data_;
    const ScenarioContext* env_of_ = nullptr;
    script::Atom iter_{};
    bool counts_iterations_ = false;  // some source says __ITER
    bool spoiled_ = false;
};

}  // namespace weir::journey
