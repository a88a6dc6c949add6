// Making values: strings, objects, buffers, JSON and promises (declared in value.h).
#include <array>

#include "base/format.h"
#include "script/engine.h"

namespace weir::script {

namespace {

JSContext* context(Isolate& js) noexcept {
    return Engine::context(js);
}

/// The engine's "resize" hook of a buffer that a std::string owns; size 0 means free it.
void* free_string_buffer(JSRuntime* runtime, void* opaque, void*, std::size_t size) {
    if (size != 0) return nullptr;
    auto* keeper = static_cast<std::string*>(opaque);
    static_cast<Isolate*>(JS_GetRuntimeOpaque(runtime))->state().heap.bytes -= keeper->capacity();
    delete keeper;
    return nullptr;
}

const std::uint8_t* as_engine_bytes(std::span<const std::byte> bytes) noexcept {
    // NOLINTNEXTLINE: bytes are bytes.
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

constexpr char json_file[] = "<json>";

/// Says where in the text: the engine only tells its stack.
Value rethrow_json_error(Isolate& js) {
    Value error = js.take_exception_value();
    if (!error.is_error()) return throw_value(js, std::move(error));
    const Value stack = error.get(js, "stack"), message = error.get(js, "message");
    const Text stack_text = stack.to_text(js), message_text = message.to_text(js);
    if (!stack_text.ok() || !message_text.ok()) return Value::thrown();
    for (const Frame& frame : parse_stack(stack_text.view(), nullptr)) {
        if (frame.file != json_file) continue;
        return throw_error(js, ErrorKind::syntax,
                           base::format("{} in JSON at line {} column {}", message_text.view(),
                                        frame.line, frame.column));
    }
    return throw_value(js, std::move(error));
}

}  // namespace

Value new_string(Isolate& js, std::string_view utf8) {
    return Engine::adopt(js, JS_NewStringLen(context(js), utf8.data(), utf8.size()));
}

Value new_latin1(Isolate& js, std::span<const std::byte> bytes) {
    std::string utf8;
    utf8.reserve(bytes.size() + bytes.size() / 4);
    for (const std::byte byte : bytes) {
        const auto code = std::to_integer<unsigned>(byte);
        if (code < 0x80) {
            utf8.push_back(static_cast<char>(code));
        } else {
            utf8.push_back(static_cast<char>(0xc0 | (code >> 6)));
            utf8.push_back(static_cast<char>(0x80 | (code & 0x3f)));
        }
    }
    return new_string(js, utf8);
}

Value new_object(Isolate& js) {
    return Engine::adopt(js, JS_NewObject(context(js)));
}

Value new_array(Isolate& js) {
    return Engine::adopt(js, JS_NewArray(context(js)));
}

Value new_array_buffer(Isolate& js, std::span<const std::byte> copied) {
    Engine::ensure(js, Feature::typed_arrays);
    return Engine::adopt(
        js, JS_NewArrayBufferCopy(context(js), as_engine_bytes(copied), copied.size()));
}

Value new_array_buffer(Isolate& js, std::string&& owned) {
    Engine::ensure(js, Feature::typed_arrays);
    Heap& heap = js.state().heap;
    if (!heap.allows(owned.capacity())) {
        return Engine::adopt(js, JS_ThrowOutOfMemory(context(js)));
    }
    auto* keeper = new std::string(std::move(owned));
    heap.bytes += keeper->capacity();
    // NOLINTNEXTLINE: bytes are bytes.
    auto* data = reinterpret_cast<std::uint8_t*>(keeper->data());
    const JSValue buffer =
        JS_NewArrayBuffer(context(js), data, keeper->size(), 0, free_string_buffer, keeper, false);
    if (JS_IsException(buffer)) free_string_buffer(js.state().runtime, keeper, nullptr, 0);
    return Engine::adopt(js, buffer);
}

Value new_uint8_array(Isolate& js, Ref array_buffer) {
    Engine::ensure(js, Feature::typed_arrays);
    JSValue argument = Engine::raw(array_buffer);
    return Engine::adopt(js, JS_NewTypedArray(context(js), 1, &argument, JS_TYPED_ARRAY_UINT8));
}

Value new_proxy(Isolate& js, Ref target, Ref handler) {
    Engine::ensure(js, Feature::proxy);
    return Engine::adopt(
        js, JS_NewProxy(Engine::context(js), Engine::raw(target), Engine::raw(handler)));
}

Value new_date(Isolate& js, double epoch_ms) {
    Engine::ensure(js, Feature::date);
    return Engine::adopt(js, JS_NewDate(context(js), epoch_ms));
}

std::optional<std::vector<std::string>> own_keys(Isolate& js, Ref object) {
    if (!object.is_object()) return std::vector<std::string>();
    JSContext* ctx = context(js);
    JSPropertyEnum* table = nullptr;
    std::uint32_t count = 0;
    if (JS_GetOwnPropertyNames(ctx, &table, &count, Engine::raw(object),
                               JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) < 0) {
        return std::nullopt;
    }
    std::vector<std::string> keys;
    keys.reserve(count);
    bool ok = true;
    for (const JSPropertyEnum& entry : std::span(table, count)) {
        std::size_t size = 0;
        const char* text = JS_AtomToCStringLen(ctx, &size, entry.atom);
        ok = ok && text != nullptr;
        if (text != nullptr) keys.emplace_back(text, size);
        JS_FreeCString(ctx, text);
    }
    JS_FreePropertyEnum(ctx, table, count);
    if (!ok) return std::nullopt;
    return keys;
}

OwnAtoms::OwnAtoms(Isolate& js, Ref object) : isolate_(&js) {
    if (!object.is_object()) return;
    JSPropertyEnum* table = nullptr;
    ok_ = JS_GetOwnPropertyNames(context(js), &table, &count_, Engine::raw(object),
                                 JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) >= 0;
    table_ = table;
    if (!ok_) count_ = 0;
}

OwnAtoms::~OwnAtoms() {
    if (table_ != nullptr) {
        JS_FreePropertyEnum(context(*isolate_), static_cast<JSPropertyEnum*>(table_), count_);
    }
}

Atom OwnAtoms::operator[](std::uint32_t i) const noexcept {
    return Atom{static_cast<const JSPropertyEnum*>(table_)[i].atom};
}

Text OwnAtoms::text(std::uint32_t i) const {
    std::size_t size = 0;
    const char* text = JS_AtomToCStringLen(context(*isolate_), &size, (*this)[i].id);
    if (text == nullptr) return {};
    return {isolate_, std::string_view(text, size)};
}

Value parse_json(Isolate& js, const std::string& text) {
    const JSValue parsed = JS_ParseJSON(context(js), text.c_str(), text.size(), json_file);
    if (JS_IsException(parsed)) return rethrow_json_error(js);
    return Engine::adopt(js, parsed);
}

Value stringify_json(Isolate& js, Ref value, int indent) {
    return Engine::adopt(
        js, JS_JSONStringify(context(js), Engine::raw(value), JS_UNDEFINED,
                             indent > 0 ? JS_NewInt32(context(js), indent) : JS_UNDEFINED));
}

Deferred new_deferred(Isolate& js) {
    std::array<JSValue, 2> functions{JS_UNDEFINED, JS_UNDEFINED};
    Deferred made;
    made.promise = Engine::adopt(js, JS_NewPromiseCapability(context(js), functions.data()));
    if (made.promise.threw()) return made;
    made.resolve = Engine::adopt(js, functions[0]);
    made.reject = Engine::adopt(js, functions[1]);
    return made;
}

PromiseState promise_state(Isolate& js, Ref promise) noexcept {
    switch (JS_PromiseState(context(js), Engine::raw(promise))) {
        case JS_PROMISE_PENDING:
            return PromiseState::pending;
        case JS_PROMISE_FULFILLED:
            return PromiseState::fulfilled;
        case JS_PROMISE_REJECTED:
            return PromiseState::rejected;
        case JS_PROMISE_NOT_A_PROMISE:
            break;
    }
    return PromiseState::not_a_promise;
}

Value promise_result(Isolate& js, Ref promise) {
    return Engine::adopt(js, JS_PromiseResult(context(js), Engine::raw(promise)));
}

Value then(Isolate& js, Ref promise, Ref on_fulfilled, Ref on_rejected) {
    return Engine::adopt(js, JS_PromiseThen(context(js), Engine::raw(promise),
                                            Engine::raw(on_fulfilled), Engine::raw(on_rejected)));
}

Value new_error(Isolate& js, ErrorKind kind, std::string_view message) {
    JSContext* ctx = context(js);
    Value error;
    switch (kind) {
        case ErrorKind::error:
            error = Engine::adopt(js, JS_NewPlainError(ctx, "%s", ""));
            break;
        case ErrorKind::type:
            error = Engine::adopt(js, JS_NewTypeError(ctx, "%s", ""));
            break;
        case ErrorKind::range:
            error = Engine::adopt(js, JS_NewRangeError(ctx, "%s", ""));
            break;
        case ErrorKind::syntax:
            error = Engine::adopt(js, JS_NewSyntaxError(ctx, "%s", ""));
            break;
        case ErrorKind::reference:
            error = Engine::adopt(js, JS_NewReferenceError(ctx, "%s", ""));
            break;
    }
    if (error.threw()) return error;
    // Set here, for the engine's own formatting cuts messages at 255 bytes.
    if (!error.define(js, "message", new_string(js, message), Property::hidden))
        return Value::thrown();
    return error;
}

Value new_error(Isolate& js, std::string_view name, std::string_view message) {
    Value error = new_error(js, ErrorKind::error, message);
    if (error.threw()) return error;
    if (!error.define(js, "name", new_string(js, name), Property::hidden)) return Value::thrown();
    return error;
}

Value throw_error(Isolate& js, std::string_view message) {
    return throw_error(js, ErrorKind::error, message);
}

Value throw_error(Isolate& js, ErrorKind kind, std::string_view message) {
    return throw_value(js, new_error(js, kind, message));
}

Value throw_value(Isolate& js, Value error) {
    if (error.threw()) return Value::thrown();  // memory is out: that is what rises instead
    JS_Throw(context(js), Engine::release(std::move(error)));
    return Value::thrown();
}

}  // namespace weir::script
