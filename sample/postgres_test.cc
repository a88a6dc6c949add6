// The same service over PostgreSQL: the same data, the same pages.
#include "sample/db/postgres.h"

#include <gtest/gtest.h>

#include "sample/testing/cluster.h"
#include "sample/testing/running.h"

namespace weir::sample {
namespace {

constexpr std::size_t few = 4000;

class Postgres : public testing::Test {
protected:
    static void SetUpTestSuite() {
        if (Cluster::missing().empty()) cluster = std::make_unique<Cluster>();
    }
    static void TearDownTestSuite() { cluster.reset(); }

    void SetUp() override {
        if (const auto why = Cluster::missing(); !why.empty()) GTEST_SKIP() << why;
        ASSERT_TRUE(cluster->running()) << cluster->log();
    }

    static std::unique_ptr<Service> start(DashboardKind kind, bool on_postgres) {
        ServiceOptions options;
        options.plan = {3, few};
        options.dashboard = kind;
        options.workers = 3;
        if (on_postgres) options.database = cluster->address();
        auto service = Service::start(options);
        EXPECT_TRUE(service.ok()) << service.error().text;
        return service.ok() ? std::move(service.value()) : nullptr;
    }

    static std::unique_ptr<Cluster> cluster;
};

std::unique_ptr<Cluster> Postgres::cluster;

TEST_F(Postgres, ShowsTheSamePagesAsSqlite) {
    const auto sqlite = start(DashboardKind::paginated, false);
    ASSERT_TRUE(sqlite);
    for (const auto kind :
         {DashboardKind::paginated, DashboardKind::in_memory_paging, DashboardKind::unbounded}) {
        const auto postgres = start(kind, true);
        ASSERT_TRUE(postgres);
        EXPECT_EQ(postgres->facts().database, "postgresql");
        EXPECT_EQ(postgres->facts().digest, sqlite->facts().digest);
        EXPECT_EQ(postgres->facts().data_reused, kind != DashboardKind::paginated);
        for (const char* user : {"small", "medium", "heavy"}) {
            auto left = sign_in_at(sqlite->facts().url + "/", user);
            auto right = sign_in_at(postgres->facts().url + "/", user);
            for (const char* path :
                 {"/service-provider/dashboard/all-open-cases",
                  "/service-provider/dashboard/unassigned-cases",
                  "/service-provider/dashboard/completed-cases",
                  "/service-provider/dashboard/all-open-cases?open-case-search-text=o%27brien"}) {
                const auto wanted = left.browser.get(sqlite->facts().url + path);
                const auto given = right.browser.get(postgres->facts().url + path);
                // The unbounded page is longer; all others are equal to the byte.
                if (kind == DashboardKind::unbounded) {
                    EXPECT_EQ(given.between("<tbody", "</tr>"), wanted.between("<tbody", "</tr>"));
                } else {
                    EXPECT_EQ(given.body, wanted.body) << user << " " << path;
                }
            }
            const auto id =
                right.browser
                    .get(postgres->facts().url + "/service-provider/dashboard/all-open-cases")
                    .between("href=\"/referrals/", "/progress");
            for (const char* tab : {"/details", "/progress"}) {
                const auto path = "/referrals/" + id + tab;
                const auto given = right.browser.get(postgres->facts().url + path);
                EXPECT_EQ(given.status, 200U);
                EXPECT_EQ(given.body, left.browser.get(sqlite->facts().url + path).body);
            }
        }
    }
}

TEST_F(Postgres, OtherDataIsReplaced) {
    ServiceOptions options;
    options.database = cluster->address();
    options.plan = {4, 200};
    const auto first = open_database(options);
    ASSERT_TRUE(first.ok()) << first.error().text;
    options.plan = {5, 200};
    const auto second = open_database(options);
    ASSERT_TRUE(second.ok()) << second.error().text;
    EXPECT_FALSE(second.value()->facts().reused);
    EXPECT_NE(second.value()->facts().digest, first.value()->facts().digest);
}

TEST_F(Postgres, ABrokenStatementIsAnErrorAndTheConnectionGoesOn) {
    auto opened = open_postgres(cluster->address());
    ASSERT_TRUE(opened.ok());
    auto& connection = *opened.value();
    EXPECT_FALSE(connection.query("select nonsense", {}, [](const Row&) {}).ok());
    long value = 0;
    EXPECT_TRUE(
        connection.query("select 41 + 1", {}, [&](const Row& row) { value = row.number(0); }).ok());
    EXPECT_EQ(value, 42);
}

}  // namespace
}  // namespace weir::sample
