// URLSearchParams, alone or as the searchParams of a URL.
#include <algorithm>

#include "script/isolate.h"
#include "script/web/url.h"

namespace weir::script {

namespace {

constexpr std::string_view class_name = "URLSearchParams";

UrlHandle* handle_of(Isolate& js, Ref value) {
    return native_as<UrlHandle>(js, value, class_named(js, class_name));
}

UrlState* state_of(Isolate& js, Ref self) {
    const UrlHandle* handle = handle_of(js, self);
    if (handle != nullptr) return handle->get();
    throw_error(js, ErrorKind::type, "this is not a URLSearchParams");
    return nullptr;
}

std::optional<std::string> text_at(Isolate& js, Args args, std::size_t index) {
    const Text text = (index < args.size() ? args[index] : Ref()).to_text(js);
    if (!text.ok()) return std::nullopt;
    return text.str();
}

/// `[["a", "1"], …]`. False: threw.
bool read_sequence(Isolate& js, Ref list, FormPairs& out) {
    const auto length = list.length(js);
    if (!length) return false;
    for (std::uint32_t i = 0; i < *length; ++i) {
        const Value pair = list.at(js, i);
        if (pair.threw()) return false;
        const Value name = pair.at(js, 0), value = pair.at(js, 1);
        if (name.threw() || value.threw()) return false;
        const Text name_text = name.to_text(js), value_text = value.to_text(js);
        if (!name_text.ok() || !value_text.ok()) return false;
        out.emplace_back(name_text.str(), value_text.str());
    }
    return true;
}

bool read_record(Isolate& js, Ref record, FormPairs& out) {
    const auto keys = own_keys(js, record);
    if (!keys) return false;
    for (const std::string& key : *keys) {
        const Value value = record.get(js, key);
        const Text text = value.threw() ? Text() : value.to_text(js);
        if (!text.ok()) return false;
        out.emplace_back(key, text.str());
    }
    return true;
}

/// A Map, FormData or another thing that iterates over pairs, as an array; undefined if it does
/// not.
Value as_list(Isolate& js, Ref source) {
    const Value array = js.global().get(js, "Array");
    const Value symbol = js.global().get(js, "Symbol").get(js, "iterator");
    const Value reflect = js.global().get(js, "Reflect");
    const Ref arguments[] = {source, symbol};
    const Value iterate = reflect.invoke(js, "get", arguments);
    if (iterate.threw()) return Value::thrown();
    if (!iterate.is_function(js)) return {};
    return array.invoke(js, "from", Args(arguments, 1));
}

bool read_init(Isolate& js, Ref init, FormPairs& out) {
    if (!init.is_object()) {
        const Text text = init.to_text(js);
        if (!text.ok()) return false;
        out = parse_form(text.view().substr(text.view().starts_with('?')));
        return true;
    }
    if (const UrlHandle* other = handle_of(js, init)) {
        out = (*other)->pairs;
        return true;
    }
    if (init.is_array()) return read_sequence(js, init, out);
    const Value list = as_list(js, init);
    if (list.threw()) return false;
    return list.is_array() ? read_sequence(js, list, out) : read_record(js, init, out);
}

Value construct(Isolate& js, Ref, Args args, int) noexcept {
    auto state = std::make_shared<UrlState>();
    if (!args.empty() && !args[0].is_undefined() && !read_init(js, args[0], state->pairs)) {
        return Value::thrown();
    }
    return new_search_params(js, state);
}

Value append(Isolate& js, Ref self, Args args, int) noexcept {
    UrlState* state = state_of(js, self);
    auto name = text_at(js, args, 0), value = text_at(js, args, 1);
    if (state == nullptr || !name || !value) return Value::thrown();
    state->pairs.emplace_back(std::move(*name), std::move(*value));
    state->pairs_changed();
    return {};
}

Value set(Isolate& js, Ref self, Args args, int) noexcept {
    UrlState* state = state_of(js, self);
    const auto name = text_at(js, args, 0), value = text_at(js, args, 1);
    if (state == nullptr || !name || !value) return Value::thrown();
    FormPairs& pairs = state->pairs;
    const auto same = [&](const auto& pair) { return pair.first == *name; };
    const auto first = std::find_if(pairs.begin(), pairs.end(), same);
    if (first == pairs.end()) {
        pairs.emplace_back(*name, *value);
    } else {
        first->second = *value;
        pairs.erase(std::remove_if(first + 1, pairs.end(), same), pairs.end());
    }
    state->pairs_changed();
    return {};
}

/// delete(name, value?) and has(name, value?) look for the same pairs.
struct Wanted {
    std::string name;
    std::optional<std::string> value;
    bool operator()(const std::pair<std::string, std::string>& pair) const {
        return pair.first == name && (!value || pair.second == *value);
    }
};

std::optional<Wanted> read_wanted(Isolate& js, Args args) {
    auto name = text_at(js, args, 0);
    if (!name) return std::nullopt;
    Wanted wanted{std::move(*name), std::nullopt};
    if (args.size() < 2 || args[1].is_undefined()) return wanted;
    wanted.value = text_at(js, args, 1);
    if (!wanted.value) return std::nullopt;
    return wanted;
}

Value remove(Isolate& js, Ref self, Args args, int) noexcept {
    UrlState* state = state_of(js, self);
    const auto wanted = read_wanted(js, args);
    if (state == nullptr || !wanted) return Value::thrown();
    std::erase_if(state->pairs, *wanted);
    state->pairs_changed();
    return {};
}

Value has(Isolate& js, Ref self, Args args, int) noexcept {
    const UrlState* state = state_of(js, self);
    const auto wanted = read_wanted(js, args);
    if (state == nullptr || !wanted) return Value::thrown();
    return Value::boolean(std::any_of(state->pairs.begin(), state->pairs.end(), *wanted));
}

Value get(Isolate& js, Ref self, Args args, int all) noexcept {
    const UrlState* state = state_of(js, self);
    const auto name = text_at(js, args, 0);
    if (state == nullptr || !name) return Value::thrown();
    Value list = all != 0 ? new_array(js) : Value::null();
    std::uint32_t count = 0;
    for (const auto& [key, value] : state->pairs) {
        if (key != *name) continue;
        if (all == 0) return new_string(js, value);
        if (list.threw() || !list.set_at(js, count++, new_string(js, value)))
            return Value::thrown();
    }
    return list;
}

Value sort(Isolate& js, Ref self, Args, int) noexcept {
    UrlState* state = state_of(js, self);
    if (state == nullptr) return Value::thrown();
    std::stable_sort(state->pairs.begin(), state->pairs.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    state->pairs_changed();
    return {};
}

Value to_string(Isolate& js, Ref self, Args, int) noexcept {
    const UrlState* state = state_of(js, self);
    return state == nullptr ? Value::thrown() : new_string(js, write_form(state->pairs));
}

Value size(Isolate& js, Ref self, Args, int) noexcept {
    const UrlState* state = state_of(js, self);
    return state == nullptr ? Value::thrown()
                            : Value::number(static_cast<double>(state->pairs.size()));
}

enum Listed : int { names, values, entries };

Value list_of(Isolate& js, const FormPairs& pairs, int what) {
    Value list = new_array(js);
    std::uint32_t count = 0;
    for (const auto& [name, value] : pairs) {
        Value item;
        if (what == entries) {
            item = new_array(js);
            if (item.threw() || !item.set_at(js, 0, new_string(js, name)) ||
                !item.set_at(js, 1, new_string(js, value))) {
                return Value::thrown();
            }
        } else {
            item = new_string(js, what == names ? name : value);
        }
        if (list.threw() || !list.set_at(js, count++, std::move(item))) return Value::thrown();
    }
    return list;
}

/// Iterators walk a copy: changes made on the way are seen by the next iteration only.
Value iterate(Isolate& js, Ref self, Args, int what) noexcept {
    const UrlState* state = state_of(js, self);
    if (state == nullptr) return Value::thrown();
    const Value list = list_of(js, state->pairs, what);
    return list.threw() ? Value::thrown() : list.invoke(js, "values", {});
}

Value for_each(Isolate& js, Ref self, Args args, int) noexcept {
    const UrlState* state = state_of(js, self);
    if (state == nullptr) return Value::thrown();
    if (args.empty() || !args[0].is_function(js)) {
        return throw_error(js, ErrorKind::type, "forEach needs a function");
    }
    const FormPairs pairs = state->pairs;
    for (const auto& [name, value] : pairs) {
        const Value name_value = new_string(js, name), value_value = new_string(js, value);
        const Value done =
            args[0].call(js, args.size() > 1 ? args[1] : Ref(), {value_value, name_value, self});
        if (done.threw()) return Value::thrown();
    }
    return {};
}

}  // namespace

Value new_search_params(Isolate& js, const UrlHandle& state) {
    return new_native(js, class_named(js, class_name), new UrlHandle(state));
}

ClassId add_search_params_class(Bindings& bindings) {
    static constexpr MemberSpec members[] = {
        {.name = "append", .call = append, .length = 2},
        {.name = "delete", .call = remove, .length = 1},
        {.name = "get", .call = get, .length = 1},
        {.name = "getAll", .call = get, .length = 1, .magic = 1},
        {.name = "has", .call = has, .length = 1},
        {.name = "set", .call = set, .length = 2},
        {.name = "sort", .call = sort},
        {.name = "toString", .call = to_string},
        {.name = "size", .get = size},
        {.name = "forEach", .call = for_each, .length = 1},
        {.name = "keys", .call = iterate, .magic = names},
        {.name = "values", .call = iterate, .magic = values},
        {.name = "entries", .call = iterate, .magic = entries},
        {.name = "[Symbol.iterator]", .call = iterate, .magic = entries},
    };
    return bindings.add_class({.name = class_name,
                               .finalize = finalize_url_handle,
                               .members = members,
                               .construct = construct});
}

}  // namespace weir::script
