// Host: one virtual user's side of the bindings: what native functions find behind an isolate.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "http/client.h"
#include "http/cookie_jar.h"
#include "journey/evidence.h"
#include "journey/host/backlog.h"
#include "journey/host/worker_cache.h"
#include "journey/user.h"
#include "rt/fiber.h"
#include "script/isolate.h"
#include "script/value.h"

namespace weir::journey {

class StatusRule;  // web/status_rule.h

/// Where the script is: k6 allows some calls only in the init context and others only after it.
enum class Stage : std::uint8_t { init, running };

/// Not thread-safe; lives on the worker's thread and outlives the isolate and all child fibers.
class Host {
public:
    Host(const RunContext& run, WorkerContext& worker, std::uint64_t id);
    ~Host();
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    [[nodiscard]] static Host& of(script::Isolate& js) noexcept { return js.host_as<Host>(); }
    [[nodiscard]] rt::Loop& loop() const noexcept { return *worker.loop; }
    [[nodiscard]] base::Instant now() const noexcept { return worker.loop->clock().now(); }

    /// Takes the values of an iteration: tags when the scenario is another one, cookies, counters.
    void begin_iteration(const IterationStart& what, base::Instant started);

    /// True, with nothing thrown, when running; else k6's kind of message is thrown.
    [[nodiscard]] bool require_running(script::Isolate& js, std::string_view what) const;
    [[nodiscard]] bool require_init(script::Isolate& js, std::string_view what) const;

    void emit(meter::Builtin metric, double value, base::Instant at);
    void emit(meter::Builtin metric, record::TagSetId tags, double value, base::Instant at);

    /// How late a request counts as: the iteration's own lateness for its first request (or first
    /// batch), zero for all later ones, so that a late start is in that response time and think
    /// time is not. Taken once; requests that sign in leave it to the first that does not.
    [[nodiscard]] base::Nanos take_lateness();

    /// Runs `body` on a fiber of its own for I/O; never touches the isolate. cancel_children()
    /// cancels what still runs.
    void spawn(std::function<void()> body);
    void cancel_children();
    [[nodiscard]] std::size_t children() const noexcept { return children_.size(); }
    /// Called on the loop's stack when the last child has gone, if the user ended before it.
    std::function<void()> on_childless;

    /// The user's own jar.
    [[nodiscard]] const std::shared_ptr<http::CookieJar>& jar();
    [[nodiscard]] bool has_jar() const noexcept { return jar_ != nullptr; }
    /// What signing in left in the jar is there again at the start of each iteration.
    void keep_cookies();
    void mark_sign_in(bool on);

    /// exec.test.abort(): tells the engine; the caller then throws what no script catches.
    void abort(std::string reason);

    const RunContext& run;
    WorkerContext& worker;
    WorkerCache& cache;
    const Settings& settings;
    const std::uint64_t id;

    Stage stage = Stage::init;
    IterationStart iteration;
    base::Instant iteration_started{};
    std::uint64_t iterations = 0;              // begun by this user, the running one included
    std::uint64_t iterations_of_scenario = 0;  // the same, of the present scenario
    bool aborted = false;
    std::string abort_reason;  // when aborted
    bool signing_in = false;   // see guard.h; set by mark_sign_in
    TagScope tags;
    std::map<std::string, std::string, std::less<>> metadata;  // exec.vu.metrics.metadata
    Backlog backlog;
    http::Client client;
    base::Random random;                            // Math.random and randomSeed()
    base::Random trace_random;                      // ids of requests
    std::shared_ptr<const StatusRule> status_rule;  // setResponseCallback
    bool judges_status = true;                      // false: setResponseCallback(null)
    SeenTarget* seen_last = nullptr;
    /// Tag sets of checks by the atom of their name; of the present isolate. See api/k6.cc.
    struct KnownCheck {
        std::uint32_t name = 0;
        std::uint32_t base = 0;
        record::TagSetId set{};
    };
    static constexpr std::size_t most_known_checks = 256;
    std::vector<KnownCheck> known_checks;

private:
    void change_scenario(ScenarioContext* scenario);

    std::shared_ptr<http::CookieJar> jar_;
    std::unique_ptr<http::CookieJar> kept_cookies_;
    std::map<const ScenarioContext*, std::uint64_t> counts_;
    base::Nanos lateness_{};
    std::vector<std::unique_ptr<rt::Fiber>> children_;
};

}  // namespace weir::journey
