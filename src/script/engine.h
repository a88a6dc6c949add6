// Engine: the private side of this folder, where our types and the engine's are the same thing.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "quickjs.h"
#include "script/bindings.h"
#include "script/isolate.h"
#include "script/program.h"
#include "script/value.h"

namespace weir::script {

/// Parts of the standard library that an isolate may do without.
enum class Feature : std::uint8_t {
    date,
    regexp,
    proxy,
    map_set,
    typed_arrays,
    weak_ref,
    base64,
    dom_exception,
    performance,
    count
};

/// What one isolate's engine holds of the system's memory: its arenas of small blocks and large
/// blocks.
struct Heap {
    std::size_t bytes = 0;
    std::size_t limit = 0;  // 0: none
    bool refused = false;   // the limit was met since this was last asked
    /// Whether `more` bytes may be taken.
    [[nodiscard]] bool allows(std::size_t more) noexcept {
        if (limit == 0 || (more <= limit && bytes <= limit - more)) return true;
        refused = true;
        return false;
    }
};

struct Isolate::State {
    Heap heap;
    JSRuntime* runtime = nullptr;
    JSContext* context = nullptr;
    const Bindings::Tables* tables = nullptr;
    const Program::Code* code = nullptr;  // null without a program
    Limits limits;
    SliceClock clock;
    base::Instant slice_start{};
    std::size_t collected_at = 0;                   // heap bytes after the last collection
    std::uint32_t features = 0;                     // bit per Feature
    JSClassID first_class = 0;                      // class i of the bindings is first_class + i
    std::vector<std::vector<JSAtom>> class_fields;  // by class; empty until the class is first used
    std::vector<bool> class_ready;
    std::vector<JSValue> constructors;  // by class; undefined until exported
    struct Rejection {
        JSValue promise;
        JSValue reason;
    };
    std::vector<Rejection> rejections;
    std::vector<JSModuleDef*> loaded;  // by module index; null: not read yet, or CommonJS
    std::vector<JSValue> modules;  // CommonJS `module` objects by module index; undefined: not run
};

/// Passes between owned values and the engine's; the only friend that may.
struct Engine {
    [[nodiscard]] static JSValue raw(Ref ref) noexcept { return std::bit_cast<JSValue>(ref.raw_); }
    [[nodiscard]] static Ref borrow(JSValue value) noexcept {
        return Ref(std::bit_cast<Raw>(value));
    }
    /// Takes over the caller's count.
    [[nodiscard]] static Value adopt(Isolate& js, JSValue value) noexcept {
        return {&js, std::bit_cast<Raw>(value)};
    }
    /// Hands the count over to the caller.
    [[nodiscard]] static JSValue release(Value&& value) noexcept {
        const JSValue out = raw(value);
        value.raw_ = Ref().raw();
        return out;
    }
    [[nodiscard]] static JSContext* context(Isolate& js) noexcept { return js.state_->context; }
    [[nodiscard]] static Isolate& isolate(JSContext* context) noexcept {
        return *static_cast<Isolate*>(JS_GetContextOpaque(context));
    }
    /// The one way from script into native code. A cancelled script gets no further here.
    [[nodiscard]] static JSValue enter(
        Isolate& js, NativeFunction call, JSValue self, Args args, int magic) noexcept;
    [[nodiscard]] static int interrupt(Isolate& js) noexcept;
    /// For a program that is still being compiled.
    [[nodiscard]] static std::unique_ptr<Isolate> make(const Bindings& bindings,
                                                       const Program::Code& code,
                                                       const Limits& limits) {
        return std::unique_ptr<Isolate>(new Isolate(bindings, &code, limits, {}, nullptr));
    }
    static void ensure(Isolate& js, Feature feature) noexcept;
};

/// The engine's arguments as ours: the same bytes.
[[nodiscard]] inline Args engine_span(int count, JSValue* values) noexcept {
    // NOLINTNEXTLINE: same layout, asserted in value.cc.
    return {reinterpret_cast<const Ref*>(values), static_cast<std::size_t>(count)};
}

/// classes.cc
void prepare_classes(Isolate& js);
[[nodiscard]] JSValue constructor_of(Isolate& js, std::uint32_t index);

/// natives.cc
[[nodiscard]] bool define_globals(Isolate& js);
[[nodiscard]] JSModuleDef* native_module(Isolate& js, const char* name);
/// The default export of a native module, made anew; undefined when there is no such module.
[[nodiscard]] Value native_module_object(Isolate& js, std::string_view name);

/// loader.cc
void install_loader(Isolate& js);
/// Loads (once), links and evaluates an ES module of the program: its promise.
[[nodiscard]] Value evaluate_module(Isolate& js, std::size_t index);

/// "file:line:column" of where it can be found in `stack` text; used by error.cc
[[nodiscard]] std::vector<Frame> parse_stack(std::string_view stack, const Program::Code* code);

}  // namespace weir::script
