// __ENV, __VU, __ITER and global, the name that k6 gives globalThis.
#include <array>

#include "journey/api/api.h"
#include "journey/host/host.h"

namespace weir::journey::api {

namespace {

using script::Args;
using script::Isolate;
using script::Ref;
using script::Value;

Value make_env(Isolate& js, Ref, Args, int) noexcept {
    Value out = script::new_object(js);
    if (out.threw()) return out;
    for (const auto& [key, value] : Host::of(js).run.env) {
        if (!out.set(js, key, script::new_string(js, value))) return Value::thrown();
    }
    return out;
}

Value make_user_number(Isolate& js, Ref, Args, int) noexcept {
    return Value::integer(static_cast<std::int64_t>(Host::of(js).id));
}

/// The user keeps it up to date; see LoadedScript::set_globals().
Value make_iteration_number(Isolate&, Ref, Args, int) noexcept {
    return Value::integer(0);
}

Value make_global(Isolate& js, Ref, Args, int) noexcept {
    return js.global();
}

constexpr std::array values{
    script::ValueSpec{"global", make_global},
    script::ValueSpec{"__ENV", make_env},
    script::ValueSpec{"__VU", make_user_number},
    script::ValueSpec{"__ITER", make_iteration_number},
};

}  // namespace

void add_environment(script::Bindings& bindings) {
    bindings.add_globals({.values = values});
}

}  // namespace weir::journey::api
