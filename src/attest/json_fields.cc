#include "attest/json_fields.h"

#include <limits>
#include <set>
#include <utility>

#include "attest/words.h"
#include "base/format.h"
#include "record/wall_text.h"

namespace weir::attest {

using base::Json;
using base::Result;

Result<Json> parse_strict_json(std::string_view text, int depth_most) {
    // The plain parser knows how to say what is no JSON, and where.
    TRY(auto document, base::parse_json(text));
    std::vector<std::set<std::string>> open;  // the keys so far of each object around
    std::string wrong;
    const auto look = [&](int depth, Json::parse_event_t event, Json& parsed) {
        using Event = Json::parse_event_t;
        if (event == Event::object_start || event == Event::array_start) {
            open.emplace_back();
            if (depth >= depth_most) wrong = base::format("it is over {} levels deep", depth_most);
        } else if (event == Event::object_end || event == Event::array_end) {
            open.pop_back();
        } else if (event == Event::key) {
            const auto& key = parsed.get_ref<const std::string&>();
            if (!open.back().insert(key).second) {
                wrong = base::format("the key \"{}\" is there twice", shown(key));
            }
        }
        return true;
    };
    const Json again = Json::parse(text, look, false);
    if (again.is_discarded()) wrong = "it is not JSON";
    if (!wrong.empty()) return base::Error{base::Code::invalid, std::move(wrong)};
    return document;
}

Result<JsonFields> JsonFields::of(const Json& json, std::string name) {
    if (json.is_object()) return JsonFields(json, std::move(name));
    return base::Error{base::Code::invalid, name + " is not an object"};
}

const Json* JsonFields::find(std::string_view key) const {
    const auto found = json_->find(key);
    return found == json_->end() ? nullptr : &*found;
}

base::Error JsonFields::error(std::string_view key, std::string_view what) const {
    return {base::Code::invalid, base::format("{}.{} {}", name_, key, what)};
}

bool JsonFields::has(std::string_view key) const {
    return find(key) != nullptr;
}

bool JsonFields::is_null(std::string_view key) const {
    const Json* value = find(key);
    return value != nullptr && value->is_null();
}

Result<std::string> JsonFields::text(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) return error(key, "is missing");
    if (!value->is_string()) return error(key, "is not a text");
    return value->get<std::string>();
}

Result<std::uint64_t> JsonFields::whole(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) return error(key, "is missing");
    if (!value->is_number_unsigned()) return error(key, "is not a whole number");
    return value->get<std::uint64_t>();
}

Result<bool> JsonFields::flag(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) return error(key, "is missing");
    if (!value->is_boolean()) return error(key, "is neither true nor false");
    return value->get<bool>();
}

Result<double> JsonFields::number(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) return error(key, "is missing");
    if (value->is_null()) return std::numeric_limits<double>::quiet_NaN();
    if (!value->is_number()) return error(key, "is not a number");
    return value->get<double>();
}

Result<base::WallTime> JsonFields::time(std::string_view key) const {
    TRY(const std::string words, text(key));
    auto time = record::wall_from_text(words);
    if (!time.ok()) return error(key, "is not a time such as 2026-11-23T23:50:54.000000001Z");
    return time;
}

Result<const Json*> JsonFields::list(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) return error(key, "is missing");
    if (!value->is_array()) return error(key, "is not a list");
    return value;
}

Result<std::vector<std::string>> JsonFields::texts(std::string_view key) const {
    TRY(const Json* const values, list(key));
    std::vector<std::string> texts;
    for (const auto& each : *values) {
        if (!each.is_string()) return error(key, "is not a list of texts");
        texts.push_back(each.get<std::string>());
    }
    return texts;
}

Result<JsonFields> JsonFields::object(std::string_view key) const {
    const Json* value = find(key);
    if (value == nullptr) return error(key, "is missing");
    return of(*value, base::format("{}.{}", name_, key));
}

Result<std::vector<JsonFields>> JsonFields::objects(std::string_view key, std::size_t most) const {
    TRY(const Json* const values, list(key));
    if (values->size() > most) {
        return error(key, base::format("has {} entries, at most {}", values->size(), most));
    }
    std::vector<JsonFields> objects;
    for (const auto& each : *values) {
        TRY(auto object, of(each, base::format("{}.{}[{}]", name_, key, objects.size())));
        objects.push_back(std::move(object));
    }
    return objects;
}

}  // namespace weir::attest
