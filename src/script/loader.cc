// Loader: a compiled program in one isolate: modules from bytecode, require(), the entry's exports.
#include <cstring>

#include "base/assert.h"
#include "base/format.h"
#include "script/bindings_tables.h"
#include "script/compile/module_path.h"
#include "script/engine.h"
#include "script/program_code.h"

namespace weir::script {

namespace {

const Program::Code& code_of(Isolate& js) {
    return *js.state().code;
}

/// What `specifier` means in `base`; null after throwing.
const std::string* resolve(Isolate& js, std::string_view base, std::string_view specifier) {
    const CompiledModule* from = code_of(js).find(base);
    if (from != nullptr) {
        const auto found = from->imports.find(specifier);
        if (found != from->imports.end()) return &found->second;
    }
    throw_error(
        js, ErrorKind::reference,
        base::format("cannot load '{}' from {}: only modules named in an import statement or "
                     "a require() of a literal are compiled in",
                     specifier, base));
    return nullptr;
}

char* on_normalize(JSContext* context, const char* base, const char* specifier, void*) {
    const std::string* name = resolve(Engine::isolate(context), base, specifier);
    return name == nullptr ? nullptr : js_strndup(context, name->data(), name->size());
}

JSValue read_bytecode(JSContext* context, const CompiledModule& module) {
    return JS_ReadObject(context, module.bytecode.data(), module.bytecode.size(),
                         JS_READ_OBJ_BYTECODE);
}

/// import.meta.resolve(specifier): a file: URL for what is relative. Source: k6 documentation.
Value resolve_meta(Isolate& js, Ref directory, Args args, int) noexcept {
    const Text specifier = (args.empty() ? Ref() : args[0]).to_text(js);
    const Text base = directory.to_text(js);
    if (!specifier.ok() || !base.ok()) return Value::thrown();
    const std::string_view name = specifier.view();
    if (name.starts_with('/')) return new_string(js, "file://" + normal_path(name));
    if (!name.starts_with("./") && !name.starts_with("../")) return new_string(js, name);
    return new_string(js, "file://" + normal_path(base::format("{}/{}", base.view(), name)));
}

bool set_meta(Isolate& js, JSModuleDef* definition, const CompiledModule& module) {
    if (!code_of(js).words.has("meta")) return true;
    static constexpr FunctionSpec resolver = {"resolve", resolve_meta, 1};
    const Value meta = Engine::adopt(js, JS_GetImportMeta(Engine::context(js), definition));
    const Value directory = new_string(js, directory_of(module.path));
    const std::string url =
        module.path.empty() ? "https://" + module.name : "file://" + module.path;
    return !meta.threw() && !directory.threw() && meta.define(js, "url", new_string(js, url)) &&
           meta.define(js, "resolve", new_function(js, resolver, directory));
}

JSModuleDef* load_ecmascript(Isolate& js, std::size_t index) {
    const CompiledModule& module = code_of(js).modules[index];
    JSContext* context = Engine::context(js);
    const JSValue value = read_bytecode(context, module);
    if (JS_IsException(value)) return nullptr;
    CHECK(JS_IsModule(value));
    auto* definition = static_cast<JSModuleDef*>(JS_VALUE_GET_PTR(value));
    JS_FreeValue(context, value);  // the context's list of modules holds it
    js.state().loaded[index] = definition;
    return set_meta(js, definition, module) ? definition : nullptr;
}

/// Runs a CommonJS file once; its `module` object, or threw().
Value run_commonjs(Isolate& js, std::size_t index) {
    JSValue& known = js.state().modules[index];
    if (!JS_IsUndefined(known)) return Engine::borrow(known).own(js);
    const CompiledModule& module = code_of(js).modules[index];
    Value object = new_object(js), exports = new_object(js);
    if (object.threw() || exports.threw() || !object.set(js, "exports", exports.own(js))) {
        return Value::thrown();
    }
    // Known before it runs, so that files that require each other see what is there so far.
    known = Engine::release(object.own(js));
    const Value body = Engine::adopt(
        js, JS_EvalFunction(Engine::context(js), read_bytecode(Engine::context(js), module)));
    const std::string directory = directory_of(module.path);
    const Value require = js.global().get(js, "require"), name = new_string(js, module.path),
                folder = new_string(js, directory);
    const Value done = body.threw()
                           ? Value::thrown()
                           : body.call(js, exports, {exports, require, object, name, folder});
    if (!done.threw()) return object;
    JS_FreeValue(Engine::context(js), std::exchange(js.state().modules[index], JS_UNDEFINED));
    return Value::thrown();
}

Value commonjs_exports(Isolate& js, std::size_t index) {
    const Value module = run_commonjs(js, index);
    return module.threw() ? Value::thrown() : module.get(js, "exports");
}

/// Called by the engine when an ES module that imports a CommonJS file is evaluated.
int on_commonjs_init(JSContext* context, JSModuleDef* definition) {
    Isolate& js = Engine::isolate(context);
    const JSAtom atom = JS_GetModuleName(context, definition);
    const char* name = JS_AtomToCString(context, atom);
    const CompiledModule* module = name == nullptr ? nullptr : code_of(js).find(name);
    JS_FreeCString(context, name);
    JS_FreeAtom(context, atom);
    if (module == nullptr) return -1;
    const auto index = static_cast<std::size_t>(module - code_of(js).modules.data());
    Value exports = commonjs_exports(js, index);
    if (exports.threw()) return -1;
    for (const std::string& wanted : module->wanted) {
        Value value = exports.is_nullish() ? Value::undefined() : exports.get(js, wanted);
        if (value.threw()) return -1;
        if (JS_SetModuleExport(context, definition, wanted.c_str(),
                               Engine::release(std::move(value))) < 0) {
            return -1;
        }
    }
    return JS_SetModuleExport(context, definition, "default", Engine::release(std::move(exports)));
}

JSModuleDef* load_commonjs(Isolate& js, const CompiledModule& module) {
    JSContext* context = Engine::context(js);
    JSModuleDef* definition = JS_NewCModule(context, module.name.c_str(), on_commonjs_init);
    if (definition == nullptr) return nullptr;
    if (JS_AddModuleExport(context, definition, "default") < 0) return nullptr;
    for (const std::string& wanted : module.wanted) {
        if (JS_AddModuleExport(context, definition, wanted.c_str()) < 0) return nullptr;
    }
    return definition;
}

JSModuleDef* on_load(JSContext* context, const char* name, void*) {
    Isolate& js = Engine::isolate(context);
    const CompiledModule* module = code_of(js).find(name);
    if (module == nullptr) return native_module(js, name);
    if (module->kind == ModuleKind::commonjs) return load_commonjs(js, *module);
    return load_ecmascript(js, static_cast<std::size_t>(module - code_of(js).modules.data()));
}

Value namespace_of(Isolate& js, std::size_t index) {
    JSModuleDef* definition = js.state().loaded[index];
    CHECK(definition != nullptr);
    return Engine::adopt(js, JS_GetModuleNamespace(Engine::context(js), definition));
}

/// require() of an ES module: only one that needs no waiting can be had at once.
Value require_ecmascript(Isolate& js, std::size_t index) {
    const Value promise = evaluate_module(js, index);
    if (promise.threw()) return Value::thrown();
    switch (promise_state(js, promise)) {
        case PromiseState::fulfilled:
            return namespace_of(js, index);
        case PromiseState::rejected:
            return throw_value(js, promise_result(js, promise));
        case PromiseState::pending:
        case PromiseState::not_a_promise:
            break;
    }
    return throw_error(js,
                       base::format("require('{}'): the module awaits at its top level; import it",
                                    code_of(js).modules[index].name));
}

Value require_named(Isolate& js, std::string_view base, std::string_view specifier) {
    const std::string* name = resolve(js, base, specifier);
    if (name == nullptr) return Value::thrown();
    const CompiledModule* module = code_of(js).find(*name);
    if (module == nullptr) return native_module_object(js, *name);
    const auto index = static_cast<std::size_t>(module - code_of(js).modules.data());
    return module->kind == ModuleKind::commonjs ? commonjs_exports(js, index)
                                                : require_ecmascript(js, index);
}

JSValue on_require(JSContext* context, JSValueConst, int argc, JSValueConst* argv) {
    Isolate& js = Engine::isolate(context);
    const Text specifier = argc > 0 ? Engine::borrow(argv[0]).to_text(js) : Text();
    if (argc == 0)
        return Engine::release(throw_error(js, ErrorKind::type, "require() needs a name"));
    if (!specifier.ok()) return JS_EXCEPTION;
    const JSAtom caller = JS_GetScriptOrModuleName(context, 1);
    const char* base = caller == JS_ATOM_NULL ? nullptr : JS_AtomToCString(context, caller);
    Value out = require_named(js, base == nullptr ? "" : base, specifier.view());
    JS_FreeCString(context, base);
    JS_FreeAtom(context, caller);
    return Engine::release(std::move(out));
}

bool define_require(Isolate& js) {
    if (!code_of(js).words.has("require")) return true;
    JSContext* context = Engine::context(js);
    return js.global().define(js, "require",
                              Engine::adopt(js, JS_NewCFunction(context, on_require, "require", 1)),
                              Property::hidden);
}

}  // namespace

Value evaluate_module(Isolate& js, std::size_t index) {
    JSModuleDef* definition = js.state().loaded[index];
    if (definition == nullptr) definition = load_ecmascript(js, index);
    if (definition == nullptr) return Value::thrown();
    JSContext* context = Engine::context(js);
    const JSValue module = JS_DupValue(context, JS_MKPTR(JS_TAG_MODULE, definition));
    return Engine::adopt(js, JS_EvalFunction(context, module));
}

std::string Isolate::calling_file() {
    // Native functions lie over the script's own frames, never deep.
    constexpr int deepest = 8;
    for (int level = 0; level < deepest; ++level) {
        const JSAtom atom = JS_GetScriptOrModuleName(state_->context, level);
        if (atom == JS_ATOM_NULL) continue;
        const char* name = JS_AtomToCString(state_->context, atom);
        const CompiledModule* module =
            name == nullptr || state_->code == nullptr ? nullptr : state_->code->find(name);
        JS_FreeCString(state_->context, name);
        JS_FreeAtom(state_->context, atom);
        if (module != nullptr) return module->path;
    }
    return {};
}

void install_loader(Isolate& js) {
    Isolate::State& state = js.state();
    const std::size_t count = state.code->modules.size();
    state.loaded.assign(count, nullptr);
    state.modules.assign(count, JS_UNDEFINED);
    JS_SetModuleLoaderFunc(state.runtime, on_normalize, on_load, nullptr);
}

bool Isolate::define_globals() {
    return script::define_globals(*this) && (state_->code == nullptr || define_require(*this));
}

Value Isolate::run_program() {
    CHECK(state_->code != nullptr);
    if (!define_globals()) return Value::thrown();
    for (const std::size_t index : state_->code->polyfills) {
        if (evaluate_module(*this, index).threw()) return Value::thrown();
    }
    if (state_->code->modules.front().kind == ModuleKind::ecmascript)
        return evaluate_module(*this, 0);
    if (run_commonjs(*this, 0).threw()) return Value::thrown();
    return Engine::adopt(*this, JS_NewSettledPromise(state_->context, false, JS_UNDEFINED));
}

Value Isolate::exports() {
    CHECK(state_->code != nullptr);
    if (state_->code->modules.front().kind == ModuleKind::ecmascript) return namespace_of(*this, 0);
    return commonjs_exports(*this, 0);
}

}  // namespace weir::script
