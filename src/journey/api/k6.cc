// Module k6: check, group, sleep, fail, randomSeed.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "base/format.h"
#include "journey/api/api.h"
#include "journey/api/tag_args.h"
#include "journey/host/host.h"
#include "rt/baton.h"
#include "script/isolate.h"

namespace weir::journey::api {

namespace {

using script::Args;
using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;

Ref arg(Args args, std::size_t index) {
    return index < args.size() ? args[index] : Ref();
}

bool valid_name(Isolate& js, std::string_view name) {
    if (name.find("::") == std::string_view::npos) return true;
    script::throw_error(js, base::format("group and check names may not contain '::': '{}'", name));
    return false;
}

/// One check: what its function says of `subject`, or its own value. The answer is threw() when the
/// function threw; the sample is a failure then.
struct CheckAnswer {
    bool passed = false;
    bool threw = false;
};

CheckAnswer ask_check(
    Isolate& js, const script::OwnAtoms& names, std::uint32_t i, Ref subject, Ref condition) {
    if (!condition.is_function(js)) return {.passed = condition.to_bool(js)};
    const Value answer = condition.call(js, {}, {subject});
    if (answer.threw()) return {.threw = true};
    if (answer.is_promise()) {
        // A promise is true whatever comes of it: such a check could never fail.
        script::throw_error(js, ErrorKind::type,
                            base::format("check '{}' returned a promise: await what it looks at "
                                         "before calling check()",
                                         names.text(i).view()));
        return {.threw = true};
    }
    return {.passed = answer.to_bool(js)};
}

/// The tag set of one check of one base. Names are remembered by atom, so that the text of a name
/// is looked at once per user, not once per call.
record::TagSetId set_of_check(
    Isolate& js, Host& host, const BaseTags& tags, const script::OwnAtoms& names, std::uint32_t i) {
    const std::uint32_t name = names[i].id;
    for (const Host::KnownCheck& known : host.known_checks) {
        if (known.name == name && known.base == tags->serial) return known.set;
    }
    const script::Text text = names.text(i);
    const record::TagSetId set = host.cache.tags.set_of_check(tags, text.view());
    if (host.known_checks.size() < Host::most_known_checks) {
        // Isolate::atom() holds the name for ever: its number will not come to mean another text.
        host.known_checks.push_back({js.atom(text.view()).id, tags->serial, set});
    }
    return set;
}

bool valid_names(Isolate& js, const script::OwnAtoms& names, Host& host) {
    for (std::uint32_t i = 0; i < names.size(); ++i) {
        const bool known = std::any_of(host.known_checks.begin(), host.known_checks.end(),
                                       [&](const auto& each) { return each.name == names[i].id; });
        if (!known && !valid_name(js, names.text(i).view())) return false;
    }
    return true;
}

/// Source: k6 documentation, "check( val, sets, [tags] )".
Value check(Isolate& js, Ref, Args args, int) noexcept {
    Host& host = Host::of(js);
    if (!host.require_running(js, "Using check()")) return Value::thrown();
    if (args.size() < 2 || !args[1].is_object()) {
        return script::throw_error(js, ErrorKind::type, "no checks provided to `check`");
    }
    std::string flat;
    if (args.size() > 2 && !read_tags(js, args[2], flat)) return Value::thrown();
    const script::OwnAtoms names(js, args[1]);
    if (!names.ok() || !valid_names(js, names, host)) return Value::thrown();
    const BaseTags tags = host.cache.tags.with_extra(host.tags.base(), flat);
    const base::Instant at = host.loop().now();
    bool all = true;
    for (std::uint32_t i = 0; i < names.size(); ++i) {
        const Value condition = args[1].get(js, names[i]);
        if (condition.threw()) return Value::thrown();
        const CheckAnswer answer = ask_check(js, names, i, args[0], condition);
        host.emit(meter::Builtin::checks, set_of_check(js, host, tags, names, i),
                  answer.passed ? 1 : 0, at);
        if (answer.threw) return Value::thrown();
        all = all && answer.passed;
    }
    return Value::boolean(all);
}

bool is_async_function(Isolate& js, Ref function) {
    const Value constructor = function.get(js, "constructor");
    if (!constructor.is_object()) return false;
    const Value name = constructor.get(js, "name");
    return name.is_string() && name.to_text(js).view() == "AsyncFunction";
}

/// Source: k6 documentation, "group( name, fn )".
Value group(Isolate& js, Ref, Args args, int) noexcept {
    Host& host = Host::of(js);
    if (!host.require_running(js, "Using group()")) return Value::thrown();
    const script::Text name = arg(args, 0).to_text(js);
    if (!name.ok() || !valid_name(js, name.view())) return Value::thrown();
    if (!arg(args, 1).is_function(js)) {
        return script::throw_error(js, ErrorKind::type,
                                   "group() requires a callback as a second argument");
    }
    if (is_async_function(js, args[1])) {
        return script::throw_error(
            js, ErrorKind::type,
            "group() does not support async functions as arguments, please see "
            "https://grafana.com/docs/k6/latest/javascript-api/k6/group/");
    }
    std::string outer = host.tags.group();
    host.tags.set_group(base::format("{}::{}", outer, name.view()));
    const base::Instant start = host.now();
    Value result = args[1].call(js, {}, {});
    const base::Instant end = host.now();
    host.emit(meter::Builtin::group_duration, base::to_ms(end - start), end);
    host.tags.set_group(std::move(outer));
    return result;
}

Value sleep(Isolate& js, Ref, Args args, int) noexcept {
    Host& host = Host::of(js);
    const auto seconds = arg(args, 0).to_number(js);
    if (!seconds) return Value::thrown();
    if (!(*seconds > 0)) return {};
    constexpr double longest = 1e9;  // some thirty years
    const auto span = base::Nanos(static_cast<std::int64_t>(std::fmin(*seconds, longest) * 1e9));
    const Isolate::Parked parked(js);
    if (!rt::sleep_until(host.loop(), host.now() + span)) return js.throw_cancelled();
    return {};
}

Value fail(Isolate& js, Ref, Args args, int) noexcept {
    if (args.empty() || args[0].is_nullish()) return script::throw_error(js, "fail() was called");
    const script::Text why = args[0].to_text(js);
    return why.ok() ? script::throw_error(js, why.view()) : Value::thrown();
}

Value random(Isolate& js, Ref, Args, int) noexcept {
    return Value::number(Host::of(js).random.unit());
}

Value random_seed(Isolate& js, Ref, Args args, int) noexcept {
    const auto seed = arg(args, 0).to_integer(js);
    if (!seed) return Value::thrown();
    Host::of(js).random = base::Random(static_cast<std::uint64_t>(*seed));
    return {};
}

constexpr std::array functions{
    script::FunctionSpec{.name = "check", .call = check, .length = 3},
    script::FunctionSpec{.name = "group", .call = group, .length = 2},
    script::FunctionSpec{.name = "sleep", .call = sleep, .length = 1},
    script::FunctionSpec{.name = "fail", .call = fail, .length = 1},
    script::FunctionSpec{.name = "randomSeed", .call = random_seed, .length = 1},
};

}  // namespace

bool define_random(Isolate& js) {
    const Value math = js.global().get(js, "Math");
    return math.is_object() &&
           math.define(js, "random",
                       script::new_function(js, {.name = "random", .call = random, .length = 0}),
                       script::Property::hidden);
}

void add_k6(script::Bindings& bindings) {
    bindings.add_module({.name = "k6", .functions = functions});
}

}  // namespace weir::journey::api
