#include "ledger/chain_break.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/format.h"

namespace weir::ledger {
namespace {

using attest::BrokenLink;
using attest::ChainEntry;
using attest::ChainHead;

/// Whether the row was hashed under this number.
bool was(ChainEntry row, std::uint64_t sequence) {
    row.sequence = sequence;
    return row.hash == attest::hash_of(row);
}

/// The number that the row was hashed under; 0: none, so its content was changed.
std::uint64_t number_before(const ChainEntry& row, std::uint64_t most) {
    for (std::uint64_t n = 1; n <= most; ++n) {
        if (was(row, n)) return n;
    }
    return 0;
}

ChainBreak said(std::uint64_t sequence, std::string how, std::string_view why) {
    auto words = base::format("row {} was {}: {}", sequence, how, why);
    return {.sequence = sequence, .how = std::move(how), .words = std::move(words)};
}

/// A row that does not have the hash of what it holds: changed, or moved with its hash.
ChainBreak misfit(std::span<const ChainEntry> rows, const ChainEntry& row, std::uint64_t head) {
    const auto n = row.sequence;
    const auto most = std::max(head, rows.back().sequence) + 1;
    const auto before = number_before(row, most);
    const auto later = rows.subspan(n);
    if (before == 0) {
        if (!later.empty() && was(later.front(), n)) {
            return said(n, "inserted", "the row after it is the one that was written here");
        }
        return said(n, "edited", "it does not have the hash of what it holds");
    }
    if (before < n) {
        return said(before, "inserted",
                    base::format("the row that was written there has number {} now", n));
    }
    const bool elsewhere = std::any_of(later.begin(), later.end(),
                                       [n](const ChainEntry& each) { return was(each, n); });
    return said(n, elsewhere ? "reordered" : "dropped",
                base::format("what stands here was row {}", before));
}

ChainBreak explain(std::span<const ChainEntry> rows, const BrokenLink& link, std::uint64_t head) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&link](const ChainEntry& row) {
        return row.sequence == link.sequence;
    });
    if (found == rows.end()) {
        const bool rest = !rows.empty() && rows.back().sequence > link.sequence;
        if (rest) return said(link.sequence, "dropped", "no row has its number");
        return said(link.sequence, "cut off", link.words);
    }
    const bool in_place = static_cast<std::uint64_t>(found - rows.begin()) + 1 == link.sequence;
    if (in_place && !was(*found, found->sequence)) return misfit(rows, *found, head);
    return {.sequence = link.sequence, .how = "edited", .words = link.words};
}

}  // namespace

std::optional<ChainBreak> find_break(std::span<const ChainEntry> rows,
                                     const ChainHead& head,
                                     std::span<const ChainHead> known) {
    std::vector<ChainHead> places(known.begin(), known.end());
    places.push_back(head);
    if (const auto broken = attest::first_broken(rows, places)) {
        return explain(rows, *broken, head.sequence);
    }
    if (rows.size() > head.sequence) {
        return said(head.sequence + 1, "inserted",
                    base::format("the chain's head is row {}", head.sequence));
    }
    return std::nullopt;
}

}  // namespace weir::ledger
