#include "journey/request/json_path.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace weir::journey {

namespace {

using script::Isolate;
using script::Ref;
using script::Value;

/// `pattern` with `*` and `?`; a backslash takes the next character as it is.
bool matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0;
    std::size_t star = std::string_view::npos, resume = 0;
    while (t < text.size()) {
        const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
        const char wanted = escaped ? pattern[p + 1] : p < pattern.size() ? pattern[p] : '\0';
        if (!escaped && p < pattern.size() && wanted == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (wanted == text[t] || (!escaped && wanted == '?'))) {
            p += escaped ? 2 : 1;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

/// One component of a path and what follows it.
struct Component {
    std::string_view text;
    std::string_view rest;
    bool last = true;
    bool wild = false;
};

/// Splits at the first dot (or pipe) that is neither escaped nor inside a query's parentheses.
Component split(std::string_view path) {
    Component out;
    int depth = 0;
    bool quoted = false;
    std::size_t i = 0;
    for (; i < path.size(); ++i) {
        const char c = path[i];
        if (c == '\\') {
            ++i;
        } else if (c == '"' && depth > 0) {
            quoted = !quoted;
        } else if (!quoted && c == '(') {
            ++depth;
        } else if (!quoted && c == ')') {
            --depth;
        } else if (depth == 0 && (c == '.' || c == '|')) {
            break;
        } else if (depth == 0 && (c == '*' || c == '?')) {
            out.wild = true;
        }
    }
    out.text = path.substr(0, std::min(i, path.size()));
    if (i < path.size()) {
        out.rest = path.substr(i + 1);
        out.last = false;
    }
    return out;
}

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        out += text[i];
    }
    return out;
}

std::optional<std::uint32_t> as_index(std::string_view text) {
    if (text.empty() || text.size() > 9) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return value;
}

/// `key op value` of a query; all parts may be missing.
struct Query {
    std::string_view path;
    std::string_view op;
    std::string_view value;
    bool all = false;  // `#(…)#`
};

/// The first of "=!<>%" that is not inside a query of its own.
std::size_t find_operator(std::string_view text) {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '(') ++depth;
        if (text[i] == ')') --depth;
        if (depth == 0 && std::string_view("=!<>%").find(text[i]) != std::string_view::npos)
            return i;
    }
    return std::string_view::npos;
}

std::optional<Query> parse_query(std::string_view text) {
    if (!text.starts_with("#(")) return std::nullopt;
    Query out;
    out.all = text.ends_with('#');
    const std::size_t close = text.rfind(')');
    if (close == std::string_view::npos || close < 2) return std::nullopt;
    const std::string_view inside = text.substr(2, close - 2);
    const std::size_t at = find_operator(inside);
    out.path = inside.substr(0, at);
    if (at == std::string_view::npos) return out;
    std::size_t end = at + 1;
    while (end < inside.size() && (inside[end] == '=' || inside[end] == '%')) ++end;
    out.op = inside.substr(at, end - at);
    out.value = inside.substr(end);
    const auto trim = [](std::string_view& part) {
        while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
        while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    };
    trim(out.path);
    trim(out.value);
    return out;
}

template <typename T>
bool compare(const T& left, std::string_view op, const T& right) {
    if (op == "=" || op == "==") return left == right;
    if (op == "!=") return left != right;
    if (op == "<") return left < right;
    if (op == "<=") return left <= right;
    if (op == ">") return left > right;
    return op == ">=" && left >= right;
}

bool holds_for_text(std::string_view text, const Query& query, std::string_view wanted) {
    if (query.op == "%") return matches(wanted, text);
    if (query.op == "!%") return !matches(wanted, text);
    return compare(text, query.op, wanted);
}

bool holds(Isolate& js, Ref element, const Query& query) {
    const Value found = query.path.empty() ? element.own(js) : select_json(js, element, query.path);
    if (found.is_undefined()) return false;
    if (query.op.empty()) return true;  // it exists
    const bool quoted = query.value.size() >= 2 && query.value.front() == '"';
    if (quoted) {
        const std::string wanted = unescaped(query.value.substr(1, query.value.size() - 2));
        return found.is_string() && holds_for_text(found.to_text(js).view(), query, wanted);
    }
    if (found.is_number()) {
        const double wanted = std::strtod(std::string(query.value).c_str(), nullptr);
        return compare(found.as_number(), query.op, wanted);
    }
    const script::Text text = found.to_text(js);
    return text.ok() && holds_for_text(text.view(), query, query.value);
}

Value select_query(Isolate& js, Ref array, const Query& query, const Component& component) {
    const auto length = array.length(js);
    Value all = query.all ? script::new_array(js) : Value();
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; length && i < *length; ++i) {
        const Value element = array.at(js, i);
        if (!holds(js, element, query)) continue;
        Value selected =
            component.last ? element.own(js) : select_json(js, element, component.rest);
        if (!query.all) return selected;
        if (!selected.is_undefined()) all.set_at(js, count++, std::move(selected));
    }
    return all;
}

Value select_each(Isolate& js, Ref array, std::string_view rest) {
    Value out = script::new_array(js);
    const auto length = array.length(js);
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; length && i < *length; ++i) {
        Value selected = select_json(js, array.at(js, i), rest);
        if (!selected.is_undefined()) out.set_at(js, count++, std::move(selected));
    }
    return out;
}

Value member(Isolate& js, Ref object, const Component& component) {
    if (!component.wild) return object.get(js, unescaped(component.text));
    const auto keys = script::own_keys(js, object);
    if (!keys) return {};
    for (const std::string& key : *keys) {
        if (matches(component.text, key)) return object.get(js, key);
    }
    return {};
}

Value select_of_array(Isolate& js, Ref array, const Component& component) {
    if (component.text == "#") {
        if (!component.last) return select_each(js, array, component.rest);
        return Value::integer(array.length(js).value_or(0));
    }
    if (const auto query = parse_query(component.text)) {
        return select_query(js, array, *query, component);
    }
    const auto index = as_index(component.text);
    if (!index) return {};
    Value element = array.at(js, *index);
    return component.last ? std::move(element) : select_json(js, element, component.rest);
}

bool is_own(Isolate& js, Ref object, std::string_view key) {
    // What Object.prototype has (`constructor`, …) is not in the document.
    const auto keys = script::own_keys(js, object);
    if (!keys) return false;
    for (const std::string& each : *keys) {
        if (each == key) return true;
    }
    return false;
}

}  // namespace

Value select_json(Isolate& js, Ref document, std::string_view path) {
    const Component component = split(path);
    if (document.is_array()) return select_of_array(js, document, component);
    if (!document.is_object()) return {};
    Value found = member(js, document, component);
    if (found.threw()) {
        static_cast<void>(js.take_exception_value());
        return {};
    }
    if (found.is_function(js) && !is_own(js, document, unescaped(component.text))) return {};
    return component.last ? std::move(found) : select_json(js, found, component.rest);
}

}  // namespace weir::journey
