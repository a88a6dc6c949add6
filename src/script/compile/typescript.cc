#include "script/compile/typescript.h"

#include <charconv>

#include "base/format.h"
#include "quickjs.h"
#include "weir_script_embedded.h"

namespace weir::script {

namespace {

constexpr std::size_t stripper_stack_bytes = 4UL * 1024 * 1024;
constexpr std::size_t collect_every_bytes =
    256UL * 1024 * 1024;  // files are small; do not stop for it

/// "… unexpected token (3:14)": the library's place, at the end.
std::string with_place_first(std::string message, const std::string& file) {
    const std::string lead = "Error transforming " + file + ": ";
    if (message.starts_with(lead)) message.erase(0, lead.size());
    const std::size_t open = message.rfind(" (");
    if (open == std::string::npos || !message.ends_with(')'))
        return base::format("{}: {}", file, message);
    const std::string place = message.substr(open + 2, message.size() - open - 3);
    if (place.find_first_not_of("0123456789:") != std::string::npos) {
        return base::format("{}: {}", file, message);
    }
    return base::format("{}:{}: {}", file, place, message.substr(0, open));
}

}  // namespace

struct TypeStripper::Engine {
    JSRuntime* runtime = nullptr;
    JSContext* context = nullptr;
    JSValue strip = JS_UNDEFINED;

    std::string take_text(JSValue value) const {
        std::size_t size = 0;
        const char* chars = JS_ToCStringLen(context, &size, value);
        std::string out = chars == nullptr ? std::string() : std::string(chars, size);
        JS_FreeCString(context, chars);
        JS_FreeValue(context, value);
        return out;
    }

    std::vector<std::uint32_t> take_numbers(JSValue array) const {
        std::vector<std::uint32_t> out;
        std::int64_t length = 0;
        if (JS_GetLength(context, array, &length) < 0) length = 0;
        out.reserve(static_cast<std::size_t>(length));
        for (std::int64_t i = 0; i < length; ++i) {
            std::uint32_t number = 0;
            const JSValue item = JS_GetPropertyInt64(context, array, i);
            if (JS_ToUint32(context, &number, item) < 0) number = 0;
            out.push_back(number);
        }
        JS_FreeValue(context, array);
        return out;
    }
};

TypeStripper::TypeStripper() : engine_(std::make_unique<Engine>()) {
    engine_->runtime = JS_NewRuntime();
    JS_SetMaxStackSize(engine_->runtime, stripper_stack_bytes);
    JS_SetGCThreshold(engine_->runtime, collect_every_bytes);
    engine_->context = JS_NewContext(engine_->runtime);
    const auto code = embedded::strip_types_bytecode;
    // NOLINTNEXTLINE: bytes are bytes. Written by the same engine when Weir was built.
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(code.data());
    engine_->strip =
        JS_EvalFunction(engine_->context,
                        JS_ReadObject(engine_->context, bytes, code.size(), JS_READ_OBJ_BYTECODE));
    CHECK(JS_IsFunction(engine_->context, engine_->strip));
}

TypeStripper::~TypeStripper() {
    JS_FreeValue(engine_->context, engine_->strip);
    JS_FreeContext(engine_->context);
    JS_FreeRuntime(engine_->runtime);
}

base::Result<Stripped> TypeStripper::strip(std::string_view source, const std::string& file) {
    JSContext* context = engine_->context;
    JSValue args[2] = {JS_NewStringLen(context, source.data(), source.size()),
                       JS_NewStringLen(context, file.data(), file.size())};
    const JSValue result = JS_Call(context, engine_->strip, JS_UNDEFINED, 2, args);
    JS_FreeValue(context, args[0]);
    JS_FreeValue(context, args[1]);
    if (JS_IsException(result)) {
        const JSValue error = JS_GetException(context);
        const std::string message =
            engine_->take_text(JS_GetPropertyStr(context, error, "message"));
        JS_FreeValue(context, error);
        return base::Error{base::Code::script, with_place_first(message, file)};
    }
    Stripped stripped;
    stripped.code = engine_->take_text(JS_GetPropertyUint32(context, result, 0));
    stripped.map =
        SourceMap::from_columns(engine_->take_numbers(JS_GetPropertyUint32(context, result, 1)));
    JS_FreeValue(context, result);
    return stripped;
}

}  // namespace weir::script
