#include "script/value.h"

#include <cmath>
#include <limits>

#include "script/engine.h"

namespace weir::script {

static_assert(sizeof(Raw) == sizeof(JSValue) && alignof(Raw) == alignof(JSValue));
static_assert(sizeof(Ref) == sizeof(JSValue));

namespace {

JSContext* context(Isolate& js) noexcept {
    return Engine::context(js);
}

/// A name for one access. The engine keeps the text only while some property uses it.
class ShortName {
public:
    ShortName(Isolate& js, std::string_view name) noexcept
        : context_(context(js)), atom_(JS_NewAtomLen(context_, name.data(), name.size())) {}
    ~ShortName() { JS_FreeAtom(context_, atom_); }
    ShortName(const ShortName&) = delete;
    ShortName& operator=(const ShortName&) = delete;
    [[nodiscard]] bool ok() const noexcept { return atom_ != JS_ATOM_NULL; }
    [[nodiscard]] JSAtom atom() const noexcept { return atom_; }

private:
    JSContext* context_;
    JSAtom atom_;
};

int flags_of(Property how) noexcept {
    switch (how) {
        case Property::plain:
            return JS_PROP_C_W_E;
        case Property::hidden:
            return JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE;
        case Property::read_only:
            return JS_PROP_ENUMERABLE;
        case Property::constant:
            return 0;
    }
    return JS_PROP_C_W_E;
}

/// The engine takes arguments by pointer to its own, identical, type and does not write to them.
JSValue* engine_args(Args args) noexcept {
    // NOLINTNEXTLINE: same layout, asserted above.
    return reinterpret_cast<JSValue*>(const_cast<Ref*>(args.data()));
}

}  // namespace

Text& Text::operator=(Text&& other) noexcept {
    if (this != &other) {
        if (view_.data() != nullptr) JS_FreeCString(context(*isolate_), view_.data());
        isolate_ = std::exchange(other.isolate_, nullptr);
        view_ = std::exchange(other.view_, {});
    }
    return *this;
}

Text::~Text() {
    if (view_.data() != nullptr) JS_FreeCString(context(*isolate_), view_.data());
}

void Value::free_counted() noexcept {
    JS_FreeValueRT(isolate_->state().runtime, Engine::raw(*this));
}

Value Value::number(double d) noexcept {
    const auto whole =
        static_cast<std::int32_t>(d >= std::numeric_limits<std::int32_t>::min() &&
                                          d <= std::numeric_limits<std::int32_t>::max()
                                      ? d
                                      : 0);
    if (static_cast<double>(whole) == d && !(whole == 0 && std::signbit(d))) {
        return Value(Raw{static_cast<std::uint32_t>(whole), tag_int});
    }
    return Value(Raw{std::bit_cast<std::uint64_t>(d), tag_double});
}

Value Value::integer(std::int64_t i) noexcept {
    return number(static_cast<double>(i));
}

bool Ref::is_function(Isolate& js) const noexcept {
    return is_object() && JS_IsFunction(context(js), Engine::raw(*this));
}
bool Ref::is_array() const noexcept {
    return JS_IsArray(Engine::raw(*this));
}
bool Ref::is_array_buffer() const noexcept {
    return JS_IsArrayBuffer(Engine::raw(*this));
}
bool Ref::is_error() const noexcept {
    return JS_IsError(Engine::raw(*this));
}
bool Ref::is_promise() const noexcept {
    return JS_IsPromise(Engine::raw(*this));
}
bool Ref::is_date() const noexcept {
    return JS_IsDate(Engine::raw(*this));
}
bool Ref::is_regexp() const noexcept {
    return JS_IsRegExp(Engine::raw(*this));
}

bool Ref::to_bool(Isolate& js) const noexcept {
    return JS_ToBool(context(js), Engine::raw(*this)) > 0;
}

double Ref::as_number() const noexcept {
    if (raw_.tag == tag_int) return static_cast<std::int32_t>(raw_.bits);
    if (raw_.tag == tag_double) return std::bit_cast<double>(raw_.bits);
    return std::numeric_limits<double>::quiet_NaN();
}

std::optional<double> Ref::to_number(Isolate& js) const {
    if (is_number()) return as_number();
    double number = 0;
    if (JS_ToFloat64(context(js), &number, Engine::raw(*this)) < 0) return std::nullopt;
    return number;
}

std::optional<std::int64_t> Ref::to_integer(Isolate& js) const {
    const auto number = to_number(js);
    if (!number) return std::nullopt;
    if (std::isnan(*number)) return 0;
    if (*number >= 0x1p63) return std::numeric_limits<std::int64_t>::max();
    if (*number < -0x1p63) return std::numeric_limits<std::int64_t>::min();
    return static_cast<std::int64_t>(*number);
}

Text Ref::to_text(Isolate& js) const {
    std::size_t size = 0;
    const char* text = JS_ToCStringLen(context(js), &size, Engine::raw(*this));
    if (text == nullptr) return {};
    return {&js, std::string_view(text, size)};
}

std::optional<std::span<std::byte>> Ref::bytes(Isolate& js) const {
    JSContext* ctx = context(js);
    const JSValue self = Engine::raw(*this);
    std::size_t offset = 0, length = 0, element = 0;
    Value buffer;
    const bool whole = is_array_buffer();
    if (!whole) {
        if (JS_IsDataView(self)) {
            buffer = get(js, "buffer");
            offset = static_cast<std::size_t>(get(js, "byteOffset").as_number());
            length = static_cast<std::size_t>(get(js, "byteLength").as_number());
        } else if (JS_GetTypedArrayType(self) >= 0) {
            buffer =
                Engine::adopt(js, JS_GetTypedArrayBuffer(ctx, self, &offset, &length, &element));
        } else {
            return std::nullopt;
        }
    }
    std::size_t size = 0;
    std::uint8_t* data = JS_GetArrayBuffer(ctx, &size, whole ? self : Engine::raw(buffer));
    if (data == nullptr) {
        // Detached, or empty without memory: no bytes either way.
        if (JS_HasException(ctx)) JS_FreeValue(ctx, JS_GetException(ctx));
        return std::span<std::byte>();
    }
    // NOLINTNEXTLINE: bytes are bytes.
    const std::span<std::byte> all(reinterpret_cast<std::byte*>(data), size);
    if (whole) return all;
    if (offset > size || length > size - offset) return std::span<std::byte>();
    return all.subspan(offset, length);
}

Value Ref::get(Isolate& js, Atom name) const {
    return Engine::adopt(js, JS_GetProperty(context(js), Engine::raw(*this), name.id));
}

Value Ref::get(Isolate& js, std::string_view name) const {
    const ShortName key(js, name);
    if (!key.ok()) return Value::thrown();
    return Engine::adopt(js, JS_GetProperty(context(js), Engine::raw(*this), key.atom()));
}

Value Ref::get_key(Isolate& js, Ref key) const {
    const JSAtom atom = JS_ValueToAtom(context(js), Engine::raw(key));
    if (atom == JS_ATOM_NULL) return Value::thrown();
    Value out = get(js, Atom{atom});
    JS_FreeAtom(context(js), atom);
    return out;
}

Value Ref::at(Isolate& js, std::uint32_t index) const {
    return Engine::adopt(js, JS_GetPropertyUint32(context(js), Engine::raw(*this), index));
}

bool Ref::set(Isolate& js, Atom name, Value value) const {
    return JS_SetProperty(context(js), Engine::raw(*this), name.id,
                          Engine::release(std::move(value))) >= 0;
}

bool Ref::set(Isolate& js, std::string_view name, Value value) const {
    const ShortName key(js, name);
    return key.ok() && set(js, Atom{key.atom()}, std::move(value));
}

bool Ref::set_at(Isolate& js, std::uint32_t index, Value value) const {
    return JS_SetPropertyUint32(context(js), Engine::raw(*this), index,
                                Engine::release(std::move(value))) >= 0;
}

bool Ref::define(Isolate& js, Atom name, Value value, Property how) const {
    return JS_DefinePropertyValue(context(js), Engine::raw(*this), name.id,
                                  Engine::release(std::move(value)), flags_of(how)) >= 0;
}

bool Ref::define(Isolate& js, std::string_view name, Value value, Property how) const {
    const ShortName key(js, name);
    return key.ok() && define(js, Atom{key.atom()}, std::move(value), how);
}

std::optional<bool> Ref::has(Isolate& js, std::string_view name) const {
    if (!is_object()) return false;
    const ShortName key(js, name);
    const int found = key.ok() ? JS_HasProperty(context(js), Engine::raw(*this), key.atom()) : -1;
    if (found < 0) return std::nullopt;
    return found > 0;
}

bool Ref::remove(Isolate& js, std::string_view name) const {
    const ShortName key(js, name);
    return key.ok() && JS_DeleteProperty(context(js), Engine::raw(*this), key.atom(), 0) >= 0;
}

std::optional<std::uint32_t> Ref::length(Isolate& js) const {
    std::int64_t length = 0;
    if (JS_GetLength(context(js), Engine::raw(*this), &length) < 0) return std::nullopt;
    if (length < 0 || length > std::numeric_limits<std::uint32_t>::max()) {
        throw_error(js, ErrorKind::range, "array is too long");
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(length);
}

bool Ref::freeze(Isolate& js) const {
    return JS_FreezeObject(context(js), Engine::raw(*this)) >= 0;
}

Value Ref::call(Isolate& js, Ref self, Args args) const {
    return Engine::adopt(js, JS_Call(context(js), Engine::raw(*this), Engine::raw(self),
                                     static_cast<int>(args.size()), engine_args(args)));
}

Value Ref::call(Isolate& js, Ref self, std::initializer_list<Ref> args) const {
    return call(js, self, Args(args.begin(), args.size()));
}

Value Ref::construct(Isolate& js, Args args) const {
    return Engine::adopt(js, JS_CallConstructor(context(js), Engine::raw(*this),
                                                static_cast<int>(args.size()), engine_args(args)));
}

Value Ref::construct(Isolate& js, std::initializer_list<Ref> args) const {
    return construct(js, Args(args.begin(), args.size()));
}

Value Ref::invoke(Isolate& js, std::string_view name, Args args) const {
    const ShortName key(js, name);
    if (!key.ok()) return Value::thrown();
    return Engine::adopt(js, JS_Invoke(context(js), Engine::raw(*this), key.atom(),
                                       static_cast<int>(args.size()), engine_args(args)));
}

bool Ref::same_as(Isolate& js, Ref other) const noexcept {
    return JS_IsStrictEqual(context(js), Engine::raw(*this), Engine::raw(other));
}

Value Ref::own(Isolate& js) const noexcept {
    return Engine::adopt(js, JS_DupValue(context(js), Engine::raw(*this)));
}

}  // namespace weir::script
