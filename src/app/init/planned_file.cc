#include "app/init/planned_file.h"

#include <system_error>

#include "app/result_directory.h"
#include "base/format.h"

namespace weir::app::init {
namespace {

namespace fs = std::filesystem;

base::Error cannot(const fs::path& path, const std::string& cause) {
    return {base::Code::io,
            base::format("writing {}: {}; nothing of yours was changed. Make it writable, or name "
                         "another directory with --dir",
                         path.string(), cause)};
}

base::Result<void> write(const fs::path& path, const std::string& text, bool executable) {
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    if (failed) return cannot(path, failed.message());
    if (auto written = write_file(path.string(), text); !written.ok()) {
        return base::Error{base::Code::io,
                           written.error().text + "; name another directory with --dir"};
    }
    if (!executable) return {};
    constexpr auto may_run = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
    fs::permissions(path, may_run, fs::perm_options::add, failed);
    if (failed) return cannot(path, failed.message());
    return {};
}

base::Result<Placed> put(const fs::path& path,
                         const std::string& text,
                         const PlannedFile& file,
                         Placing how,
                         Placed as) {
    if (!how.rehearsal) TRY_VOID(write(path, text, file.executable));
    return as;
}

}  // namespace

base::Result<Placed> place(const fs::path& directory, const PlannedFile& file, Placing how) {
    const fs::path path = directory / file.path;
    std::error_code failed;
    const auto status = fs::symlink_status(path, failed);
    const bool adds = !file.added_once.empty();
    PlannedFile beside = file;
    beside.executable = false;
    const std::string beside_path = path.string() + ".weir";
    if (!fs::exists(status) && !file.beside_of.empty() && !how.force) {
        return put(beside_path, file.text, beside, how, Placed::beside);
    }
    if (!fs::exists(status)) return put(path, file.head + file.text, file, how, Placed::written);
    if (!fs::is_regular_file(status)) {
        return base::Error{base::Code::io,
                           base::format("{} is there and is no plain file: move it away, or name "
                                        "another directory with --dir",
                                        path.string())};
    }
    TRY(const std::string there, read_file(path.string()));
    if (adds) {
        if (there.find(file.added_once) != std::string::npos) return Placed::unchanged;
        const std::string gap = there.empty() || there.ends_with('\n') ? "" : "\n";
        return put(path, there + gap + file.text, file, how, Placed::added_to);
    }
    if (there == file.text) return Placed::unchanged;
    if (how.force) return put(path, file.text, file, how, Placed::replaced);
    return put(beside_path, file.text, beside, how, Placed::beside);
}

}  // namespace weir::app::init
