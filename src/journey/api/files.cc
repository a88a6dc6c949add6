// open(): a file's text or bytes, in the init context. Source: k6 documentation, "open( filePath,
// [mode] )".
#include <array>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "journey/api/api.h"
#include "journey/host/host.h"
#include "journey/shared_data.h"
#include "script/program.h"

namespace weir::journey::api {

namespace {

using script::Args;
using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;

/// Where a relative path may be meant from: the file that calls, then the entry script.
std::vector<std::filesystem::path> candidates(Isolate& js, const std::string& path) {
    const std::filesystem::path given(path.starts_with("file://") ? path.substr(7) : path);
    if (given.is_absolute()) return {given};
    std::vector<std::filesystem::path> out;
    const std::filesystem::path entry = Host::of(js).run.program->entry_directory();
    const std::filesystem::path caller(js.calling_file());
    if (!caller.empty()) out.push_back(caller.parent_path() / given);
    out.push_back(entry / given);
    return out;
}

Value open_file(Isolate& js, Ref, Args args, int) noexcept {
    Host& host = Host::of(js);
    if (host.stage != Stage::init) {
        return script::throw_error(
            js,
            "The \"open()\" function is only available in the init stage (i.e. the "
            "global scope), see "
            "https://grafana.com/docs/k6/latest/using-k6/test-lifecycle for more "
            "information");
    }
    const script::Text path = (args.empty() ? Ref() : args[0]).to_text(js);
    if (!path.ok()) return Value::thrown();
    if (path.view().empty()) {
        return script::throw_error(js, ErrorKind::type,
                                   "open() can't be used with an empty filename");
    }
    std::string failure;
    for (const std::filesystem::path& each : candidates(js, path.str())) {
        const auto file = host.run.shared->file(each.lexically_normal().string());
        if (!file.ok()) {
            if (failure.empty()) failure = file.error().text;
            continue;
        }
        const bool binary =
            args.size() > 1 && args[1].is_string() && args[1].to_text(js).view() == "b";
        return binary ? script::new_array_buffer(js, std::as_bytes(std::span(*file.value())))
                      : script::new_string(js, *file.value());
    }
    return script::throw_error(js, "open(): " + failure);
}

constexpr std::array functions{script::FunctionSpec{"open", open_file, 2}};

}  // namespace

void add_files(script::Bindings& bindings) {
    bindings.add_globals({.functions = functions});
}

}  // namespace weir::journey::api
