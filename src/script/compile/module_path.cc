#include "script/compile/module_path.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/format.h"

namespace weir::script {

namespace {

constexpr std::string_view library_hosts[] = {"https://jslib.k6.io/", "http://jslib.k6.io/",
                                              "jslib.k6.io/"};

/// "https://jslib.k6.io/k6-utils/1.4.0/index.js?x" -> "k6-utils"; "" when it is not such a URL.
std::string_view library_name(std::string_view specifier) {
    for (const std::string_view host : library_hosts) {
        if (!specifier.starts_with(host)) continue;
        const std::string_view rest = specifier.substr(host.size());
        return rest.substr(0, rest.find_first_of("/?#"));
    }
    return {};
}

bool is_url(std::string_view specifier) {
    const std::size_t colon = specifier.find("://");
    return colon != std::string_view::npos && colon > 0 &&
           std::all_of(specifier.begin(), specifier.begin() + static_cast<std::ptrdiff_t>(colon),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

/// As written first; then what bundlers and TypeScript's habits allow to leave out.
std::vector<std::string> candidates_for(std::string path) {
    constexpr std::array<std::string_view, 6> endings{".js",  ".ts",  ".mjs",
                                                      ".cjs", ".mts", ".json"};
    std::vector<std::string> out{path};
    const std::string_view extension = extension_of(path);
    if (extension == ".js" || extension == ".mjs") {
        // `import './x.js'` where the source is x.ts, as TypeScript's own module resolution has it.
        std::string source = path.substr(0, path.size() - 2) + "ts";
        out.push_back(std::move(source));
    }
    if (std::find(endings.begin(), endings.end(), extension) != endings.end()) return out;
    for (const std::string_view ending : endings) out.push_back(path + std::string(ending));
    for (const std::string_view index : {"/index.js", "/index.ts"}) {
        out.push_back(path + std::string(index));
    }
    return out;
}

ModuleName file(std::string path) {
    ModuleName out;
    out.kind = ModuleName::Kind::file;
    out.candidates = candidates_for(std::move(path));
    return out;
}

ModuleName refused(std::string reason) {
    ModuleName out;
    out.reason = std::move(reason);
    return out;
}

bool looks_native(std::string_view specifier) {
    for (const std::string_view family : {"k6", "weir"}) {
        if (specifier == family) return true;
        if (specifier.starts_with(family) && specifier[family.size()] == '/') return true;
    }
    return false;
}

}  // namespace

std::string normal_path(std::string_view path) {
    std::string out = std::filesystem::path(path).lexically_normal().string();
    if (out.size() > 1 && out.ends_with('/')) out.pop_back();
    return out;
}

std::string directory_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return ".";
    return std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

std::string_view extension_of(std::string_view path) {
    const std::size_t dot = path.rfind('.');
    const std::size_t slash = path.rfind('/');
    if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash))
        return {};
    return path.substr(dot);
}

ModuleName parse_module_name(std::string_view specifier, std::string_view base_directory) {
    if (specifier.find('\0') != std::string_view::npos || specifier.empty()) {
        return refused("the name is empty or has a zero byte");
    }
    if (const std::string_view library = library_name(specifier); !library.empty()) {
        ModuleName out;
        out.kind = ModuleName::Kind::library;
        out.name = library;
        return out;
    }
    if (specifier.starts_with("file://")) return file(normal_path(specifier.substr(7)));
    if (is_url(specifier)) {
        return refused("modules are not fetched from the network; download it and import the file");
    }
    if (specifier.starts_with('/')) return file(normal_path(specifier));
    if (specifier == "." || specifier == ".." || specifier.starts_with("./") ||
        specifier.starts_with("../")) {
        if (base_directory.empty()) return refused("a library of ours has no files beside it");
        return file(normal_path(base::format("{}/{}", base_directory, specifier)));
    }
    if (looks_native(specifier)) {
        ModuleName out;
        out.kind = ModuleName::Kind::native;
        out.name = specifier;
        return out;
    }
    return refused(
        base::format("npm packages are not looked up by name; bundle it into a file and import "
                     "'./{}.js', or write "
                     "'./{}' if you meant a file beside the script",
                     specifier, specifier));
}

}  // namespace weir::script
