#include "script/compile/library.h"

#include "base/format.h"
#include "weir_script_embedded.h"

namespace weir::script {

namespace {

struct Library {
    std::string_view name;
    std::string_view source;
};

}  // namespace

std::string_view library_source(std::string_view name) {
    const Library libraries[] = {
        {"k6-utils", embedded::k6_utils_js},
    };
    for (const Library& library : libraries) {
        if (library.name == name) return library.source;
    }
    return {};
}

std::string library_refusal(std::string_view name) {
    return base::format(
        "this library of jslib.k6.io is not among ours (k6-utils, k6-summary, httpx, papaparse, url, "
        "formdata, k6chaijs); download '{}' and import the file",
        name);
}

}  // namespace weir::script
