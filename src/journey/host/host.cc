#include "journey/host/host.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/format.h"
#include "meter/registry.h"

namespace weir::journey {

Host::Host(const RunContext& given_run, WorkerContext& given_worker, std::uint64_t given_id)
    : run(given_run),
      worker(given_worker),
      cache(WorkerCache::of(given_run, given_worker)),
      settings(cache.settings),
      id(given_id),
      tags(cache.tags),
      backlog(*given_worker.loop),
      client(*given_worker.loop, *given_worker.dialer, *given_run.http),
      random(base::Random(given_run.seed ^ (given_id * 0x9E3779B97F4A7C15ULL)).split()),
      trace_random(random.split()) {
    tags.reset(settings.tags);
}

Host::~Host() {
    CHECK(children_.empty());
}

void Host::change_scenario(ScenarioContext* scenario) {
    counts_[iteration.scenario] = iterations_of_scenario;
    iterations_of_scenario = counts_[scenario];
    record::Tags fresh = settings.tags;
    for (const auto& [key, value] : scenario->tags) fresh.set(key, value);
    if (settings.system_tags.has(SystemTag::scenario)) fresh.set("scenario", scenario->name);
    tags.reset(std::move(fresh));
}

void Host::begin_iteration(const IterationStart& what, base::Instant started) {
    if (what.scenario != iteration.scenario && what.scenario != nullptr) {
        change_scenario(what.scenario);
    }
    iteration = what;
    iteration_started = started;
    // Both sides of a pair draw the same: a subject chosen by Math.random() is the same one.
    if (run.side != record::Side::alone) {
        random = base::Random(run.seed ^ ((what.index_in_scenario + 1) * 0x9E3779B97F4A7C15ULL));
    }
    lateness_ = std::max(started - what.due, base::Nanos::zero());
    iterations += 1;
    iterations_of_scenario += 1;
    if (!tags.group().empty()) tags.set_group({});
    if (settings.cookies_reset && jar_ != nullptr && !jar_->empty()) jar_->clear_all();
    if (kept_cookies_ != nullptr) *jar() = *kept_cookies_;
}

bool Host::require_running(script::Isolate& js, std::string_view what) const {
    if (stage == Stage::running) return true;
    script::throw_error(js, base::format("{} in the init context is not supported", what));
    return false;
}

bool Host::require_init(script::Isolate& js, std::string_view what) const {
    if (stage == Stage::init) return true;
    script::throw_error(js, base::format("{} must be called in the init context", what));
    return false;
}

void Host::emit(meter::Builtin metric, double value, base::Instant at) {
    emit(metric, cache.tags.set_of(tags.base()), value, at);
}

void Host::emit(meter::Builtin metric, record::TagSetId set, double value, base::Instant at) {
    worker.recorder->add(meter::id_of(metric), set, value, at);
}

base::Nanos Host::take_lateness() {
    if (signing_in) return base::Nanos::zero();
    return std::exchange(lateness_, base::Nanos::zero());
}

void Host::spawn(std::function<void()> body) {
    auto fiber =
        std::make_unique<rt::Fiber>(loop(), *worker.stacks, rt::io_stack_bytes, std::move(body));
    rt::Fiber* const started = fiber.get();
    children_.push_back(std::move(fiber));
    started->on_done([this, started] {
        const auto ended = std::find_if(children_.begin(), children_.end(),
                                        [&](const auto& each) { return each.get() == started; });
        children_.erase(ended);
        if (!children_.empty() || !on_childless) return;
        std::exchange(on_childless, nullptr)();
    });
    started->start();
}

void Host::cancel_children() {
    for (const auto& child : children_) child->cancel();
}

const std::shared_ptr<http::CookieJar>& Host::jar() {
    if (jar_ == nullptr) jar_ = std::make_shared<http::CookieJar>();
    return jar_;
}

void Host::keep_cookies() {
    kept_cookies_ = std::make_unique<http::CookieJar>(*jar());
}

void Host::mark_sign_in(bool on) {
    signing_in = on;
    if (on) {
        tags.set("step", "sign_in");
    } else {
        tags.erase("step");
    }
}

void Host::abort(std::string reason) {
    aborted = true;
    abort_reason = reason;
    if (run.control.abort) run.control.abort(std::move(reason));
}

}  // namespace weir::journey
