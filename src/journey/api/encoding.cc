// Module k6/encoding: b64encode, b64decode. Source: k6 documentation, "k6/encoding".
#include <array>
#include <span>

#include "base/format.h"
#include "journey/api/api.h"
#include "journey/api/bytes_arg.h"

namespace weir::journey::api {

namespace {

using script::Args;
using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;

/// The second argument; nullopt: threw.
std::optional<Base64> read_form(Isolate& js, Args args) {
    if (args.size() < 2 || args[1].is_nullish()) return Base64{};
    const script::Text name = args[1].to_text(js);
    if (!name.ok()) return std::nullopt;
    // As k6: an encoding that it does not know is the standard one.
    return base64_named(name.view()).value_or(Base64{});
}

Value b64encode(Isolate& js, Ref, Args args, int) noexcept {
    const auto form = read_form(js, args);
    const auto bytes = form ? read_bytes(js, args.empty() ? Ref() : args[0]) : std::nullopt;
    return bytes ? script::new_string(js, to_base64(*bytes, *form)) : Value::thrown();
}

Value b64decode(Isolate& js, Ref, Args args, int) noexcept {
    const auto form = read_form(js, args);
    const script::Text text = form ? (args.empty() ? Ref() : args[0]).to_text(js) : script::Text();
    if (!text.ok()) return Value::thrown();
    const auto bytes = from_base64(text.view(), *form);
    if (!bytes) {
        return script::throw_error(
            js, base::format("b64decode: this is not base64: '{:.40}'", text.view()));
    }
    const bool as_text =
        args.size() > 2 && args[2].is_string() && args[2].to_text(js).view() == "s";
    return as_text ? script::new_string(js, *bytes)
                   : script::new_array_buffer(js, std::as_bytes(std::span(*bytes)));
}

constexpr std::array functions{
    script::FunctionSpec{"b64encode", b64encode, 2},
    script::FunctionSpec{"b64decode", b64decode, 3},
};

}  // namespace

void add_encoding(script::Bindings& bindings) {
    bindings.add_module({.name = "k6/encoding", .functions = functions});
}

}  // namespace weir::journey::api
