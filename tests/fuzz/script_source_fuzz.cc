// What is read of a journey before the engine sees it: imports, module names, source maps, queries,
// stacks.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "script/compile/import_scan.h"
#include "script/compile/module_path.h"
#include "script/compile/source_map.h"
#include "script/web/form_pairs.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto& use : weir::script::scan_imports(text).uses) {
        const auto name = weir::script::parse_module_name(use.specifier, "/work/lib");
        // A relative name never leaves the root, whatever it climbs over.
        for (const auto& candidate : name.candidates) {
            if (!candidate.starts_with('/') || candidate.starts_with("/..")) std::abort();
        }
    }
    (void)weir::script::parse_module_name(text, "/work");
    if (const auto map = weir::script::SourceMap::parse(text); map.ok()) {
        (void)map.value().original({1, static_cast<std::uint32_t>(size)});
    }
    // A query survives a round trip.
    const auto pairs = weir::script::parse_form(text);
    if (weir::script::parse_form(weir::script::write_form(pairs)) != pairs) std::abort();
    return 0;
}
