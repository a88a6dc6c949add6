#include "journey/user.h"

#include <optional>
#include <utility>

#include "base/assert.h"
#include "base/format.h"
#include "journey/guard.h"
#include "journey/host/host.h"
#include "journey/host/loaded_script.h"
#include "meter/registry.h"
#include "rt/baton.h"
#include "rt/fiber.h"

namespace weir::journey {

using meter::Builtin;

struct User::State {
    State(const RunContext& run,
          WorkerContext& worker,
          UserListener& given_listener,
          User& user,
          std::uint64_t id)
        : host(run, worker, id), listener(&given_listener), self(&user), orders(*worker.loop) {}

    void live();
    bool load();
    void serve();
    [[nodiscard]] IterationOutcome iterate(const IterationStart& what);
    [[nodiscard]] CallEnd sign_in();
    [[nodiscard]] IterationOutcome outcome_of(CallResult& result);
    void emit_iteration(base::Instant ended);
    void rest(base::Instant ended);
    void report(const script::ScriptError& error);
    void ended();

    Host host;
    UserListener* listener;
    User* self;
    rt::Baton orders;
    std::optional<IterationStart> order;
    std::optional<LoadedScript> script;
    std::unique_ptr<rt::Fiber> fiber;
    bool ready = false;
    bool busy = false;
    bool stopping = false;
    bool signed_in = false;
    bool gone = false;
};

User::User(const RunContext& run, WorkerContext& worker, UserListener& listener, std::uint64_t id)
    : state_(std::make_unique<State>(run, worker, listener, *this, id)) {}

User::~User() {
    CHECK(state_->fiber == nullptr || state_->gone);
}

void User::start() {
    State& user = *state_;
    CHECK(user.fiber == nullptr);
    user.fiber = std::make_unique<rt::Fiber>(user.host.loop(), *user.host.worker.stacks,
                                             rt::script_stack_bytes, [&user] { user.live(); });
    user.fiber->on_done([&user] { user.ended(); });
    user.fiber->start();
}

void User::begin(const IterationStart& what) {
    CHECK(idle() && !state_->stopping);
    state_->busy = true;
    state_->order = what;
    state_->orders.post();
}

void User::cancel() {
    State& user = *state_;
    CHECK(user.fiber != nullptr);
    user.stopping = true;
    if (user.script) user.script->isolate().cancel();
    user.host.cancel_children();
    user.fiber->cancel();
}

void User::stop() {
    CHECK(!state_->busy);
    state_->stopping = true;
    state_->orders.post();
}

bool User::idle() const noexcept {
    return state_->ready && !state_->busy && !state_->stopping;
}

std::uint64_t User::id() const noexcept {
    return state_->host.id;
}

base::Instant User::started() const noexcept {
    return state_->host.iteration_started;
}

/// The fiber's body: heavy once, then iteration after iteration until told to stop.
void User::State::live() {
    script.emplace(host, fiber->stack_bytes());
    const base::Result<void> init = script->run_init();
    ready = init.ok();
    listener->on_ready(*self, init);
    if (ready) serve();
    script.reset();  // the isolate is freed on the stack that it was made on
}

void User::State::serve() {
    while (!stopping) {
        if (orders.wait() == rt::Wake::cancelled) break;
        if (!order) continue;
        const IterationStart what = *std::exchange(order, std::nullopt);
        IterationOutcome outcome = IterationOutcome::interrupted;
        if (!stopping) outcome = iterate(what);
        if (script->spoiled() && !stopping) load();
        busy = false;
        listener->on_iteration_end(*self, outcome);
    }
    // Cancelled between begin() and its first turn: the iteration ends all the same.
    if (std::exchange(busy, false))
        listener->on_iteration_end(*self, IterationOutcome::interrupted);
}

/// Throws the spoiled script away and loads it anew. False: its init code failed this time.
bool User::State::load() {
    script.reset();
    script.emplace(host, fiber->stack_bytes());
    const base::Result<void> init = script->run_init();
    if (!init.ok() && !stopping) host.run.log.error(init.error().text);
    return init.ok();
}

IterationOutcome User::State::iterate(const IterationStart& what) {
    const base::Instant started = host.now();
    host.begin_iteration(what, started);
    script->set_globals();
    if (what.scenario->executor.ends_with("arrival-rate")) {
        host.emit(Builtin::weir_start_delay, base::to_ms(started - what.due), started);
    }
    const CallEnd door = sign_in();
    if (door == CallEnd::cancelled) return IterationOutcome::interrupted;
    if (door == CallEnd::returned && host.run.guard != nullptr) host.iteration_started = host.now();
    IterationOutcome outcome = IterationOutcome::threw;
    if (door == CallEnd::returned) {
        CallResult result = script->iterate(what.scenario->exec);
        outcome = outcome_of(result);
    }
    if (outcome == IterationOutcome::interrupted) return outcome;
    const base::Instant ended = host.now();
    if (!host.tags.group().empty()) host.tags.set_group({});
    emit_iteration(ended);
    script->end_iteration();
    if (!host.settings.connection_reuse_by_user) host.client.close_idle();
    rest(ended);
    return outcome;
}

/// Once per user, where the gate asks for it and the script offers it; see guard.h.
CallEnd User::State::sign_in() {
    const GuardPolicy* const guard = host.run.guard;
    if (signed_in || guard == nullptr || guard->sign_in_function.empty()) return CallEnd::returned;
    if (!script->exports(guard->sign_in_function)) {
        signed_in = true;
        return CallEnd::returned;
    }
    host.mark_sign_in(true);
    CallResult result = script->iterate(guard->sign_in_function);
    host.mark_sign_in(false);
    if (result.end == CallEnd::threw) report(result.error);
    if (result.end == CallEnd::returned) {
        signed_in = true;
        if (host.has_jar()) host.keep_cookies();
    }
    return result.end;
}

IterationOutcome User::State::outcome_of(CallResult& result) {
    switch (result.end) {
        case CallEnd::returned:
            return IterationOutcome::completed;
        case CallEnd::cancelled:
            return IterationOutcome::interrupted;
        case CallEnd::threw:
            break;
    }
    report(result.error);
    return IterationOutcome::threw;
}

void User::State::report(const script::ScriptError& error) {
    if (host.run.evidence == nullptr || !host.run.evidence->note_failure(error)) return;
    host.run.log.error(
        base::format("{}\n  in scenario {}, user {}; further ones like it are counted",
                     error.text(), host.iteration.scenario->name, host.id));
}

void User::State::emit_iteration(base::Instant at) {
    const record::TagSetId set = host.cache.tags.set_of(host.tags.base());
    host.emit(Builtin::iteration_duration, set, base::to_ms(at - host.iteration_started), at);
    host.emit(Builtin::iterations, set, 1, at);
}

/// minIterationDuration: the rest of it is slept, outside of iteration_duration.
void User::State::rest(base::Instant at) {
    const base::Nanos least = host.settings.min_iteration;
    if (least <= at - host.iteration_started) return;
    static_cast<void>(rt::sleep_until(host.loop(), host.iteration_started + least));
}

/// On the loop's stack: the fiber has ended; its children may need a few turns more.
void User::State::ended() {
    if (host.children() > 0) {
        host.on_childless = [this] { ended(); };
        return;
    }
    gone = true;
    listener->on_stopped(*self);
}

}  // namespace weir::journey
