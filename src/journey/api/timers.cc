// setTimeout and friends, as globals and as module k6/timers.
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "journey/api/api.h"
#include "journey/host/host.h"

namespace weir::journey::api {

namespace {

using script::Args;
using script::Isolate;
using script::Ref;
using script::Value;

constexpr int once = 0;
constexpr int again_and_again = 1;

Value set_timer(Isolate& js, Ref, Args args, int kind) noexcept {
    if (args.empty() || !args[0].is_function(js)) {
        return script::throw_error(js, script::ErrorKind::type,
                                   kind == once
                                       ? "setTimeout() requires a function as first argument"
                                       : "setInterval() requires a function as first argument");
    }
    double ms = 0;
    if (args.size() > 1) {
        const auto given = args[1].to_number(js);
        if (!given) return Value::thrown();
        constexpr double longest = 2147483647;  // as in browsers
        ms = std::isnan(*given) ? 0 : std::fmin(std::fmax(*given, 0), longest);
    }
    // An interval of nothing would never let the iteration go on.
    if (kind == again_and_again) ms = std::fmax(ms, 1);
    std::vector<Value> rest;
    for (std::size_t i = 2; i < args.size(); ++i) rest.push_back(args[i].own(js));
    return Value::integer(Host::of(js).backlog.add_timer(args[0].own(js), std::move(rest),
                                                         base::from_ms(ms), kind != once));
}

Value clear_timer(Isolate& js, Ref, Args args, int) noexcept {
    if (args.empty() || !args[0].is_number()) return {};
    const double id = args[0].as_number();
    if (id >= 1 && id <= 4294967295.0) Host::of(js).backlog.clear_timer(static_cast<TimerId>(id));
    return {};
}

constexpr std::array functions{
    script::FunctionSpec{"setTimeout", set_timer, 2, once},
    script::FunctionSpec{"setInterval", set_timer, 2, again_and_again},
    script::FunctionSpec{"clearTimeout", clear_timer, 1},
    script::FunctionSpec{"clearInterval", clear_timer, 1},
};

}  // namespace

void add_timers(script::Bindings& bindings) {
    bindings.add_globals({.functions = functions});
    bindings.add_module({.name = "k6/timers", .functions = functions});
}

}  // namespace weir::journey::api
