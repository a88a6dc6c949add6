// Value and Ref: JavaScript values in C++, owned and borrowed, without the engine's own header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::script {

class Isolate;
class Ref;
class Value;

/// The engine's value as it lies in memory. Never looked into outside this folder.
struct [[gnu::may_alias]] Raw {
    std::uint64_t bits;
    std::int64_t tag;
};

/// A property name, interned: comparing and looking up by Atom costs no hashing. Made by
/// Isolate::atom(), valid for that isolate's whole life.
struct Atom {
    std::uint32_t id = 0;
};

/// Text of a JavaScript string as UTF-8. Pure ASCII strings are not copied. Ends with its isolate.
class Text {
public:
    Text() = default;
    Text(Text&& other) noexcept
        : isolate_(std::exchange(other.isolate_, nullptr)), view_(std::exchange(other.view_, {})) {}
    Text& operator=(Text&& other) noexcept;
    ~Text();

    /// False: the conversion threw (a Symbol, a failing toString); the exception is pending.
    [[nodiscard]] bool ok() const noexcept { return isolate_ != nullptr; }
    /// Followed by a zero byte. Empty when !ok().
    [[nodiscard]] std::string_view view() const noexcept { return view_; }
    [[nodiscard]] std::string str() const { return std::string(view_); }

private:
    friend class Ref;
    friend class OwnAtoms;
    Text(Isolate* isolate, std::string_view view) noexcept : isolate_(isolate), view_(view) {}
    Isolate* isolate_ = nullptr;
    std::string_view view_;
};

using Args = std::span<const Ref>;

/// How a property is defined. The default is what an assignment makes.
enum class Property : std::uint8_t { plain, hidden, read_only, constant };

/// A borrowed value: as cheap as a pointer pair, valid while its owner holds it.
/// Methods that can run script or throw take the isolate; each says what it returns on a throw, and
/// then the exception is pending: return Value::thrown() to pass it on, or take it.
class Ref {
public:
    Ref() noexcept : raw_{0, tag_undefined} {}

    [[nodiscard]] bool is_undefined() const noexcept { return raw_.tag == tag_undefined; }
    [[nodiscard]] bool is_null() const noexcept { return raw_.tag == tag_null; }
    [[nodiscard]] bool is_nullish() const noexcept { return is_undefined() || is_null(); }
    [[nodiscard]] bool is_bool() const noexcept { return raw_.tag == tag_bool; }
    [[nodiscard]] bool is_number() const noexcept {
        return raw_.tag == tag_int || raw_.tag == tag_double;
    }
    [[nodiscard]] bool is_string() const noexcept {
        return raw_.tag == tag_string || raw_.tag == tag_rope;
    }
    [[nodiscard]] bool is_object() const noexcept { return raw_.tag == tag_object; }
    /// Not a value but the sign that something threw.
    [[nodiscard]] bool threw() const noexcept { return raw_.tag == tag_exception; }
    [[nodiscard]] bool is_symbol() const noexcept { return raw_.tag == tag_symbol; }
    [[nodiscard]] bool is_bigint() const noexcept {
        return raw_.tag == tag_bigint || raw_.tag == tag_short_bigint;
    }
    [[nodiscard]] bool is_function(Isolate& js) const noexcept;
    [[nodiscard]] bool is_array() const noexcept;
    [[nodiscard]] bool is_array_buffer() const noexcept;
    [[nodiscard]] bool is_error() const noexcept;
    [[nodiscard]] bool is_promise() const noexcept;
    [[nodiscard]] bool is_date() const noexcept;
    [[nodiscard]] bool is_regexp() const noexcept;

