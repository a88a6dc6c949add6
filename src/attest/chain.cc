#include "attest/chain.h"

#include <algorithm>
#include <utility>

#include "attest/digest.h"
#include "base/format.h"

namespace weir::attest {
namespace {

void append_field(std::string& bytes, std::string_view field) {
    bytes += base::format("{}:", field.size());
    bytes += field;
    bytes += '\n';
}

BrokenLink out_of_place(std::span<const ChainEntry> rows, std::size_t i) {
    const std::uint64_t expected = i + 1;
    const std::uint64_t found = rows[i].sequence;
    const auto later = rows.subspan(i);
    const bool there = std::any_of(later.begin(), later.end(), [expected](const ChainEntry& row) {
        return row.sequence == expected;
    });
    if (found < expected) {
        return {found, base::format("row {} is there twice, or out of order", found)};
    }
    if (there) {
        return {expected, base::format("rows are out of order: row {} stands where row {} belongs",
                                       found, expected)};
    }
    return {expected,
            base::format("row {} is missing: row {} stands in its place", expected, found)};
}

/// Rows i - 1 and i both have the hash of what they hold, but do not fit each other: one of them
/// was exchanged, hash and all. The row after i vouches for i.
BrokenLink exchanged(std::span<const ChainEntry> rows, std::size_t i) {
    if (i == 0) {
        return {1, "row 1 was exchanged: it does not begin a chain"};
    }
    const bool vouched = i + 1 == rows.size() || rows[i + 1].previous == rows[i].hash;
    const std::size_t at = vouched ? i - 1 : i;
    return {at + 1, base::format("row {} was exchanged: row {} carries another hash of the row "
                                 "before it than row {} has",
                                 at + 1, i + 1, i)};
}

std::optional<BrokenLink> first_misfit(std::span<const ChainEntry> rows) {
    std::string_view previous = chain_start;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i];
        if (row.sequence != i + 1) return out_of_place(rows, i);
        if (row.hash != hash_of(row)) {
            return BrokenLink{
                row.sequence,
                base::format("row {} was edited: it does not have the hash of what it "
                             "holds",
                             row.sequence)};
        }
        if (row.previous != previous) return exchanged(rows, i);
        previous = row.hash;
    }
    return std::nullopt;
}

std::optional<BrokenLink> check_known(std::span<const ChainEntry> rows, const ChainHead& known) {
    if (known.sequence == 0) return std::nullopt;
    if (known.sequence > rows.size()) {
        return BrokenLink{
            rows.size() + 1,
            base::format("row {} is missing: the chain ends at row {}, and row {} has "
                         "been seen",
                         rows.size() + 1, rows.size(), known.sequence)};
    }
    if (rows[known.sequence - 1].hash == known.hash) return std::nullopt;
    return BrokenLink{known.sequence,
                      base::format("row {} was exchanged, or one before it: it had another hash "
                                   "when it was seen before",
                                   known.sequence)};
}

}  // namespace

std::string hash_of(const ChainEntry& entry) {
    std::string bytes = "weir-chain-1\n";
    append_field(bytes, std::to_string(entry.sequence));
    append_field(bytes, entry.at);
    append_field(bytes, entry.kind);
    append_field(bytes, entry.body);
    append_field(bytes, entry.previous);
    return sha256_hex(bytes);
}

ChainEntry next_entry(const ChainHead& head, std::string at, std::string kind, std::string body) {
    ChainEntry entry{.sequence = head.sequence + 1,
                     .at = std::move(at),
                     .kind = std::move(kind),
                     .body = std::move(body),
                     .previous = head.sequence == 0 ? std::string(chain_start) : head.hash,
                     .hash = {}};
    entry.hash = hash_of(entry);
    return entry;
}

ChainHead head_of(std::span<const ChainEntry> rows) {
    if (rows.empty()) return {0, std::string(chain_start)};
    return {rows.back().sequence, rows.back().hash};
}

std::optional<BrokenLink> first_broken(std::span<const ChainEntry> rows,
                                       std::span<const ChainHead> known) {
    auto first = first_misfit(rows);
    for (const auto& each : known) {
        auto broken = check_known(rows, each);
        if (broken && (!first || broken->sequence < first->sequence)) first = std::move(broken);
    }
    return first;
}

}  // namespace weir::attest
