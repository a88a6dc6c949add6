// SourceMap: from a compiled line and column back to the author's, for one file (version 3 maps).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace weir::script {

/// Source: https://tc39.es/ecma426 (Base64 VLQ "mappings"). Immutable after parsing.
class SourceMap {
public:
    SourceMap() = default;
    /// The "mappings" member; names are ignored. Never reads out of bounds.
    [[nodiscard]] static base::Result<SourceMap> parse(std::string_view mappings);

    /// Three numbers a segment, in order: line, compiled column, author's column; all from 0. Lines
    /// are the same on both sides.
    [[nodiscard]] static SourceMap from_columns(const std::vector<std::uint32_t>& triples);

    [[nodiscard]] bool empty() const noexcept { return lines_.empty(); }
    struct Place {
        std::uint32_t line = 0;            // from 1
        std::uint32_t column = 0;          // from 1
        std::uint32_t source = same_file;  // index in the map's "sources"
    };
    static constexpr std::uint32_t same_file = ~0U;
    /// The author's place of the segment at or before `compiled`; `compiled` itself if there is
    /// none.
    [[nodiscard]] Place original(Place compiled) const noexcept;

private:
    struct Segment {
        std::uint32_t column;  // all from 0
        std::uint32_t source_line;
        std::uint32_t source_column;
        std::uint32_t source;
    };
    std::vector<Segment> segments_;
    std::vector<std::uint32_t> lines_;  // first segment of each compiled line, and one past the end
};

}  // namespace weir::script
