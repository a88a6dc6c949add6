#include "sample/db/connection.h"

#include <charconv>

namespace weir::sample {

long Row::number(int column) const {
    const auto digits = text(column);
    long value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::string Row::time(int column) const {
    // PostgreSQL writes "2022-07-29 10:03:00+00", SQLite what was stored: "2022-07-29T10:03:00Z".
    std::string text = string(column);
    constexpr std::size_t date_size = 10;
    if (text.size() > date_size && text[date_size] == ' ') text[date_size] = 'T';
    if (text.ends_with("+00")) text.replace(text.size() - 3, 3, "Z");
    return text;
}

void Batch::add(std::span<const Cell> cells) {
    for (const auto& cell : cells) {
        cells_.push_back({bytes_.size(), cell ? cell->size() : 0, !cell.has_value()});
        if (cell) bytes_ += *cell;
    }
}

void Batch::clear() {
    cells_.clear();
    bytes_.clear();
}

Cell Batch::cell(std::size_t row, std::size_t column) const {
    const Slice& slice = cells_[row * columns_ + column];
    if (slice.is_null) return std::nullopt;
    return std::string_view(bytes_).substr(slice.begin, slice.size);
}

}  // namespace weir::sample
