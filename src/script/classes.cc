// Classes: native objects in the engine: their fields, prototypes, constructors and end.
#include <algorithm>

#include "base/assert.h"
#include "script/bindings_tables.h"
#include "script/engine.h"

namespace weir::script {

namespace {

using Tables = Bindings::Tables;

JSValue on_construct(
    JSContext* context, JSValueConst target, int argc, JSValueConst* argv, int index) {
    Isolate& js = Engine::isolate(context);
    const auto& made = js.state().tables->classes[static_cast<std::size_t>(index)];
    if (made.construct == Tables::none) {
        return JS_ThrowTypeError(context, "%s cannot be constructed by a script",
                                 made.name.c_str());
    }
    const Tables::Native& native = js.state().tables->at(made.construct);
    const JSValue object =
        Engine::enter(js, native.call, target, engine_span(argc, argv), native.magic);
    const JSValue ours = js.state().constructors[static_cast<std::size_t>(index)];
    if (!JS_IsObject(object) || JS_IsStrictEqual(context, target, ours)) return object;
    // `class Mine extends Native`: the object is to have Mine's methods.
    const JSValue prototype = JS_GetPropertyStr(context, target, "prototype");
    const bool ok = !JS_IsException(prototype) && JS_SetPrototype(context, object, prototype) >= 0;
    JS_FreeValue(context, prototype);
    if (ok) return object;
    JS_FreeValue(context, object);
    return JS_EXCEPTION;
}

/// State of an object whose class has fields.
struct Carried {
    void* object;
    JSValue* cache;        // one a field, made on the first read
    std::uint64_t cached;  // bit a field: cache holds it
    std::uint64_t gone;    // bit a field: the script deleted it
};

std::size_t class_index(Isolate& js, JSValueConst object) noexcept {
    return JS_GetClassID(object) - js.state().first_class;
}

struct FieldPlace {
    Carried* carried = nullptr;
    const FieldSpec* field = nullptr;  // null: no such field
    std::size_t index = 0;
    [[nodiscard]] std::uint64_t bit() const noexcept { return std::uint64_t{1} << index; }
};

FieldPlace find_field(Isolate& js, JSValueConst object, JSAtom name) noexcept {
    const std::size_t which = class_index(js, object);
    const std::vector<JSAtom>& names = js.state().class_fields[which];
    FieldPlace place;
    place.carried = static_cast<Carried*>(JS_GetOpaque(object, JS_GetClassID(object)));
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end() || place.carried == nullptr) return place;
    place.index = static_cast<std::size_t>(found - names.begin());
    place.field = &js.state().tables->classes[which].fields[place.index];
    return place;
}

bool store(JSContext* context, const FieldPlace& place, JSValue value, std::size_t fields) {
    Carried& carried = *place.carried;
    if (carried.cache == nullptr) {
        carried.cache = static_cast<JSValue*>(js_calloc(context, fields, sizeof(JSValue)));
        if (carried.cache == nullptr) {
            JS_FreeValue(context, value);
            return false;
        }
    }
    const JSValue before =
        (carried.cached & place.bit()) != 0 ? carried.cache[place.index] : JS_UNDEFINED;
    carried.cache[place.index] = value;
    carried.cached |= place.bit();
    carried.gone &= ~place.bit();
    JS_FreeValue(context, before);
    return true;
}

JSValue read_field(JSContext* context, const FieldPlace& place, JSValueConst object) {
    Isolate& js = Engine::isolate(context);
    if ((place.carried->cached & place.bit()) != 0) {
        return JS_DupValue(context, place.carried->cache[place.index]);
    }
    const JSValue made = Engine::enter(js, place.field->get, object, {}, place.field->magic);
    if (JS_IsException(made) || place.field->live) return made;
    const std::size_t fields = js.state().class_fields[class_index(js, object)].size();
    if (!store(context, place, JS_DupValue(context, made), fields)) {
        JS_FreeValue(context, made);
        return JS_EXCEPTION;
    }
    return made;
}

int field_get(JSContext* context, JSPropertyDescriptor* out, JSValueConst object, JSAtom name) {
    const FieldPlace place = find_field(Engine::isolate(context), object, name);
    if (place.field == nullptr || (place.carried->gone & place.bit()) != 0) return 0;
    if (out == nullptr) return 1;
    const JSValue value = read_field(context, place, object);
    if (JS_IsException(value)) return -1;
    out->flags = place.field->live ? JS_PROP_CONFIGURABLE | JS_PROP_ENUMERABLE : JS_PROP_C_W_E;
    out->value = value;
    out->getter = JS_UNDEFINED;
    out->setter = JS_UNDEFINED;
    return 1;
}

int field_names(JSContext* context,
                JSPropertyEnum** out,
                std::uint32_t* count,
                JSValueConst object) {
    Isolate& js = Engine::isolate(context);
    const std::vector<JSAtom>& names = js.state().class_fields[class_index(js, object)];
    const auto* carried = static_cast<Carried*>(JS_GetOpaque(object, JS_GetClassID(object)));
    auto* table =
        static_cast<JSPropertyEnum*>(js_malloc(context, names.size() * sizeof(JSPropertyEnum)));
    if (table == nullptr) return -1;
    std::uint32_t used = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (carried == nullptr || (carried->gone >> i & 1U) != 0) continue;
        table[used++] = {true, JS_DupAtom(context, names[i])};
    }
    *out = table;
    *count = used;
    return 0;
}

