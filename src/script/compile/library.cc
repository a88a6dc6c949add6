#include "script/compile/library.h"

#include <array>

#include "base/format.h"
#include "weir_script_embedded.h"

namespace weir::script {

namespace {

struct Library {
    std::string_view name;
    std::string_view source;
};

const auto& libraries() {
    static const std::array all{
        Library{"formdata", embedded::form_data_js},
        Library{"httpx", embedded::httpx_js},
        Library{"k6-summary", embedded::k6_summary_js},
        Library{"k6-utils", embedded::k6_utils_js},
        Library{"k6chaijs", embedded::k6_chai_js},
        Library{"papaparse", embedded::papaparse_min_js},
        Library{"url", embedded::url_js},
    };
    return all;
}

}  // namespace

std::string_view library_source(std::string_view name) {
    for (const Library& library : libraries()) {
        if (library.name == name) return library.source;
    }
    return {};
}

std::string library_refusal(std::string_view name) {
    std::string known;
    for (const Library& library : libraries()) {
        known += (known.empty() ? "" : ", ") + std::string(library.name);
    }
    return base::format(
        "of the libraries on jslib.k6.io these are built in: {}; '{}' is not: download it and "
        "import "
        "the file",
        known, name);
}

std::vector<Polyfill> polyfills() {
    return {{"structuredClone", embedded::structured_clone_js}};
}

}  // namespace weir::script
