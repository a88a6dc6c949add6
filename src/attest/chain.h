// Chain: rows of which each carries the hash of the one before it, so that none can be edited,
// dropped, moved or put in between unnoticed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weir::attest {

/// A row as it is stored: text in, the same text hashed. Sequences count up from 1.
struct ChainEntry {
    std::uint64_t sequence = 0;
    std::string at;        // UTC; as record::to_text() has it
    std::string kind;      // what happened: "attestation", "bypass request", …
    std::string body;      // any bytes
    std::string previous;  // hash of the row before; of the first: chain_start
    std::string hash;      // hash_of(*this)
    [[nodiscard]] bool operator==(const ChainEntry&) const = default;
};

/// A place in the chain: what a signed statement names, and what an auditor writes down.
struct ChainHead {
    std::uint64_t sequence = 0;  // 0: before the first row
    std::string hash;            // of that row; chain_start before the first
    [[nodiscard]] bool operator==(const ChainHead&) const = default;
};

/// 64 zeros.
inline constexpr std::string_view chain_start =
    "0000000000000000000000000000000000000000000000000000000000000000";

/// SHA-256, in hexadecimal, of "weir-chain-1\n" and then sequence, at, kind, body and previous,
/// each as its length in bytes (decimal), ":", its bytes and "\n". No two different rows have the
/// same encoding.
[[nodiscard]] std::string hash_of(const ChainEntry& entry);

/// The row that follows `head`, hashed. An empty head: the first row.
[[nodiscard]] ChainEntry next_entry(const ChainHead& head,
                                    std::string at,
                                    std::string kind,
                                    std::string body);
[[nodiscard]] ChainHead head_of(std::span<const ChainEntry> rows);

struct BrokenLink {
    std::uint64_t sequence = 0;  // the row that was edited, is missing, or does not belong there
    std::string words;           // "row 7 was edited: …"
    [[nodiscard]] bool operator==(const BrokenLink&) const = default;
};

/// The first row at which the chain does not hold, or nothing. `rows`: the whole chain, by
/// sequence. `known`: places that were seen before (a head written down elsewhere, those that
/// signed statements name): a tail that was cut off, or a chain that was rewritten as a whole,
/// shows only against these.
[[nodiscard]] std::optional<BrokenLink> first_broken(std::span<const ChainEntry> rows,
                                                     std::span<const ChainHead> known = {});

}  // namespace weir::attest