    /// JavaScript's truth of the value; never throws.
    [[nodiscard]] bool to_bool(Isolate& js) const noexcept;
    /// Number(value). nullopt: threw.
    [[nodiscard]] std::optional<double> to_number(Isolate& js) const;
    /// As to_number, cut to an integer and clamped to 64 bits; NaN is 0. nullopt: threw.
    [[nodiscard]] std::optional<std::int64_t> to_integer(Isolate& js) const;
    /// String(value). !ok(): threw.
    [[nodiscard]] Text to_text(Isolate& js) const;
    /// The bytes of an ArrayBuffer, typed array or DataView, in place: valid until script runs
    /// again. nullopt for anything else; never throws.
    [[nodiscard]] std::optional<std::span<std::byte>> bytes(Isolate& js) const;
    /// The number inside when is_number(), else NaN. No conversion.
    [[nodiscard]] double as_number() const noexcept;

    /// Properties. A Value that threw() says so. On undefined and null: TypeError.
    [[nodiscard]] Value get(Isolate& js, Atom name) const;
    [[nodiscard]] Value get(Isolate& js, std::string_view name) const;
    /// object[key], for keys that may be symbols.
    [[nodiscard]] Value get_key(Isolate& js, Ref key) const;
    [[nodiscard]] Value at(Isolate& js, std::uint32_t index) const;
    /// False: threw.
    bool set(Isolate& js, Atom name, Value value) const;
    bool set(Isolate& js, std::string_view name, Value value) const;
    bool set_at(Isolate& js, std::uint32_t index, Value value) const;
    bool define(Isolate& js, Atom name, Value value, Property how = Property::plain) const;
    bool define(Isolate& js,
                std::string_view name,
                Value value,
                Property how = Property::plain) const;
    /// Own or inherited. nullopt: threw.
    [[nodiscard]] std::optional<bool> has(Isolate& js, std::string_view name) const;
    bool remove(Isolate& js, std::string_view name) const;
    /// `length` of an array or string-like. nullopt: threw or absurd (over 2^32 - 1).
    [[nodiscard]] std::optional<std::uint32_t> length(Isolate& js) const;
    bool freeze(Isolate& js) const;

    [[nodiscard]] Value call(Isolate& js, Ref self, Args args) const;
    [[nodiscard]] Value call(Isolate& js, Ref self, std::initializer_list<Ref> args) const;
    [[nodiscard]] Value construct(Isolate& js, Args args) const;
    [[nodiscard]] Value construct(Isolate& js, std::initializer_list<Ref> args) const;
    /// this[name](...args)
    [[nodiscard]] Value invoke(Isolate& js, std::string_view name, Args args) const;
    [[nodiscard]] bool same_as(Isolate& js, Ref other) const noexcept;  // ===

    /// One more owner of the same value.
    [[nodiscard]] Value own(Isolate& js) const noexcept;

    [[nodiscard]] const Raw& raw() const noexcept { return raw_; }

protected:
    friend class Isolate;
    friend struct Engine;
    static constexpr std::int64_t tag_bigint = -9, tag_symbol = -8, tag_string = -7, tag_rope = -6,
                                  tag_object = -1, tag_int = 0, tag_bool = 1, tag_null = 2,
                                  tag_undefined = 3, tag_exception = 6, tag_short_bigint = 7,
                                  tag_double = 8;
    explicit Ref(Raw raw) noexcept : raw_(raw) {}
    Raw raw_;
};

/// An owned value: move-only, freed with its scope. Must not outlive its isolate.
class Value : public Ref {
public:
    Value() noexcept = default;  // undefined
    Value(Value&& other) noexcept : Ref(other.raw_), isolate_(other.isolate_) {
        other.raw_ = Ref().raw();
    }
    Value& operator=(Value&& other) noexcept {
        if (this != &other) {
            release();
            raw_ = other.raw_;
            isolate_ = other.isolate_;
            other.raw_ = Ref().raw();
        }
        return *this;
    }
    ~Value() { release(); }

