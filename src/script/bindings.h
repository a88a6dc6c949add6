// Bindings: what the host offers to scripts: native modules, classes and globals. Described once.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "script/value.h"

namespace weir::script {

class Isolate;

/// A native function. `self` is `this`; `magic` is the number given where it was registered, so
/// that one function can serve many names. Returns Value::thrown() after throwing; a C++ exception
/// that escapes ends the process. As constructor, `self` is new.target.
using NativeFunction = Value (*)(Isolate& js, Ref self, Args args, int magic) noexcept;

/// Names and spans in specs must outlive the Bindings: string literals and static arrays.
struct FunctionSpec {
    std::string_view name;
    NativeFunction call = nullptr;
    int length = 0;  // the function's `length`
    int magic = 0;
};

/// A member of a class's prototype: method when `call` is set, else an accessor. A name such as
/// "[Symbol.iterator]" means that symbol.
struct MemberSpec {
    std::string_view name;
    NativeFunction call = nullptr;
    NativeFunction get = nullptr;  // args empty
    NativeFunction set = nullptr;  // args[0] is the new value
    int length = 0;
    int magic = 0;
};

/// An own, enumerable property of each object of a class, computed by native code when it is read.
struct FieldSpec {
    std::string_view name;
    NativeFunction get = nullptr;  // args empty
    int magic = 0;
    /// false: computed on the first read, then an ordinary writable property.
    /// true: computed on every read, read-only.
    bool live = false;
};

/// Objects that carry a pointer of the host's. At most 64 fields. The name is unique.
struct ClassSpec {
    std::string_view name;
    /// Called with the pointer when the object dies. Must not touch the isolate. May be null.
    void (*finalize)(void* object) noexcept = nullptr;
    std::span<const MemberSpec> members = {};
    std::span<const FieldSpec> fields = {};
    std::span<const FunctionSpec> statics = {};  // on the constructor
    NativeFunction construct = nullptr;          // null: scripts cannot `new` it
    int construct_length = 0;
};

/// Which class, in the Bindings that registered it.
struct ClassId {
    std::uint32_t index = ~0U;
};

/// A value made when it is first needed in an isolate: a constant, an object with getters, …
struct ValueSpec {
    std::string_view name;
    NativeFunction make = nullptr;
    int magic = 0;
};

struct ClassExport {
    std::string_view name;
    ClassId id;
};

/// `import` of it yields the functions, values and classes by name and a default object that has
/// them all (or `default_export`, when set). Built in an isolate only when imported there, and only
/// the parts that are used.
struct ModuleSpec {
    std::string_view name = {};  // "k6/http"
    std::span<const FunctionSpec> functions = {};
    std::span<const ValueSpec> values = {};
    std::span<const ClassExport> classes = {};
    NativeFunction default_export = nullptr;
};

/// A property of globalThis that costs nothing until it is read.
struct GlobalSpec {
    std::span<const FunctionSpec> functions = {};
    std::span<const ValueSpec> values = {};
    std::span<const ClassExport> classes = {};
};

/// A module's name that is refused with a reason ("was removed from k6; use …").
struct RefusedModule {
    std::string_view name = {};  // exact, or a prefix when it ends with "/"
    std::string_view reason;
};

/// Filled before the first Program is compiled, immutable and shared by all threads from then on.
class Bindings {
public:
    Bindings();
    ~Bindings();
    Bindings(const Bindings&) = delete;
    Bindings& operator=(const Bindings&) = delete;

    /// Each CHECKs that its name is new.
    ClassId add_class(const ClassSpec& spec);
    void add_module(const ModuleSpec& spec);
    void add_globals(const GlobalSpec& spec);
    void refuse_module(const RefusedModule& refused);

    struct Tables;  // engine-facing form, private to this folder
    [[nodiscard]] const Tables& tables() const noexcept { return *tables_; }

private:
    std::unique_ptr<Tables> tables_;
};

/// The class registered under that name; CHECKs that there is one. For code that has no place to
/// keep the id that add_class() gave.
[[nodiscard]] ClassId class_named(Isolate& js, std::string_view name);
/// An object of `id` that owns `object` from now on (finalize runs even if this threw).
[[nodiscard]] Value new_native(Isolate& js, ClassId id, void* object);
/// The pointer inside, or null if `value` is not of that class.
[[nodiscard]] void* native_of(Isolate& js, Ref value, ClassId id) noexcept;
template <typename T>
[[nodiscard]] T* native_as(Isolate& js, Ref value, ClassId id) noexcept {
    return static_cast<T*>(native_of(js, value, id));
}

/// A function that carries one value: `self` of `call` is that value, not `this`.
[[nodiscard]] Value new_function(Isolate& js, const FunctionSpec& spec, Ref captured = {});

}  // namespace weir::script
