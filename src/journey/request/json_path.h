// JSON path: the selectors of Response.json(), as GJSON writes them.
#pragma once

#include <string_view>

#include "script/isolate.h"
#include "script/value.h"

namespace weir::journey {

/// What `path` selects of a parsed document; undefined when there is nothing. Never throws but for
/// memory. Known: `a.b`, `a.0`, `a.#` (length), `a.#.b` (of each element), `a.#(b=="x").c` and
/// `a.#(b>1)#.c` (first, and all, that match; == != < <= > >= % !%), `a*b?` (wildcards in keys),
/// `\.`. Not known: modifiers (`@reverse`), multipaths (`{a,b}`). Source: github.com/tidwall/gjson
/// SYNTAX.md.
[[nodiscard]] script::Value select_json(script::Isolate& js,
                                        script::Ref document,
                                        std::string_view path);

}  // namespace weir::journey
