// Module k6/data: SharedArray. Source: k6 documentation, "SharedArray".
//
// The elements live once per run, as JSON text (see SharedData); what a user holds is a proxy that
// parses and freezes an element each time it is read, as k6 does.
#include <array>
#include <charconv>
#include <memory>
#include <string>

#include "base/format.h"
#include "journey/api/api.h"
#include "journey/host/host.h"
#include "journey/shared_data.h"

namespace weir::journey::api {

namespace {

using script::Args;
using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;

void finalize(void* object) noexcept {
    delete static_cast<SharedData::Elements*>(object);
}

/// "12" → 12; nothing for other property names.
std::optional<std::size_t> as_index(std::string_view key) {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
    const bool whole = error == std::errc() && end == key.data() + key.size();
    return whole && (key.size() == 1 || key.front() != '0') ? std::optional(index) : std::nullopt;
}

bool freeze_deeply(Isolate& js, Ref value) {
    if (!value.is_object()) return true;
    const auto keys = script::own_keys(js, value);
    if (!keys) return false;
    for (const std::string& key : *keys) {
        if (!freeze_deeply(js, value.get(js, key))) return false;
    }
    return value.freeze(js);
}

Value element(Isolate& js, const SharedElements& elements, std::size_t index) {
    if (index >= elements.size()) return {};
    Value value = script::parse_json(js, std::string(elements.at(index)));
    if (value.threw() || !freeze_deeply(js, value)) return Value::thrown();
    return value;
}

const SharedElements& elements_of(Isolate& js, Ref holder) {
    return **script::native_as<SharedData::Elements>(js, holder, shared_elements_class);
}

// The proxy's traps: `self` is the holder of the elements; args are (target, key, …).

Value on_get(Isolate& js, Ref holder, Args args, int) noexcept {
    if (!args[1].is_string()) return args[0].get_key(js, args[1]);
    const script::Text key = args[1].to_text(js);
    if (!key.ok()) return Value::thrown();
    const SharedElements& elements = elements_of(js, holder);
    if (key.view() == "length") return Value::integer(static_cast<std::int64_t>(elements.size()));
    if (const auto index = as_index(key.view())) return element(js, elements, *index);
    return args[0].get(js, key.view());
}

Value on_has(Isolate& js, Ref holder, Args args, int) noexcept {
    if (!args[1].is_string()) return Value::boolean(true);
    const script::Text key = args[1].to_text(js);
    if (!key.ok()) return Value::thrown();
    if (const auto index = as_index(key.view())) {
        return Value::boolean(*index < elements_of(js, holder).size());
    }
    return Value::boolean(args[0].has(js, key.view()).value_or(false));
}

Value on_own_keys(Isolate& js, Ref holder, Args, int) noexcept {
    Value out = script::new_array(js);
    const auto count = static_cast<std::uint32_t>(elements_of(js, holder).size());
    for (std::uint32_t i = 0; i < count; ++i) {
        if (!out.set_at(js, i, script::new_string(js, base::format("{}", i))))
            return Value::thrown();
    }
    if (!out.set_at(js, count, script::new_string(js, "length"))) return Value::thrown();
    return out;
}

Value on_describe(Isolate& js, Ref holder, Args args, int) noexcept {
    const script::Text key = args[1].is_string() ? args[1].to_text(js) : script::Text();
    const SharedElements& elements = elements_of(js, holder);
    const auto index = key.ok() ? as_index(key.view()) : std::nullopt;
    Value out = script::new_object(js);
    if (index && *index < elements.size()) {
        out.set(js, "value", element(js, elements, *index));
        out.set(js, "enumerable", Value::boolean(true));
        out.set(js, "configurable", Value::boolean(true));
        return out;
    }
    if (!key.ok() || key.view() != "length") return {};
    out.set(js, "value", Value::integer(static_cast<std::int64_t>(elements.size())));
    out.set(js, "writable", Value::boolean(true));
    return out;
}

Value on_change(Isolate& js, Ref, Args, int) noexcept {
    return script::throw_error(js, ErrorKind::type, "SharedArray is immutable");
}

constexpr std::array traps{
    script::FunctionSpec{"get", on_get, 3},
    script::FunctionSpec{"has", on_has, 2},
    script::FunctionSpec{"ownKeys", on_own_keys, 1},
    script::FunctionSpec{"getOwnPropertyDescriptor", on_describe, 2},
    script::FunctionSpec{"set", on_change, 4},
    script::FunctionSpec{"deleteProperty", on_change, 2},
    script::FunctionSpec{"defineProperty", on_change, 3},
    script::FunctionSpec{"setPrototypeOf", on_change, 2},
    script::FunctionSpec{"preventExtensions", on_change, 1},
};

Value wrap(Isolate& js, SharedData::Elements elements) {
    const Value holder =
        script::new_native(js, shared_elements_class,
                           std::make_unique<SharedData::Elements>(std::move(elements)).release());
    const Value handler = script::new_object(js);
    if (holder.threw() || handler.threw()) return Value::thrown();
    for (const script::FunctionSpec& trap : traps) {
        if (!handler.set(js, trap.name, script::new_function(js, trap, holder)))
            return Value::thrown();
    }
    return script::new_proxy(js, script::new_array(js), handler);
}

/// Runs the script's function; null after throwing.
SharedData::Elements build(Isolate& js, Ref function) {
    const Value made = function.call(js, {}, {});
    if (made.threw()) return nullptr;
    if (!made.is_array()) {
        script::throw_error(js, ErrorKind::type, "only arrays can be made into SharedArray");
        return nullptr;
    }
    auto elements = std::make_shared<SharedElements>();
    const auto length = made.length(js);
    for (std::uint32_t i = 0; length && i < *length; ++i) {
        const Value text = script::stringify_json(js, made.at(js, i));
        if (text.threw()) return nullptr;
        elements->add(text.is_string() ? text.to_text(js).view() : "null");
    }
    elements->done();
    return elements;
}

Value construct(Isolate& js, Ref, Args args, int) noexcept {
    Host& host = Host::of(js);
    if (host.stage != Stage::init) {
        return script::throw_error(js, "new SharedArray must be called in the init context");
    }
    const script::Text name = (args.empty() ? Ref() : args[0]).to_text(js);
    if (!name.ok()) return Value::thrown();
    if (name.view().empty()) {
        return script::throw_error(js, ErrorKind::type,
                                   "empty name provided to SharedArray's constructor");
    }
    if (args.size() < 2 || !args[1].is_function(js)) {
        return script::throw_error(
            js, ErrorKind::type,
            "a function is expected as the second argument of SharedArray's constructor");
    }
    bool failed = false;
    SharedData::Elements elements = host.run.shared->array(name.str(), [&] {
        SharedData::Elements made = build(js, args[1]);
        failed = made == nullptr;
        return made;
    });
    if (failed) return Value::thrown();
    return wrap(js, std::move(elements));
}

constexpr std::array classes{script::ClassExport{"SharedArray", shared_array_class}};

}  // namespace

void add_data(script::Bindings& bindings) {
    register_class(bindings, {.name = "SharedElements", .finalize = finalize},
                   shared_elements_class);
    register_class(bindings, {.name = "SharedArray", .construct = construct, .construct_length = 2},
                   shared_array_class);
    bindings.add_module({.name = "k6/data", .classes = classes});
}

}  // namespace weir::journey::api
