#include "script/compile/source_map.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "base/format.h"
#include "script/compile/base64_digit.h"

namespace weir::script {

namespace {

/// Takes one signed variable-length quantity off the front. nullopt: not one.
std::optional<std::int64_t> take_vlq(std::string_view& text) noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 5) {
        if (text.empty()) return std::nullopt;
        const int digit = base64_digit(text.front());
        if (digit < 0) return std::nullopt;
        text.remove_prefix(1);
        value |= static_cast<std::uint64_t>(digit & 31) << shift;
        if ((digit & 32) != 0) continue;
        const auto magnitude = static_cast<std::int64_t>(value >> 1);
        return (value & 1) != 0 ? -magnitude : magnitude;
    }
    return std::nullopt;
}

/// Running totals of the fields; each segment holds differences.
struct Totals {
    std::int64_t column = 0, source = 0, source_line = 0, source_column = 0;
};

bool fits(std::int64_t n) noexcept {
    return n >= 0 && n <= std::numeric_limits<std::int32_t>::max();
}

/// Adds one segment's fields to the totals. 1 or at least 4 fields are legal; returns the count, 0
/// if bad.
int take_segment(std::string_view& text, Totals& totals) noexcept {
    std::int64_t* const fields[] = {&totals.column, &totals.source, &totals.source_line,
                                    &totals.source_column};
    int count = 0;
    while (!text.empty() && text.front() != ',' && text.front() != ';') {
        const auto delta = take_vlq(text);
        if (!delta || count > 4) return 0;
        if (count < 4) {
            *fields[count] += *delta;
            if (!fits(*fields[count])) return 0;
        }
        ++count;
    }
    return count;
}

}  // namespace

base::Result<SourceMap> SourceMap::parse(std::string_view mappings) {
    SourceMap map;
    const std::size_t size = mappings.size();
    Totals totals;
    map.lines_.push_back(0);
    while (!mappings.empty()) {
        if (mappings.front() == ';') {
            map.lines_.push_back(static_cast<std::uint32_t>(map.segments_.size()));
            totals.column = 0;
            mappings.remove_prefix(1);
            continue;
        }
        if (mappings.front() == ',') {
            mappings.remove_prefix(1);
            continue;
        }
        const int fields = take_segment(mappings, totals);
        if (fields == 0) {
            return base::Error{
                base::Code::invalid,
                base::format("source map: bad segment near byte {}", size - mappings.size())};
        }
        if (fields < 4) continue;
        map.segments_.push_back({static_cast<std::uint32_t>(totals.column),
                                 static_cast<std::uint32_t>(totals.source_line),
                                 static_cast<std::uint32_t>(totals.source_column),
                                 static_cast<std::uint32_t>(totals.source)});
    }
    map.lines_.push_back(static_cast<std::uint32_t>(map.segments_.size()));
    return map;
}

SourceMap SourceMap::from_columns(const std::vector<std::uint32_t>& triples) {
    SourceMap map;
    map.lines_.push_back(0);
    for (std::size_t i = 0; i + 2 < triples.size(); i += 3) {
        while (map.lines_.size() <= triples[i]) {
            map.lines_.push_back(static_cast<std::uint32_t>(map.segments_.size()));
        }
        map.segments_.push_back({triples[i + 1], triples[i], triples[i + 2], same_file});
    }
    map.lines_.push_back(static_cast<std::uint32_t>(map.segments_.size()));
    return map;
}

SourceMap::Place SourceMap::original(Place compiled) const noexcept {
    if (compiled.line == 0 || compiled.line >= lines_.size()) return compiled;
    const auto first = segments_.begin() + lines_[compiled.line - 1];
    const auto last = segments_.begin() + lines_[compiled.line];
    const std::uint32_t column = compiled.column == 0 ? 0 : compiled.column - 1;
    const auto after = std::upper_bound(
        first, last, column, [](std::uint32_t c, const Segment& s) { return c < s.column; });
    if (after == first) return compiled;
    const Segment& segment = *(after - 1);
    return {segment.source_line + 1, segment.source_column + (column - segment.column) + 1,
            segment.source};
}

}  // namespace weir::script
