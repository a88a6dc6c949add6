#include "script/compile/map_file.h"

#include "base/format.h"
#include "base/json.h"
#include "script/compile/base64_digit.h"
#include "script/compile/module_path.h"

namespace weir::script {

namespace {

constexpr std::string_view comment = "//# sourceMappingURL=";

/// Source: RFC 4648, section 4. Stops at the first character that is none of it.
std::string decode_base64(std::string_view text) {
    std::string out;
    out.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        const int digit = base64_digit(c);
        if (digit < 0) break;
        bits = (bits << 6) | static_cast<std::uint32_t>(digit);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out.push_back(static_cast<char>((bits >> held) & 0xff));
    }
    return out;
}

/// The map's JSON text; "" when it cannot be had.
std::string document(std::string_view url, const std::string& path, const SourceReader& read) {
    if (url.starts_with("data:")) {
        const std::size_t comma = url.find(";base64,");
        return comma == std::string_view::npos ? "" : decode_base64(url.substr(comma + 8));
    }
    if (url.find("://") != std::string_view::npos) return {};
    const auto text = read(normal_path(base::format("{}/{}", directory_of(path), url)));
    return text.ok() ? text.value() : "";
}

/// "webpack://app/./src/a.ts" is "src/a.ts"; what is relative starts at the file.
std::string source_path(std::string_view source, std::string_view root, const std::string& path) {
    if (const std::size_t scheme = source.find("://"); scheme != std::string_view::npos) {
        const std::string_view rest = source.substr(scheme + 3);
        const std::size_t slash = rest.find('/');
        return normal_path(slash == std::string_view::npos ? rest : rest.substr(slash + 1));
    }
    if (source.starts_with('/')) return normal_path(source);
    return normal_path(base::format("{}/{}/{}", directory_of(path), root, source));
}

}  // namespace

std::optional<MapFile> find_map(std::string_view code,
                                const std::string& path,
                                const SourceReader& read) {
    const std::size_t at = code.rfind(comment);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view rest = code.substr(at + comment.size());
    const auto json =
        base::parse_json(document(rest.substr(0, rest.find_first_of(" \t\r\n")), path, read));
    if (!json.ok() || base::number_or(json.value(), "version", 0) != 3) return std::nullopt;
    auto map = SourceMap::parse(base::text_or(json.value(), "mappings", ""));
    const auto sources = json.value().find("sources");
    if (!map.ok() || sources == json.value().end() || !sources->is_array()) return std::nullopt;
    MapFile out{std::move(map).value(), {}};
    const std::string root = base::text_or(json.value(), "sourceRoot", "");
    for (const auto& source : *sources) {
        const auto* name = source.get_ptr<const base::Json::string_t*>();
        out.sources.push_back(name == nullptr ? path : source_path(*name, root, path));
    }
    return out;
}

}  // namespace weir::script
