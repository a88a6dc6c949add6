// Store: a store of the test's own, in SQLite and on a PostgreSQL server of its own.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "ledger/ledger.h"
#include "sample/testing/cluster.h"

namespace weir::ledger {

/// A scratch directory; for the other half of the tests a database of their own, on one PostgreSQL
/// server for each suite.
class Store : public testing::TestWithParam<const char*> {
protected:
    static void SetUpTestSuite() {
        if (sample::Cluster::missing().empty()) cluster = std::make_unique<sample::Cluster>();
    }
    static void TearDownTestSuite() { cluster.reset(); }
    void SetUp() override {
        if (on_postgres() && !cluster) GTEST_SKIP() << sample::Cluster::missing();
        if (on_postgres()) {
            ASSERT_TRUE(cluster->running()) << cluster->log();
            url = cluster->address();
            const std::string name = "test_" + std::to_string(++databases);
            ASSERT_TRUE(by_hand("CREATE DATABASE " + name));
            url.replace(url.find("/postgres?") + 1, std::string_view("postgres").size(), name);
            return;
        }
        char pattern[] = "/tmp/weir-store-XXXXXX";
        directory = mkdtemp(pattern);
        url = "sqlite:" + directory + "/history.db";
    }
    void TearDown() override {
        if (!directory.empty()) std::filesystem::remove_all(directory);
    }
    [[nodiscard]] bool on_postgres() const { return std::string_view(GetParam()) == "postgres"; }

    Ledger open() {
        auto ledger = Ledger::open(url);
        EXPECT_TRUE(ledger.ok()) << ledger.error().text;
        return std::move(ledger).value();
    }

    /// Statements, by the database's own program.
    [[nodiscard]] bool by_hand(const std::string& sql) const {
        const std::string program =
            on_postgres() ? "psql -q -v ON_ERROR_STOP=1 '" + url + "'"
                          : "python3 -c \"import sqlite3, sys; d = sqlite3.connect('" + directory +
                                "/history.db'); d.executescript(sys.stdin.read()); d.commit()\"";
        FILE* const pipe = popen(program.c_str(), "w");
        if (pipe == nullptr) return false;
        std::fputs(sql.c_str(), pipe);
        return pclose(pipe) == 0;
    }

    std::string directory;
    std::string url;
    inline static std::unique_ptr<sample::Cluster> cluster;
    inline static int databases = 0;
};

#define WEIR_ON_BOTH_DATABASES(Suite)                                                 \
    INSTANTIATE_TEST_SUITE_P(Databases, Suite, testing::Values("sqlite", "postgres"), \
                             [](const auto& each) { return std::string(each.param); })

}  // namespace weir::ledger
