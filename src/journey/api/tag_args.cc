#include "journey/api/tag_args.h"

#include "base/format.h"

namespace weir::journey::api {

using script::ErrorKind;
using script::Isolate;
using script::Ref;

bool read_tag_value(Isolate& js, std::string_view key, Ref value, std::string& out) {
    if (!value.is_string() && !value.is_number() && !value.is_bool()) {
        script::throw_error(
            js, ErrorKind::type,
            base::format("invalid value for metric tag '{}': only String, Boolean and "
                         "Number types are accepted as a metric tag value",
                         key));
        return false;
    }
    const script::Text text = value.to_text(js);
    if (!text.ok()) return false;
    out.append(text.view());
    return true;
}

bool read_tags(Isolate& js, Ref tags, std::string& flat) {
    if (tags.is_nullish()) return true;
    if (!tags.is_object()) {
        script::throw_error(js, ErrorKind::type, "invalid type for metric tags: must be an object");
        return false;
    }
    const auto keys = script::own_keys(js, tags);
    if (!keys) return false;
    for (const std::string& key : *keys) {
        const script::Value value = tags.get(js, key);
        if (value.threw()) return false;
        flat.append(key).push_back('\0');
        if (!read_tag_value(js, key, value, flat)) return false;
        flat.push_back('\0');
    }
    return true;
}

}  // namespace weir::journey::api
