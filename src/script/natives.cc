// Natives: where the engine calls us and where native modules, classes and globals come to life.
#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "script/bindings_tables.h"
#include "script/engine.h"
#include "script/program_code.h"

namespace weir::script {

namespace {

using Tables = Bindings::Tables;

JSValue on_call(JSContext* context, JSValueConst self, int argc, JSValueConst* argv, int index) {
    Isolate& js = Engine::isolate(context);
    const Tables::Native& native = js.state().tables->at(index);
    return Engine::enter(js, native.call, self, engine_span(argc, argv), native.magic);
}

JSValue on_get(JSContext* context, JSValueConst self, int index) {
    Isolate& js = Engine::isolate(context);
    const Tables::Native& native = js.state().tables->at(index);
    return Engine::enter(js, native.call, self, {}, native.magic);
}

JSValue on_set(JSContext* context, JSValueConst self, JSValueConst value, int index) {
    Isolate& js = Engine::isolate(context);
    const Tables::Native& native = js.state().tables->at(index);
    return Engine::enter(js, native.set, self, engine_span(1, &value), native.magic);
}

JSValue on_captured(
    JSContext* context, JSValueConst, int argc, JSValueConst* argv, int magic, JSValueConst* data) {
    Isolate& js = Engine::isolate(context);
    NativeFunction call = nullptr;
    std::memcpy(&call, &data[0].u.ptr, sizeof(call));
    return Engine::enter(js, call, data[1], engine_span(argc, argv), magic);
}

JSValue make_value(Isolate& js, Tables::Index make) {
    const Tables::Native& native = js.state().tables->at(make);
    return Engine::enter(js, native.call, JS_UNDEFINED, {}, native.magic);
}

bool says(Isolate& js, const char* name) {
    return js.state().code == nullptr || js.state().code->words.has(name);
}

/// Functions cost nothing until called; values and classes are left out when no source names them.
bool put_all(Isolate& js, const Tables::Module& module, JSValueConst object) {
    JSContext* context = Engine::context(js);
    if (JS_SetPropertyFunctionList(context, object, module.functions.data(),
                                   static_cast<int>(module.functions.size())) < 0) {
        return false;
    }
    constexpr int flags = JS_PROP_C_W_E;
    for (const auto& value : module.values) {
        if (!says(js, value.name)) continue;
        const JSValue made = make_value(js, value.make);
        if (JS_IsException(made)) return false;
        if (JS_DefinePropertyValueStr(context, object, value.name, made, flags) < 0) return false;
    }
    for (const auto& exported : module.classes) {
        if (!says(js, exported.name)) continue;
        const JSValue made = constructor_of(js, exported.index);
        if (JS_IsException(made)) return false;
        if (JS_DefinePropertyValueStr(context, object, exported.name, made, flags) < 0)
            return false;
    }
    return true;
}

JSValue make_default(Isolate& js, const Tables::Module& module) {
    if (module.default_export != Tables::none) return make_value(js, module.default_export);
    const JSValue object = JS_NewObject(Engine::context(js));
    if (JS_IsException(object) || put_all(js, module, object)) return object;
    JS_FreeValue(Engine::context(js), object);
    return JS_EXCEPTION;
}

JSValue make_export(Isolate& js, const Tables::Module& module, std::string_view name) {
    if (name == "default") return make_default(js, module);
    for (const auto& function : module.functions) {
        if (name != function.name) continue;
        return JS_NewCFunctionMagic(Engine::context(js), on_call, function.name,
                                    function.u.func.length, JS_CFUNC_generic_magic, function.magic);
    }
    for (const auto& value : module.values) {
        if (name == value.name) return make_value(js, value.make);
    }
    for (const auto& exported : module.classes) {
        if (name == exported.name) return constructor_of(js, exported.index);
    }
    return JS_UNDEFINED;
}

/// What the program's import statements ask of the module, of what it has.
std::vector<std::string> wanted_exports(Isolate& js, const Tables::Module& module) {
    std::vector<std::string> exported = module.export_names();
    const Program::Code* code = js.state().code;
    if (code == nullptr) return exported;
    const auto found = code->native_names.find(module.name);
    if (found == code->native_names.end()) return exported;
    const auto& names = found->second;
    const auto asked_for = [&](std::string_view name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (!asked_for("*"))
        std::erase_if(exported, [&](const auto& name) { return !asked_for(name); });
    return exported;
}

/// Called by the engine when the module is evaluated.
int on_module_init(JSContext* context, JSModuleDef* definition) {
    Isolate& js = Engine::isolate(context);
    const JSAtom atom = JS_GetModuleName(context, definition);
    const char* name = JS_AtomToCString(context, atom);
    const Tables::Module* module = name == nullptr ? nullptr : js.state().tables->find_module(name);
    JS_FreeCString(context, name);
    JS_FreeAtom(context, atom);
    if (module == nullptr) return -1;
    for (const std::string& exported : wanted_exports(js, *module)) {
        const JSValue value = make_export(js, *module, exported);
        if (JS_IsException(value)) return -1;
        if (JS_SetModuleExport(context, definition, exported.c_str(), value) < 0) return -1;
    }
    return 0;
}

}  // namespace

JSValue Engine::enter(
    Isolate& js, NativeFunction call, JSValue self, Args args, int magic) noexcept {
    if (js.cancelled()) return release(js.throw_cancelled());
    Value out = call(js, borrow(self), args, magic);
    if (js.cancelled() && !out.threw()) out = js.throw_cancelled();
    return release(std::move(out));
}

JSCFunctionListEntry method_entry(const char* name, int length, std::int16_t native) {
    JSCFunctionListEntry entry{};
    entry.name = name;
    entry.prop_flags = JS_PROP_C_W_E;
    entry.def_type = JS_DEF_CFUNC;
    entry.magic = native;
    entry.u.func.length = static_cast<std::uint8_t>(length);
    entry.u.func.cproto = JS_CFUNC_generic_magic;
    entry.u.func.cfunc.generic_magic = on_call;
    return entry;
}

JSCFunctionListEntry accessor_entry(const char* name, bool writable, std::int16_t native) {
    JSCFunctionListEntry entry{};
    entry.name = name;
    entry.prop_flags = JS_PROP_CONFIGURABLE | JS_PROP_ENUMERABLE;
    entry.def_type = JS_DEF_CGETSET_MAGIC;
    entry.magic = native;
    entry.u.getset.get.getter_magic = on_get;
    entry.u.getset.set.setter_magic = writable ? on_set : nullptr;
    return entry;
}

bool define_globals(Isolate& js) {
    JSContext* context = Engine::context(js);
    const JSValue global = JS_GetGlobalObject(context);
    const bool ok = put_all(js, js.state().tables->globals, global);
    JS_FreeValue(context, global);
    return ok;
}

JSModuleDef* native_module(Isolate& js, const char* name) {
    const Tables::Module* module = js.state().tables->find_module(name);
    CHECK(module != nullptr);
    JSContext* context = Engine::context(js);
    JSModuleDef* definition = JS_NewCModule(context, name, on_module_init);
    if (definition == nullptr) return nullptr;
    for (const std::string& exported : wanted_exports(js, *module)) {
        if (JS_AddModuleExport(context, definition, exported.c_str()) < 0) return nullptr;
    }
    return definition;
}

Value native_module_object(Isolate& js, std::string_view name) {
    const Tables::Module* module = js.state().tables->find_module(name);
    if (module == nullptr) return Value::undefined();
    return Engine::adopt(js, make_default(js, *module));
}

Value new_function(Isolate& js, const FunctionSpec& spec, Ref captured) {
    JSContext* context = Engine::context(js);
    JSValue data[2] = {JS_MKVAL(JS_TAG_INT, 0), Engine::raw(captured)};
    std::memcpy(&data[0].u.ptr, &spec.call, sizeof(spec.call));  // an "int" no script ever sees
    const std::string name(spec.name);
    return Engine::adopt(js, JS_NewCFunctionData2(context, on_captured, name.c_str(), spec.length,
                                                  spec.magic, 2, data));
}

}  // namespace weir::script
