#include "attest/chain.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attest/digest.h"

namespace weir::attest {
namespace {

using ::testing::HasSubstr;

std::vector<ChainEntry> chain_of(int length) {
    std::vector<ChainEntry> rows;
    for (int i = 1; i <= length; ++i) {
        rows.push_back(next_entry(head_of(rows), "2026-11-24T10:00:00.000000000Z", "note",
                                  "body " + std::to_string(i)));
    }
    return rows;
}

std::uint64_t broken_at(const std::vector<ChainEntry>& rows, std::vector<ChainHead> known = {}) {
    const auto broken = first_broken(rows, known);
    return broken ? broken->sequence : 0;
}

TEST(Chain, HoldsAsWritten) {
    EXPECT_EQ(broken_at({}), 0U);
    for (const int length : {1, 2, 9}) EXPECT_EQ(broken_at(chain_of(length)), 0U);
    const auto rows = chain_of(3);
    EXPECT_EQ(rows[0].previous, chain_start);
    EXPECT_EQ(rows[2].previous, rows[1].hash);
    EXPECT_EQ(head_of(rows), (ChainHead{3, rows[2].hash}));
}

// docs/formats/attestation.md gives the same example.
TEST(Chain, EncodingIsAsDocumented) {
    const ChainEntry row{1,       "2026-11-24T10:00:00.000000000Z", "note",
                         "hello", std::string(chain_start),         ""};
    EXPECT_EQ(hash_of(row),
              sha256_hex("weir-chain-1\n1:1\n30:2026-11-24T10:00:00.000000000Z\n4:note\n"
                         "5:hello\n64:" +
                         std::string(chain_start) + "\n"));
}

TEST(Chain, FieldsCannotBorrowFromEachOther) {
    const ChainEntry a{1, "t", "kind", "body", "p", ""};
    const ChainEntry b{1, "t", "kin", "dbody", "p", ""};
    const ChainEntry c{1, "t", "kind\n4:body", "", "p", ""};
    EXPECT_NE(hash_of(a), hash_of(b));
    EXPECT_NE(hash_of(a), hash_of(c));
}

TEST(Chain, NamesTheRowOfWhichAnyByteWasEdited) {
    const auto good = chain_of(5);
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (std::string ChainEntry::*field :
             {&ChainEntry::at, &ChainEntry::kind, &ChainEntry::body, &ChainEntry::previous,
              &ChainEntry::hash}) {
            for (std::size_t byte = 0; byte < (good[i].*field).size(); ++byte) {
                auto rows = good;
                (rows[i].*field)[byte] ^= 1;
                ASSERT_EQ(broken_at(rows), i + 1);
            }
        }
    }
}

TEST(Chain, NamesARowThatWasExchangedHashAndAll) {
    for (std::size_t i = 0; i + 1 < 5; ++i) {
        auto rows = chain_of(5);
        rows[i].body = "another";
        rows[i].hash = hash_of(rows[i]);
        EXPECT_EQ(broken_at(rows), i + 1);
    }
    auto rows = chain_of(5);
    rows[2].previous = std::string(64, 'f');
    rows[2].hash = hash_of(rows[2]);
    EXPECT_NE(broken_at(rows), 0U);
    rows = chain_of(2);
    rows[0].previous = std::string(64, 'f');
    rows[0].hash = hash_of(rows[0]);
    EXPECT_EQ(broken_at(rows), 1U);
}

TEST(Chain, NamesTheFirstRowThatIsGone) {
    for (std::ptrdiff_t i = 0; i < 4; ++i) {
        auto rows = chain_of(5);
        rows.erase(rows.begin() + i);
        EXPECT_EQ(broken_at(rows), static_cast<std::uint64_t>(i) + 1);
        EXPECT_THAT(first_broken(rows)->words, HasSubstr("is missing"));
        // Numbered anew, so that nobody sees the gap.
        for (auto& row : rows) row.sequence = static_cast<std::uint64_t>(&row - rows.data()) + 1;
        EXPECT_EQ(broken_at(rows), static_cast<std::uint64_t>(i) + 1);
    }
}

TEST(Chain, NamesRowsOutOfOrder) {
    for (std::size_t i = 0; i + 1 < 5; ++i) {
        auto rows = chain_of(5);
        std::swap(rows[i], rows[i + 1]);
        EXPECT_EQ(broken_at(rows), i + 1);
        EXPECT_THAT(first_broken(rows)->words, HasSubstr("order"));
        std::swap(rows[i].sequence, rows[i + 1].sequence);
        EXPECT_EQ(broken_at(rows), i + 1);
    }
}

TEST(Chain, NamesARowThatWasPutIn) {
    const auto good = chain_of(5);
    for (std::size_t i = 1; i < 5; ++i) {
        auto rows = good;
        rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(i), good[i - 1]);
        EXPECT_EQ(broken_at(rows), i);  // row i is there twice
        rows = good;
        rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(i),
                    next_entry({i, good[i - 1].hash}, good[0].at, "note", "put in"));
        const auto broken = broken_at(rows);
        EXPECT_EQ(broken, i + 1);
    }
}

TEST(Chain, ATailThatWasCutOffShowsAgainstAKnownHead) {
    const auto rows = chain_of(5);
    const std::vector cut(rows.begin(), rows.begin() + 3);
    EXPECT_EQ(broken_at(cut), 0U);  // by itself it is a chain
    EXPECT_EQ(broken_at(cut, {head_of(rows)}), 4U);
    EXPECT_EQ(broken_at({}, {head_of(rows)}), 1U);
    EXPECT_EQ(broken_at(rows, {head_of(cut), head_of(rows)}), 0U);
    EXPECT_EQ(broken_at(rows, {{0, std::string(chain_start)}}), 0U);
}

TEST(Chain, AChainWrittenAnewShowsAgainstAKnownHead) {
    const auto seen = chain_of(5);
    std::vector<ChainEntry> anew;
    for (const auto& row : seen) {
        anew.push_back(
            next_entry(head_of(anew), row.at, row.kind, row.body + (row.sequence == 2 ? "!" : "")));
    }
    EXPECT_EQ(broken_at(anew), 0U);
    EXPECT_EQ(broken_at(anew, {head_of(seen)}), 5U);
    EXPECT_EQ(broken_at(anew, {head_of(seen), {3, seen[2].hash}, {1, seen[0].hash}}), 3U);
}

}  // namespace
}  // namespace weir::attest
