#include "journey/host/loaded_script.h"

#include <algorithm>

#include "base/assert.h"
#include "base/format.h"
#include "journey/api/api.h"
#include "rt/clock.h"

namespace weir::journey {

namespace {

script::SliceClock slice_clock(const rt::Loop& loop) {
    return {&loop.clock(),
            [](const void* clock) noexcept { return static_cast<const rt::Clock*>(clock)->now(); }};
}

}  // namespace

LoadedScript::LoadedScript(Host& host, std::size_t stack_bytes)
    : host_(&host),
      isolate_(*host.run.program,
               script::Limits{.memory_bytes = host.run.memory_limit,
                              .stack_bytes = stack_bytes,
                              .cpu_slice = host.run.cpu_slice_limit},
               slice_clock(host.loop()),
               &host) {}

LoadedScript::~LoadedScript() {
    host_->backlog.clear();
    host_->known_checks.clear();
}

base::Result<void> LoadedScript::run_init() {
    host_->stage = Stage::init;
    CallResult result;
    {
        const script::Isolate::Entry entry = isolate_.enter();
        isolate_.begin_slice();
        iter_ = isolate_.atom("__ITER");
        script::Value promise =
            api::define_random(isolate_) ? isolate_.run_program() : script::Value::thrown();
        result = settle(std::move(promise));
        if (result.end == CallEnd::returned) {
            exports_ = isolate_.exports();
            counts_iterations_ = isolate_.global().has(isolate_, "__ITER").value_or(false);
            if (exports_.threw()) result = failed(isolate_.take_exception());
        }
    }
    host_->stage = Stage::running;
    switch (result.end) {
        case CallEnd::returned:
            return {};
        case CallEnd::threw:
            return base::Error{base::Code::script, result.error.text()};
        case CallEnd::cancelled:
            break;
    }
    if (host_->aborted) return base::Error{base::Code::cancelled, host_->abort_reason};
    return base::Error{base::Code::script, "the script's init code was cancelled"};
}

std::vector<std::string> LoadedScript::functions() {
    const script::Isolate::Entry entry = isolate_.enter();
    std::vector<std::string> out;
    const auto keys = script::own_keys(isolate_, exports_);
    if (!keys) return out;
    for (const std::string& key : *keys) {
        const script::Value value = exports_.get(isolate_, key);
        if (value.is_function(isolate_)) out.push_back(key);
    }
    return out;
}

std::string LoadedScript::options_json() {
    const script::Isolate::Entry entry = isolate_.enter();
    const script::Value options = exports_.get(isolate_, "options");
    if (options.is_nullish()) return {};
    const script::Value text = script::stringify_json(isolate_, options);
    return text.is_string() ? text.to_text(isolate_).str() : std::string();
}

script::Ref LoadedScript::function_named(std::string_view name) {
    for (const auto& [known, function] : functions_) {
        if (known == name) return function;
    }
    script::Value function = exports_.get(isolate_, name);
    if (!function.is_function(isolate_)) return {};
    functions_.emplace_back(std::string(name), std::move(function));
    return functions_.back().second;
}

bool LoadedScript::exports(std::string_view function) {
    const script::Isolate::Entry entry = isolate_.enter();
    return !function_named(function).is_undefined();
}

CallResult LoadedScript::call(std::string_view function, std::string_view argument) {
    const script::Isolate::Entry entry = isolate_.enter();
    if (argument.empty()) return call_now(function, {}, false);
    const script::Value parsed = script::parse_json(isolate_, std::string(argument));
    if (parsed.threw()) return failed(isolate_.take_exception());
    return call_now(function, parsed, true);
}

CallResult LoadedScript::iterate(std::string_view function) {
    const script::Isolate::Entry entry = isolate_.enter();
    if (!setup_data_ && !host_->run.setup_data.empty()) {
        script::Value parsed = script::parse_json(isolate_, host_->run.setup_data);
        if (parsed.threw()) return failed(isolate_.take_exception());
        setup_data_.emplace(std::move(parsed));
    }
    return call_now(function, setup_data_ ? script::Ref(*setup_data_) : script::Ref(), true);
}

CallResult LoadedScript::call_now(std::string_view function,
                                  script::Ref argument,
                                  bool has_argument) {
    isolate_.begin_slice();
    const script::Ref callee = function_named(function);
    if (callee.is_undefined()) {
        script::ScriptError missing;
        missing.name = "ReferenceError";
        missing.message = base::format("the script exports no function '{}'", function);
        return failed(std::move(missing));
    }
    script::Value result = callee.call(isolate_, {}, script::Args(&argument, has_argument ? 1 : 0));
    return settle(std::move(result));
}

CallResult LoadedScript::settle(script::Value result) {
    if (result.threw()) return failed(isolate_.take_exception());
    Backlog& backlog = host_->backlog;
    for (;;) {
        if (!isolate_.drain_jobs()) return failed(isolate_.take_exception());
        auto rejected = isolate_.take_unhandled_rejections();
        if (!rejected.empty()) return failed(std::move(rejected.front()));
        const Backlog::Step step = backlog.run_one(isolate_);
        if (step.threw) return failed(isolate_.take_exception());
        if (step.ran) continue;
        if (backlog.empty()) break;
        if (!backlog.wait(isolate_)) return failed({});
    }
    CallResult out;
    if (script::promise_state(isolate_, result) == script::PromiseState::not_a_promise) {
        out.value = std::move(result);
    } else {
        out.value = script::promise_result(isolate_, result);
    }
    return out;
}

CallResult LoadedScript::failed(script::ScriptError error) {
    const bool cancelled =
        isolate_.cancelled() || host_->aborted || host_->loop().current()->cancelled();
    // What the script began elsewhere ends with it: nobody will look at the results.
    host_->cancel_children();
    host_->backlog.clear();
    if (!cancelled) host_->backlog.wait_for_expected();
    host_->backlog.clear();
    spoiled_ = spoiled_ || error.out_of_memory || error.stop != script::Stop::none;
    CallResult out;
    out.end = cancelled ? CallEnd::cancelled : CallEnd::threw;
    out.error = std::move(error);
    return out;
}

base::Result<std::string> LoadedScript::json_of(const CallResult& result) {
    const script::Isolate::Entry entry = isolate_.enter();
    // handleSummary() may give a file's content as bytes, which JSON knows nothing of.
    const auto keys = script::own_keys(isolate_, result.value);
    for (std::size_t i = 0; keys && i < keys->size(); ++i) {
        const auto bytes = result.value.get(isolate_, (*keys)[i]).bytes(isolate_);
        if (!bytes) continue;
        const std::string_view text(reinterpret_cast<const char*>(bytes->data()),
                                    bytes->size());  // NOLINT: bytes
        result.value.set(isolate_, (*keys)[i], script::new_string(isolate_, text));
    }
    const script::Value text = script::stringify_json(isolate_, result.value);
    if (text.threw()) return base::Error{base::Code::script, isolate_.take_exception().text()};
    if (!text.is_string()) return std::string();
    return text.to_text(isolate_).str();
}

void LoadedScript::enter_lifecycle(std::string_view function) {
    host_->tags.set_group(base::format("::{}", function));
}

void LoadedScript::set_globals() {
    const ScenarioContext* const scenario = host_->iteration.scenario;
    const auto env_size = [](const ScenarioContext* of) {
        return of == nullptr ? 0 : of->env.size();
    };
    const bool same_env =
        env_of_ == scenario || (env_size(env_of_) == 0 && env_size(scenario) == 0);
    env_of_ = scenario;
    if (same_env && !counts_iterations_) return;
    const script::Isolate::Entry entry = isolate_.enter();
    const script::Value global = isolate_.global();
    if (counts_iterations_) {
        const auto index = static_cast<std::int64_t>(host_->iterations - 1);
        global.set(isolate_, iter_, script::Value::integer(index));
    }
    if (same_env) return;
    const script::Value env = script::new_object(isolate_);
    for (const auto& [key, value] : host_->run.env) {
        env.set(isolate_, key, script::new_string(isolate_, value));
    }
    for (const auto& [key, value] : scenario->env) {
        env.set(isolate_, key, script::new_string(isolate_, value));
    }
    global.set(isolate_, "__ENV", env.own(isolate_));
}

}  // namespace weir::journey
