#include "ledger/chain_break.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::ledger {
namespace {

using attest::ChainEntry;
using attest::ChainHead;

class Chain : public testing::Test {
protected:
    Chain() {
        for (const char* kind : {"a", "b", "c", "d", "e", "f"}) {
            rows.push_back(attest::next_entry(head, "then", kind, "{}"));
            head = attest::head_of(rows);
        }
    }
    void number_anew() {
        for (std::size_t i = 0; i < rows.size(); ++i) rows[i].sequence = i + 1;
    }
    /// "3 dropped", or "" for a whole chain.
    [[nodiscard]] std::string found() const {
        const auto broken = find_break(rows, head, known);
        return broken ? std::to_string(broken->sequence) + " " + broken->how : "";
    }
    ChainEntry& row(std::size_t n) { return rows[n - 1]; }

    std::vector<ChainEntry> rows;
    ChainHead head{0, std::string(attest::chain_start)};
    std::vector<ChainHead> known;
};

TEST_F(Chain, IsWholeAsItWasWritten) {
    EXPECT_EQ(found(), "");
    known = {{3, row(3).hash}, head};
    EXPECT_EQ(found(), "");
}

TEST_F(Chain, EmptyIsWhole) {
    rows.clear();
    head = {0, std::string(attest::chain_start)};
    EXPECT_EQ(found(), "");
}

TEST_F(Chain, Edited) {
    row(3).body = "{ }";
    EXPECT_EQ(found(), "3 edited");
}

TEST_F(Chain, EditedWithItsHash) {
    row(3).body = "{ }";
    row(3).hash = attest::hash_of(row(3));
    EXPECT_EQ(found(), "3 edited");
}

TEST_F(Chain, TheNewestEditedWithItsHash) {
    row(6).body = "{ }";
    row(6).hash = attest::hash_of(row(6));
    EXPECT_EQ(found(), "6 edited");
}

TEST_F(Chain, Dropped) {
    rows.erase(rows.begin() + 2);
    EXPECT_EQ(found(), "3 dropped");
}

TEST_F(Chain, TheFirstDropped) {
    rows.erase(rows.begin());
    EXPECT_EQ(found(), "1 dropped");
}

TEST_F(Chain, DroppedAndNumberedAnew) {
    rows.erase(rows.begin() + 2);
    number_anew();
    head.sequence = 5;
    EXPECT_EQ(found(), "3 dropped");
}

TEST_F(Chain, Reordered) {
    std::swap(row(3), row(5));
    number_anew();
    EXPECT_EQ(found(), "3 reordered");
}

TEST_F(Chain, Inserted) {
    rows.insert(rows.begin() + 2, attest::next_entry({2, row(2).hash}, "then", "x", "{}"));
    number_anew();
    head.sequence = 7;
    EXPECT_EQ(found(), "3 inserted");
}

TEST_F(Chain, InsertedWithoutAHashThatFits) {
    ChainEntry forged;
    forged.kind = "x";
    rows.insert(rows.begin() + 2, forged);
    number_anew();
    head.sequence = 7;
    EXPECT_EQ(found(), "3 inserted");
}

TEST_F(Chain, InsertedBehindTheHead) {
    rows.push_back(attest::next_entry(head, "then", "x", "{}"));
    EXPECT_EQ(found(), "7 inserted");
}

TEST_F(Chain, CutOff) {
    rows.resize(4);
    EXPECT_EQ(found(), "5 cut off");
}

TEST_F(Chain, CutOffWithItsHeadIsKnownFromElsewhere) {
    known = {head};
    rows.resize(4);
    head = attest::head_of(rows);
    EXPECT_EQ(found(), "5 cut off");
}

TEST_F(Chain, AllGone) {
    rows.clear();
    EXPECT_EQ(found(), "1 cut off");
}

}  // namespace
}  // namespace weir::ledger
