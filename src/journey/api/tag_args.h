// Tags as scripts give them: { key: string | number | boolean }.
#pragma once

#include <string>
#include <string_view>

#include "script/isolate.h"
#include "script/value.h"

namespace weir::journey::api {

/// Appends "key\0value\0…" to `flat`, as TagBook::with_extra takes it. Nullish `tags` are none.
/// False: threw (not an object, or a value of another type).
[[nodiscard]] bool read_tags(script::Isolate& js, script::Ref tags, std::string& flat);
/// The text of one tag value; false: threw.
[[nodiscard]] bool read_tag_value(script::Isolate& js,
                                  std::string_view key,
                                  script::Ref value,
                                  std::string& out);

}  // namespace weir::journey::api