int field_delete(JSContext* context, JSValueConst object, JSAtom name) {
    const FieldPlace place = find_field(Engine::isolate(context), object, name);
    if (place.field == nullptr) return 1;
    place.carried->gone |= place.bit();
    if ((place.carried->cached & place.bit()) != 0) {
        place.carried->cached &= ~place.bit();
        JS_FreeValue(context, std::exchange(place.carried->cache[place.index], JS_UNDEFINED));
    }
    return 1;
}

int field_define(JSContext* context,
                 JSValueConst object,
                 JSAtom name,
                 JSValueConst value,
                 JSValueConst getter,
                 JSValueConst setter,
                 int flags) {
    Isolate& js = Engine::isolate(context);
    const FieldPlace place = find_field(js, object, name);
    if (place.field == nullptr) {
        return JS_DefineProperty(context, object, name, value, getter, setter,
                                 flags | JS_PROP_NO_EXOTIC);
    }
    if ((flags & JS_PROP_HAS_VALUE) == 0) return 1;  // Object.freeze: these stay as they are
    if (place.field->live) {
        JS_ThrowTypeError(context, "this property is read-only");
        return -1;
    }
    const std::size_t fields = js.state().class_fields[class_index(js, object)].size();
    return store(context, place, JS_DupValue(context, value), fields) ? 1 : -1;
}

Isolate& isolate_of(JSRuntime* runtime) noexcept {
    return *static_cast<Isolate*>(JS_GetRuntimeOpaque(runtime));
}

void on_finalize(JSRuntime* runtime, JSValueConst value) {
    Isolate& js = isolate_of(runtime);
    const auto& made = js.state().tables->classes[class_index(js, value)];
    void* object = JS_GetOpaque(value, JS_GetClassID(value));
    if (object == nullptr) return;
    if (!made.fields.empty()) {
        auto* carried = static_cast<Carried*>(object);
        object = carried->object;
        for (std::size_t i = 0; i < made.fields.size() && carried->cache != nullptr; ++i) {
            if ((carried->cached >> i & 1U) != 0) JS_FreeValueRT(runtime, carried->cache[i]);
        }
        js_free_rt(runtime, carried->cache);
        js_free_rt(runtime, carried);
    }
    if (made.finalize != nullptr) made.finalize(object);
}

void on_mark(JSRuntime* runtime, JSValueConst value, JS_MarkFunc* mark) {
    const auto* carried = static_cast<Carried*>(JS_GetOpaque(value, JS_GetClassID(value)));
    if (carried == nullptr || carried->cache == nullptr) return;
    const auto& made =
        isolate_of(runtime).state().tables->classes[class_index(isolate_of(runtime), value)];
    for (std::size_t i = 0; i < made.fields.size(); ++i) {
        if ((carried->cached >> i & 1U) != 0) JS_MarkValue(runtime, carried->cache[i], mark);
    }
}

