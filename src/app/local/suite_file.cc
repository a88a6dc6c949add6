#include "app/local/suite_file.h"

#include "app/result_directory.h"
#include "base/format.h"

namespace weir::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* suite_name = "weir.toml";
constexpr const char* overlay_name = "weir.local.toml";

void tell(const FileSeen& seen, const fs::path& path) {
    if (seen) seen(path.string());
}

/// In `folder` or the nearest one above it that has one. Paths stay relative as long as they can:
/// they are shown to people.
fs::path find_upwards(const fs::path& folder) {
    std::error_code failed;
    const fs::path here = fs::current_path(failed);
    fs::path each = fs::absolute(folder, failed).lexically_normal();
    while (true) {
        const fs::path file = each / suite_name;
        if (fs::is_regular_file(file, failed)) {
            const fs::path near = file.lexically_relative(here);
            return near.empty() || *near.begin() == ".." ? file : near;
        }
        if (!each.has_relative_path()) return {};
        each = each.parent_path();
    }
}

}  // namespace

base::Result<std::string> find_suite_file(const std::string& script, const FileSeen& seen) {
    std::error_code failed;
    const fs::path beside = script == "-" ? fs::path() : fs::path(script).parent_path();
    const fs::path here = fs::current_path(failed);
    for (const auto& folder : {beside.empty() ? here : beside, here}) {
        tell(seen, folder / suite_name);
        const fs::path found = find_upwards(folder);
        if (!found.empty()) return found.string();
    }
    return base::Error{
        base::Code::not_found,
        base::format("there is no weir.toml beside or above {} or in or above {}: write one "
                     "(docs/formats/weir-toml.md), or name it with -c FILE",
                     script, here.string())};
}

base::Result<SuiteFile> read_suite_file(const std::string& path, const FileSeen& seen) {
    SuiteFile file;
    file.path = path;
    file.directory = fs::absolute(path).parent_path();
    const fs::path overlay = fs::path(path).parent_path() / overlay_name;
    tell(seen, path);
    tell(seen, overlay);
    auto text = read_file(path);
    if (!text.ok()) {
        return base::within("the gate's configuration (write one, or name it with --config)",
                            text.error());
    }
    std::string personal;
    std::error_code failed;
    if (fs::exists(overlay, failed)) {
        file.overlay = overlay.string();
        TRY(personal, read_file(file.overlay));
    }
    TRY(file.suite,
        plan::parse_suite(text.value(), path, {.toml = personal, .file = file.overlay}));
    return file;
}

}  // namespace weir::app
