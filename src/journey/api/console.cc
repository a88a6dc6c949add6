// console: lines for people, formatted as k6 does: texts as they are, objects as JSON.
#include <array>
#include <string>

#include "journey/api/api.h"
#include "journey/host/host.h"

namespace weir::journey::api {

namespace {

using script::Args;
using script::Isolate;
using script::Ref;
using script::Value;

/// An Error says more by its stack than by its (empty) JSON.
std::string describe(Isolate& js, Ref value) {
    if (value.is_error()) return js.describe(value).text();
    if (value.is_object() && !value.is_function(js)) {
        const Value text = script::stringify_json(js, value);
        if (text.is_string()) return text.to_text(js).str();
        if (text.threw())
            static_cast<void>(js.take_exception_value());  // cycles: fall back to String()
    }
    const script::Text text = value.to_text(js);
    if (text.ok()) return text.str();
    static_cast<void>(js.take_exception_value());
    return "(cannot be shown as text)";
}

std::string line_of(Isolate& js, Args args) {
    std::string line;
    for (std::size_t i = 0; i < args.size(); ++i) {
        if (i > 0) line += ' ';
        line += describe(js, args[i]);
    }
    return line;
}

Value write(Isolate& js, Ref, Args args, int level) noexcept {
    Host::of(js).run.console.write(static_cast<base::Level>(level), line_of(js, args));
    return {};
}

Value assert_that(Isolate& js, Ref, Args args, int) noexcept {
    if (!args.empty() && args[0].to_bool(js)) return {};
    const std::string line = args.size() > 1 ? line_of(js, args.subspan(1)) : std::string();
    Host::of(js).run.console.error(line.empty() ? "assertion failed" : "assertion failed: " + line);
    return {};
}

constexpr int of(base::Level level) {
    return static_cast<int>(level);
}

constexpr std::array functions{
    script::FunctionSpec{"log", write, 0, of(base::Level::info)},
    script::FunctionSpec{"info", write, 0, of(base::Level::info)},
    script::FunctionSpec{"debug", write, 0, of(base::Level::debug)},
    script::FunctionSpec{"warn", write, 0, of(base::Level::warn)},
    script::FunctionSpec{"error", write, 0, of(base::Level::error)},
    script::FunctionSpec{"trace", write, 0, of(base::Level::debug)},
    script::FunctionSpec{"assert", assert_that, 0},
};

Value make_console(Isolate& js, Ref, Args, int) noexcept {
    Value out = script::new_object(js);
    if (out.threw()) return out;
    for (const script::FunctionSpec& spec : functions) {
        if (!out.set(js, spec.name, script::new_function(js, spec))) return Value::thrown();
    }
    return out;
}

constexpr std::array values{script::ValueSpec{"console", make_console}};

}  // namespace

void add_console(script::Bindings& bindings) {
    bindings.add_globals({.values = values});
}

}  // namespace weir::journey::api