/// Registers the class in this isolate when it is first needed. False: out of memory.
bool ensure_class(Isolate& js, std::uint32_t index) {
    Isolate::State& state = js.state();
    if (state.class_ready[index]) return true;
    const auto& made = state.tables->classes[index];
    const JSClassID id = state.first_class + index;
    if (!JS_IsRegisteredClass(state.runtime, id) &&
        JS_NewClass(state.runtime, id, &made.definition) < 0) {
        return false;
    }
    const JSValue prototype = JS_NewObject(state.context);
    if (JS_IsException(prototype)) return false;
    JS_SetPropertyFunctionList(state.context, prototype, made.members.data(),
                               static_cast<int>(made.members.size()));
    JS_SetClassProto(state.context, id, prototype);
    auto& names = state.class_fields[index];
    for (const FieldSpec& field : made.fields) {
        names.push_back(JS_NewAtomLen(state.context, field.name.data(), field.name.size()));
    }
    state.class_ready[index] = true;
    return true;
}

}  // namespace

JSValue constructor_of(Isolate& js, std::uint32_t index) {
    Isolate::State& state = js.state();
    if (!ensure_class(js, index)) return JS_ThrowOutOfMemory(state.context);
    JSValue& known = state.constructors[index];
    if (!JS_IsUndefined(known)) return JS_DupValue(state.context, known);
    const auto& made = state.tables->classes[index];
    const JSValue constructor =
        JS_NewCFunctionMagic(state.context, on_construct, made.name.c_str(), made.construct_length,
                             JS_CFUNC_constructor_magic, static_cast<int>(index));
    if (JS_IsException(constructor)) return constructor;
    const JSValue prototype = JS_GetClassProto(state.context, state.first_class + index);
    JS_SetConstructor(state.context, constructor, prototype);
    JS_FreeValue(state.context, prototype);
    JS_SetPropertyFunctionList(state.context, constructor, made.statics.data(),
                               static_cast<int>(made.statics.size()));
    known = JS_DupValue(state.context, constructor);
    return constructor;
}

JSClassExoticMethods field_methods() {
    JSClassExoticMethods methods{};
    methods.get_own_property = field_get;
    methods.get_own_property_names = field_names;
    methods.delete_property = field_delete;
    methods.define_own_property = field_define;
    return methods;
}

JSClassDef class_definition(const char* name, JSClassExoticMethods* fields) {
    JSClassDef definition{};
    definition.class_name = name;
    definition.finalizer = on_finalize;
    definition.gc_mark = fields != nullptr ? on_mark : nullptr;
    definition.exotic = fields;
    return definition;
}

void prepare_classes(Isolate& js) {
    Isolate::State& state = js.state();
    const std::size_t count = state.tables->classes.size();
    for (std::size_t i = 0; i < count; ++i) {
        JSClassID id = JS_INVALID_CLASS_ID;
        JS_NewClassID(state.runtime, &id);
        if (i == 0) state.first_class = id;
        CHECK(id == state.first_class + i);
    }
    state.class_fields.resize(count);
    state.class_ready.resize(count);
    state.constructors.assign(count, JS_UNDEFINED);
}

ClassId class_named(Isolate& js, std::string_view name) {
    const auto& index = js.state().tables->class_index;
    const auto found = index.find(name);
    CHECK(found != index.end());
    return ClassId{found->second};
}

Value new_native(Isolate& js, ClassId id, void* object) {
    Isolate::State& state = js.state();
    const auto& made = state.tables->classes[id.index];
    void* carried = object;
    JSValue value = JS_EXCEPTION;
    if (ensure_class(js, id.index)) {
        value = JS_NewObjectClass(state.context, state.first_class + id.index);
    }
    if (!JS_IsException(value) && !made.fields.empty()) {
        carried = js_calloc(state.context, 1, sizeof(Carried));
        if (carried != nullptr) static_cast<Carried*>(carried)->object = object;
    }
    if (JS_IsException(value) || (carried == nullptr && object != nullptr)) {
        JS_FreeValue(state.context, value);
        if (made.finalize != nullptr && object != nullptr) made.finalize(object);
        return Value::thrown();
    }
    JS_SetOpaque(value, carried);
    return Engine::adopt(js, value);
}

void* native_of(Isolate& js, Ref value, ClassId id) noexcept {
    const Isolate::State& state = js.state();
    void* object = JS_GetOpaque(Engine::raw(value), state.first_class + id.index);
    if (object == nullptr || state.tables->classes[id.index].fields.empty()) return object;
    return static_cast<Carried*>(object)->object;
}

}  // namespace weir::script