    [[nodiscard]] static Value undefined() noexcept { return {}; }
    [[nodiscard]] static Value null() noexcept { return Value(Raw{0, tag_null}); }
    [[nodiscard]] static Value boolean(bool b) noexcept { return Value(Raw{b, tag_bool}); }
    /// Whole numbers that fit 32 bits are stored as such, as the engine does.
    [[nodiscard]] static Value number(double d) noexcept;
    [[nodiscard]] static Value integer(std::int64_t i) noexcept;
    /// "An exception is pending": what a native function returns to let it rise.
    [[nodiscard]] static Value thrown() noexcept { return Value(Raw{0, tag_exception}); }

private:
    friend struct Engine;
    explicit Value(Raw raw) noexcept : Ref(raw) {}
    Value(Isolate* isolate, Raw raw) noexcept : Ref(raw), isolate_(isolate) {}
    void release() noexcept {
        if (raw_.tag < 0) free_counted();
    }
    void free_counted() noexcept;
    Isolate* isolate_ = nullptr;
};

/// New values. All can fail when the user's memory limit is reached: then they threw().
[[nodiscard]] Value new_string(Isolate& js, std::string_view utf8);  // invalid UTF-8: U+FFFD
[[nodiscard]] Value new_latin1(Isolate& js, std::span<const std::byte> bytes);  // one unit a byte
[[nodiscard]] Value new_object(Isolate& js);
[[nodiscard]] Value new_array(Isolate& js);
[[nodiscard]] Value new_array_buffer(Isolate& js, std::span<const std::byte> copied);
/// Takes the string's buffer without copying it.
[[nodiscard]] Value new_array_buffer(Isolate& js, std::string&& owned);
/// A Uint8Array over the whole of `array_buffer`.
[[nodiscard]] Value new_uint8_array(Isolate& js, Ref array_buffer);
[[nodiscard]] Value new_date(Isolate& js, double epoch_ms);

/// new Proxy(target, handler), also for scripts that say nothing of proxies.
[[nodiscard]] Value new_proxy(Isolate& js, Ref target, Ref handler);

/// Own enumerable string keys in JavaScript's order (JSON.stringify's). nullopt: threw.
[[nodiscard]] std::optional<std::vector<std::string>> own_keys(Isolate& js, Ref object);
/// The same keys as atoms, for the hot path: no texts are made. The atoms are held until it goes.
class OwnAtoms {
public:
    OwnAtoms(Isolate& js, Ref object);
    ~OwnAtoms();
    OwnAtoms(const OwnAtoms&) = delete;
    OwnAtoms& operator=(const OwnAtoms&) = delete;

    [[nodiscard]] bool ok() const noexcept { return ok_; }  // false: threw
    [[nodiscard]] std::uint32_t size() const noexcept { return count_; }
    [[nodiscard]] Atom operator[](std::uint32_t i) const noexcept;
    [[nodiscard]] Text text(std::uint32_t i) const;

private:
    Isolate* isolate_;
    void* table_ = nullptr;  // the engine's
    std::uint32_t count_ = 0;
    bool ok_ = true;
};

/// JSON.parse; on bad text a SyntaxError whose message gives line and column is thrown.
[[nodiscard]] Value parse_json(Isolate& js, const std::string& text);
/// JSON.stringify(value, null, indent). undefined for what JSON cannot say; threw() e.g. on cycles.
[[nodiscard]] Value stringify_json(Isolate& js, Ref value, int indent = 0);

/// A promise and the two functions that settle it.
struct Deferred {
    Value promise, resolve, reject;
};
/// promise.threw() when memory is out.
[[nodiscard]] Deferred new_deferred(Isolate& js);
enum class PromiseState : std::uint8_t { not_a_promise, pending, fulfilled, rejected };
[[nodiscard]] PromiseState promise_state(Isolate& js, Ref promise) noexcept;
/// The value or reason of a settled promise; undefined otherwise.
[[nodiscard]] Value promise_result(Isolate& js, Ref promise);
/// promise.then(on_fulfilled, on_rejected)
[[nodiscard]] Value then(Isolate& js, Ref promise, Ref on_fulfilled, Ref on_rejected);

}  // namespace weir::script
