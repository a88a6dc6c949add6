// Bindings::Tables: modules, classes and globals in the form the engine reads; private to this
// folder.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "quickjs.h"
#include "script/bindings.h"

namespace weir::script {

/// Never changes while isolates exist: they all point into it.
struct Bindings::Tables {
    /// The engine calls natives by a 16-bit number: the index in `natives`.
    struct Native {
        NativeFunction call = nullptr;
        NativeFunction set = nullptr;
        int magic = 0;
    };
    using Index = std::int16_t;
    static constexpr Index none = -1;

    struct Class {
        std::string name;
        void (*finalize)(void*) noexcept = nullptr;
        std::vector<JSCFunctionListEntry> members;
        std::vector<JSCFunctionListEntry> statics;
        std::vector<FieldSpec> fields;
        Index construct = none;
        int construct_length = 0;
        JSClassDef definition{};
    };
    struct NamedValue {
        const char* name;
        Index make;
    };
    struct NamedClass {
        const char* name;
        std::uint32_t index;
    };
    /// A module's exports, or the globals.
    struct Module {
        std::string name;
        std::vector<JSCFunctionListEntry> functions;
        std::vector<NamedValue> values;
        std::vector<NamedClass> classes;
        Index default_export = none;

        [[nodiscard]] std::vector<std::string> export_names() const;
    };
    struct Refused {
        std::string name;
        std::string reason;
    };

    std::vector<Native> natives;
    std::deque<Class> classes;
    std::deque<Module> modules;
    base::TextMap<std::size_t> module_index;
    base::TextMap<std::uint32_t> class_index;
    Module globals;
    std::vector<Refused> refused;
    std::deque<std::string> names;  // zero-terminated, for the engine
    JSClassExoticMethods fields{};  // how the engine asks for fields; the same for all classes

    [[nodiscard]] const Native& at(int index) const {
        return natives[static_cast<std::size_t>(index)];
    }
    [[nodiscard]] const Module* find_module(std::string_view name) const;
    /// Why a module of that name is not offered; empty when nothing is known of it.
    [[nodiscard]] std::string_view refusal(std::string_view name) const;

    Index add(NativeFunction call, NativeFunction set, int magic);
    const char* keep(std::string_view name);
    void fill(Module& module,
              std::span<const FunctionSpec> functions,
              std::span<const ValueSpec> values,
              std::span<const ClassExport> exported);
};

/// natives.cc: what the engine calls.
[[nodiscard]] JSCFunctionListEntry method_entry(const char* name, int length, std::int16_t native);
[[nodiscard]] JSCFunctionListEntry accessor_entry(const char* name,
                                                  bool writable,
                                                  std::int16_t native);
/// classes.cc
[[nodiscard]] JSClassExoticMethods field_methods();
/// `fields` is null for a class without any.
[[nodiscard]] JSClassDef class_definition(const char* name, JSClassExoticMethods* fields);

}  // namespace weir::script
