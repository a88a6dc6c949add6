#include "base/json.h"

#include <algorithm>

#include "base/format.h"

namespace weir::base {
namespace {

struct Place {
    std::size_t line = 1;
    std::size_t column = 1;
};

Place place_of(std::string_view text, std::size_t offset) {
    const auto before = text.substr(0, std::min(offset, text.size()));
    Place place;
    place.line += static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const auto newline = before.rfind('\n');
    place.column = before.size() - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
    return place;
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
    try {
        return Json::parse(text);
    } catch (const nlohmann::json::parse_error& bad) {
        const Place place = place_of(text, bad.byte == 0 ? 0 : bad.byte - 1);
        std::string_view why = bad.what();
        const auto colon = why.find(": ");
        if (colon != std::string_view::npos) why.remove_prefix(colon + 2);
        return Error{Code::invalid,
                     format("not JSON at line {}, column {}: {}", place.line, place.column, why)};
    } catch (const std::exception& other) {
        return Error{Code::invalid, format("not JSON: {}", other.what())};
    }
}

std::string write_json(const Json& document, int indent) {
    return document.dump(indent, ' ', false, Json::error_handler_t::replace);
}

bool is_utf8(std::string_view text) {
    try {
        static_cast<void>(Json(text).dump());
        return true;
    } catch (const nlohmann::json::type_error&) {
        return false;
    }
}

double number_or(const Json& object, std::string_view key, double fallback) {
    if (!object.is_object()) return fallback;
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? found->get<double>() : fallback;
}

std::string text_or(const Json& object, std::string_view key, std::string_view fallback) {
    if (!object.is_object()) return std::string(fallback);
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>()
                                                       : std::string(fallback);
}

bool bool_or(const Json& object, std::string_view key, bool fallback) {
    if (!object.is_object()) return fallback;
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() ? found->get<bool>() : fallback;
}

}  // namespace weir::base
