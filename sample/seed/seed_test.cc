#include "sample/seed/seed.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>

#include <gtest/gtest.h>

#include "sample/db/sqlite.h"
#include "sample/seed/population.h"
#include "sample/testing/running.h"

namespace weir::sample {
namespace {

constexpr std::size_t few = 2000;

SeedFacts seed_in(const std::string& directory, SeedPlan plan) {
    const auto database = open_sqlite_database(directory, plan, write_sample_data);
    EXPECT_TRUE(database.ok()) << database.error().text;
    return database.value()->facts();
}

long one_number(Connection& connection, const std::string& sql) {
    long value = -1;
    const auto done = connection.query(sql, {}, [&](const Row& row) { value = row.number(0); });
    EXPECT_TRUE(done.ok());
    return value;
}

TEST(Seed, EqualSeedsMakeEqualData) {
    const ScratchDirectory one;
    const ScratchDirectory two;
    const auto first = seed_in(one.path(), {7, few});
    EXPECT_EQ(seed_in(two.path(), {7, few}).digest, first.digest);
    EXPECT_NE(seed_in(two.path(), {8, few}).digest, first.digest);
    EXPECT_NE(seed_in(two.path(), {7, few + 1}).digest, first.digest);
}

/// Guards the promise across compilers and releases: who changes the generator changes this line
/// and schema_version, knowingly.
TEST(Seed, TheDataOfSeedOneIsKnown) {
    const ScratchDirectory scratch;
    EXPECT_EQ(seed_in(scratch.path(), {1, few}).digest,
              "b82df7d683228ec9de4565a3364d8fa02992baaa6f0d9c747545587ab25761c6");
}

TEST(Seed, KeptDataIsFoundAgain) {
    const ScratchDirectory scratch;
    const auto made = seed_in(scratch.path(), {7, few});
    EXPECT_FALSE(made.reused);
    const auto found = seed_in(scratch.path(), {7, few});
    EXPECT_TRUE(found.reused);
    EXPECT_EQ(found.digest, made.digest);
}

TEST(Seed, ADamagedFileIsMadeAnew) {
    const ScratchDirectory scratch;
    const auto made = seed_in(scratch.path(), {7, few});
    for (const auto& file : std::filesystem::directory_iterator(scratch.path())) {
        std::ofstream(file.path(), std::ios::trunc) << "not a database";
    }
    const auto again = seed_in(scratch.path(), {7, few});
    EXPECT_FALSE(again.reused);
    EXPECT_EQ(again.digest, made.digest);
}

TEST(Seed, SharesAreHeavyTailedAndAddUp) {
    const auto shares = zipf_shares(60'000, contract_count);
    EXPECT_EQ(shares.size(), contract_count);
    EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), std::size_t{0}), 60'000U);
    EXPECT_GT(shares.front(), 12'000U);
    EXPECT_LT(shares.back(), 250U);
    EXPECT_TRUE(std::is_sorted(shares.rbegin(), shares.rend()));
}

TEST(Seed, TheFullSizeHasTheShapeOfTheRealData) {
    const auto database = open_database(shared_options());
    ASSERT_TRUE(database.ok()) << database.error().text;
    const auto connections = database.value()->connect(1);
    ASSERT_TRUE(connections.ok()) << connections.error().text;
    auto& db = *connections.value().front();
    EXPECT_EQ(one_number(db, "select count(*) from dynamic_framework_contract"), 60);
    EXPECT_EQ(one_number(db, "select count(*) from referral where sent_at is not null"), 60'000);
    EXPECT_EQ(one_number(db, "select count(*) from referral where sent_at is null"), 1500);
    EXPECT_LT(std::abs(one_number(db, "select count(*) from appointment") - 96'000), 1500);
    EXPECT_LT(std::abs(one_number(db, "select count(*) from action_plan") - 66'000), 1500);
    EXPECT_GT(one_number(db, "select count(*) from end_of_service_report"), 10'000);
    EXPECT_GT(one_number(db, "select count(*) from referral_assignments"), 50'000);
    EXPECT_EQ(one_number(db, "select count(*) from supplier_assessment"), 60'000);
    EXPECT_EQ(one_number(db,
                         "select count(*) from (select referral_id from referral_assignments where "
                         "not superseded group by referral_id having count(*) > 1) twice"),
              0);
}

TEST(Seed, TheHeaviestUserIsTheOneNamedSo) {
    const auto found = list_subjects(shared_options());
    ASSERT_TRUE(found.ok()) << found.error().text;
    EXPECT_EQ(found.value().front().user_name, "heavy");
    EXPECT_GT(found.value().front().open_referrals, 9000U);
    EXPECT_EQ(found.value().back().open_referrals, 0U) << "the newcomer";
}

}  // namespace
}  // namespace weir::sample
