// Map file: the source map that a bundler left for a file, inside it or beside it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "script/compile/source_map.h"
#include "script/program.h"

namespace weir::script {

struct MapFile {
    SourceMap map;
    std::vector<std::string> sources;  // absolute paths, or what the bundler called them
};

/// What the last `//# sourceMappingURL=` comment of `code` names: a data: URL or a file relative to
/// `path`. nullopt when there is none or it is not a version 3 map: then places stay as they are.
[[nodiscard]] std::optional<MapFile> find_map(std::string_view code,
                                              const std::string& path,
                                              const SourceReader& read);

}  // namespace weir::script
