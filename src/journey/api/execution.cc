// Module k6/execution: scenario, instance, test, vu. Source: k6 documentation, "k6/execution".
#include <array>
#include <cmath>
#include <string>

#include "base/format.h"
#include "journey/api/api.h"
#include "journey/api/tag_args.h"
#include "journey/host/host.h"

namespace weir::journey::api {

namespace {

using script::Args;
using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;

Value count(std::uint64_t value) {
    return Value::number(static_cast<double>(value));
}

enum class ScenarioField : int { name, executor, start_time, progress, in_instance, in_test };

Value scenario_field(Isolate& js, Ref, Args, int which) noexcept {
    const Host& host = Host::of(js);
    const ScenarioContext* const scenario = host.iteration.scenario;
    if (scenario == nullptr || host.stage == Stage::init) {
        return script::throw_error(
            js, "getting scenario information outside of the VU context is not supported");
    }
    switch (static_cast<ScenarioField>(which)) {
        case ScenarioField::name:
            return script::new_string(js, scenario->name);
        case ScenarioField::executor:
            return script::new_string(js, scenario->executor);
        case ScenarioField::start_time: {
            const rt::Clock& clock = host.loop().clock();
            const base::WallTime start = clock.wall() - (clock.now() - scenario->start);
            // Whole milliseconds, as Date.now() gives: never after it.
            return Value::number(std::floor(base::to_ms(start.time_since_epoch())));
        }
        case ScenarioField::progress:
            return Value::number(scenario->progress ? scenario->progress(host.now()) : 0);
        case ScenarioField::in_instance:
        case ScenarioField::in_test:
            break;
    }
    return count(host.iteration.index_in_scenario);
}

enum class InstanceField : int { duration, completed, interrupted, active, initialized };

Value instance_field(Isolate& js, Ref, Args, int which) noexcept {
    const Host& host = Host::of(js);
    const RunProgress* const progress = host.run.progress;
    if (progress == nullptr) return Value::integer(0);
    switch (static_cast<InstanceField>(which)) {
        case InstanceField::completed:
            return count(progress->iterations_completed.load());
        case InstanceField::interrupted:
            return count(progress->iterations_interrupted.load());
        case InstanceField::active:
            return count(progress->users_active.load());
        case InstanceField::initialized:
            return count(progress->users_initialized.load());
        case InstanceField::duration:
            break;
    }
    const std::int64_t start = progress->start_ns.load();
    if (start == 0) return Value::integer(0);
    return Value::number(base::to_ms(host.now().time_since_epoch() - base::Nanos(start)));
}

Value test_options(Isolate& js, Ref, Args, int) noexcept {
    const std::string& text = Host::of(js).run.options_json;
    Value options = script::parse_json(js, text.empty() ? "{}" : text);
    if (options.threw() || !options.freeze(js)) return Value::thrown();
    return options;
}

std::string words_of(Isolate& js, Args args) {
    if (args.empty() || args[0].is_nullish()) return {};
    return args[0].to_text(js).str();
}

Value abort_test(Isolate& js, Ref, Args args, int) noexcept {
    const std::string words = words_of(js, args);
    Host::of(js).abort(words.empty() ? "test aborted" : "test aborted: " + words);
    return js.throw_cancelled();
}

Value fail_test(Isolate& js, Ref, Args args, int) noexcept {
    const Host& host = Host::of(js);
    if (host.run.control.mark_failed) host.run.control.mark_failed(words_of(js, args));
    return {};
}

enum class UserField : int { in_instance, in_test, iteration, iteration_of_scenario };

Value user_field(Isolate& js, Ref, Args, int which) noexcept {
    const Host& host = Host::of(js);
    const auto begun = [](std::uint64_t iterations) {
        return count(iterations == 0 ? 0 : iterations - 1);
    };
    switch (static_cast<UserField>(which)) {
        case UserField::iteration:
            return begun(host.iterations);
        case UserField::iteration_of_scenario:
            return begun(host.iterations_of_scenario);
        case UserField::in_instance:
        case UserField::in_test:
            break;
    }
    return count(host.id);
}

// vu.metrics.tags and vu.metrics.metadata: proxies over the host's maps; `magic` says which.

constexpr int of_tags = 0;
constexpr int of_metadata = 1;

std::optional<std::string> find_entry(const Host& host, int which, std::string_view key) {
    if (which == of_tags) {
        const std::string* const value = host.tags.tags().find(key);
        return value == nullptr ? std::nullopt : std::optional(*value);
    }
    const auto found = host.metadata.find(key);
    return found == host.metadata.end() ? std::nullopt : std::optional(found->second);
}

Value entry_get(Isolate& js, Ref, Args args, int which) noexcept {
    if (!args[1].is_string()) return args[0].get_key(js, args[1]);
    const script::Text key = args[1].to_text(js);
    if (!key.ok()) return Value::thrown();
    const auto value = find_entry(Host::of(js), which, key.view());
    // toString and friends come from Object.prototype.
    return value ? script::new_string(js, *value) : args[0].get(js, key.view());
}

Value entry_set(Isolate& js, Ref, Args args, int which) noexcept {
    Host& host = Host::of(js);
    const script::Text key = args[1].to_text(js);
    std::string value;
    if (!key.ok() || !read_tag_value(js, key.view(), args[2], value)) return Value::thrown();
    if (which == of_tags) {
        host.tags.set(key.view(), value);
    } else {
        host.metadata.insert_or_assign(key.str(), std::move(value));
    }
    return Value::boolean(true);
}

Value entry_delete(Isolate& js, Ref, Args args, int which) noexcept {
    Host& host = Host::of(js);
    const script::Text key = args[1].to_text(js);
    if (!key.ok()) return Value::thrown();
    if (which == of_tags) {
        host.tags.erase(key.view());
    } else {
        host.metadata.erase(key.str());
    }
    return Value::boolean(true);
}

Value entry_has(Isolate& js, Ref, Args args, int which) noexcept {
    if (!args[1].is_string()) return Value::boolean(false);
    const script::Text key = args[1].to_text(js);
    return Value::boolean(key.ok() && find_entry(Host::of(js), which, key.view()).has_value());
}

Value entry_keys(Isolate& js, Ref, Args, int which) noexcept {
    const Host& host = Host::of(js);
    Value out = script::new_array(js);
    std::uint32_t i = 0;
    if (which == of_tags) {
        for (const auto& [key, value] : host.tags.tags().pairs()) {
            out.set_at(js, i++, script::new_string(js, key));
        }
    } else {
        for (const auto& [key, value] : host.metadata) {
            out.set_at(js, i++, script::new_string(js, key));
        }
    }
    return out;
}

Value entry_describe(Isolate& js, Ref, Args args, int which) noexcept {
    if (!args[1].is_string()) return {};
    const script::Text key = args[1].to_text(js);
    const auto value = key.ok() ? find_entry(Host::of(js), which, key.view()) : std::nullopt;
    if (!value) return {};
    Value out = script::new_object(js);
    out.set(js, "value", script::new_string(js, *value));
    out.set(js, "writable", Value::boolean(true));
    out.set(js, "enumerable", Value::boolean(true));
    out.set(js, "configurable", Value::boolean(true));
    return out;
}

Value entries(Isolate& js, int which) {
    const std::array traps{
        script::FunctionSpec{"get", entry_get, 3, which},
        script::FunctionSpec{"set", entry_set, 4, which},
        script::FunctionSpec{"has", entry_has, 2, which},
        script::FunctionSpec{"deleteProperty", entry_delete, 2, which},
        script::FunctionSpec{"ownKeys", entry_keys, 1, which},
        script::FunctionSpec{"getOwnPropertyDescriptor", entry_describe, 2, which},
    };
    const Value handler = script::new_object(js);
    if (handler.threw()) return Value::thrown();
    for (const script::FunctionSpec& trap : traps) {
        if (!handler.set(js, trap.name, script::new_function(js, trap))) return Value::thrown();
    }
    return script::new_proxy(js, script::new_object(js), handler);
}

Value user_tags(Isolate& js, Ref, Args, int) noexcept {
    return entries(js, of_tags);
}

Value user_metrics(Isolate& js, Ref, Args, int) noexcept {
    Value out = script::new_object(js);
    if (out.threw() || !out.set(js, "tags", entries(js, of_tags)) ||
        !out.set(js, "metadata", entries(js, of_metadata))) {
        return Value::thrown();
    }
    return out;
}

template <typename Field>
constexpr script::FieldSpec live(std::string_view name, script::NativeFunction get, Field which) {
    return {name, get, static_cast<int>(which), true};
}

constexpr std::array scenario_fields{
    live("name", scenario_field, ScenarioField::name),
    live("executor", scenario_field, ScenarioField::executor),
    live("startTime", scenario_field, ScenarioField::start_time),
    live("progress", scenario_field, ScenarioField::progress),
    live("iterationInInstance", scenario_field, ScenarioField::in_instance),
    live("iterationInTest", scenario_field, ScenarioField::in_test),
};
constexpr std::array instance_fields{
    live("currentTestRunDuration", instance_field, InstanceField::duration),
    live("iterationsCompleted", instance_field, InstanceField::completed),
    live("iterationsInterrupted", instance_field, InstanceField::interrupted),
    live("vusActive", instance_field, InstanceField::active),
    live("vusInitialized", instance_field, InstanceField::initialized),
};
constexpr std::array test_fields{script::FieldSpec{"options", test_options}};
constexpr std::array test_members{
    script::MemberSpec{.name = "abort", .call = abort_test, .length = 1},
    script::MemberSpec{.name = "fail", .call = fail_test, .length = 1},
};
constexpr std::array user_fields{
    live("idInInstance", user_field, UserField::in_instance),
    live("idInTest", user_field, UserField::in_test),
    live("iterationInInstance", user_field, UserField::iteration),
    live("iterationInScenario", user_field, UserField::iteration_of_scenario),
    script::FieldSpec{"tags", user_tags},
    script::FieldSpec{"metrics", user_metrics},
};

Value make(Isolate& js, Ref, Args, int class_index) noexcept {
    return script::new_native(js, script::ClassId{static_cast<std::uint32_t>(class_index)},
                              nullptr);
}

constexpr int index_of(script::ClassId id) {
    return static_cast<int>(id.index);
}

constexpr std::array values{
    script::ValueSpec{"scenario", make, index_of(exec_scenario_class)},
    script::ValueSpec{"instance", make, index_of(exec_instance_class)},
    script::ValueSpec{"test", make, index_of(exec_test_class)},
    script::ValueSpec{"vu", make, index_of(exec_user_class)},
};

}  // namespace

void add_execution(script::Bindings& bindings) {
    register_class(bindings, {.name = "Scenario", .fields = scenario_fields}, exec_scenario_class);
    register_class(bindings, {.name = "Instance", .fields = instance_fields}, exec_instance_class);
    register_class(bindings, {.name = "Test", .members = test_members, .fields = test_fields},
                   exec_test_class);
    register_class(bindings, {.name = "Vu", .fields = user_fields}, exec_user_class);
    bindings.add_module({.name = "k6/execution", .values = values});
}

}  // namespace weir::journey::api
