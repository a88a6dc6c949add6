// The program as users start it: its line, its signals, its memory limit, what it leaves behind.
#include "sample/testing/program.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sample/memory_limit.h"
#include "sample/testing/running.h"

namespace weir::sample {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

const std::vector<std::string> ports{"--port", "0", "--auth-port", "0"};

std::vector<std::string> with_ports(std::vector<std::string> more) {
    more.insert(more.begin(), ports.begin(), ports.end());
    return more;
}

TEST(Program, SaysWhenItIsReadyAndStopsCleanly) {
    for (const int signal : {SIGTERM, SIGINT}) {
        const ScratchDirectory scratch;
        const auto ready_file = scratch.path() + "/ready";
        Program program(with_ports({"--referrals", "500", "--ready-file", ready_file,
                                    "--version-label", "1.2.3"}),
                        scratch.path());
        const auto line = json::parse(program.wait_until_ready(), nullptr, false);
        ASSERT_TRUE(line.is_object()) << program.errors();
        EXPECT_EQ(line["version"], "1.2.3");
        EXPECT_EQ(line["dashboard"], "paginated");
        std::ifstream file(ready_file);
        EXPECT_EQ(json::parse(file, nullptr, false), line);
        EXPECT_TRUE(fs::is_empty(scratch.path() + "/tmp")) << "data has no name while it is used";

        const auto page = sign_in_at(line.value("url", "") + "/", "heavy").page;
        EXPECT_EQ(page.heading(), "My cases");
        EXPECT_EQ(page.header("X-App-Version"), "1.2.3");
        EXPECT_TRUE(page.header("Server-Timing").starts_with("queue;dur="));

        program.send(signal);
        EXPECT_EQ(program.wait(), 0);
        EXPECT_EQ(program.errors(), "");
        EXPECT_FALSE(fs::exists(ready_file));
        EXPECT_TRUE(fs::is_empty(scratch.path() + "/tmp"));
    }
}

TEST(Program, ListsUsersHeaviestFirst) {
    const ScratchDirectory scratch;
    Program program({"--list-users", "--json", "--referrals", "3000"}, scratch.path());
    EXPECT_EQ(program.wait(), 0);
    const auto users = json::parse(program.output(), nullptr, false);
    ASSERT_TRUE(users.is_array());
    EXPECT_EQ(users[0]["userName"], "heavy");
    EXPECT_TRUE(fs::is_empty(scratch.path() + "/tmp"));
}

TEST(Program, RefusesABadCommandLine) {
    const std::vector<std::vector<std::string>> lines{
        {"--dashboard", "fast"}, {"--memory-limit", "much"}, {"--database", "mysql://x"},
        {"--referrals", "-5"},   {"--no-such-option"},       {"--port", "70000"}};
    for (const auto& arguments : lines) {
        const ScratchDirectory scratch;
        Program program(arguments, scratch.path());
        EXPECT_EQ(program.wait(), 2) << arguments[0];
        EXPECT_NE(program.errors(), "") << arguments[0];
    }
}

TEST(Program, SaysWhyItCannotStart) {
    const auto taken = running().facts().url;
    const ScratchDirectory scratch;
    Program program({"--referrals", "500", "--port", taken.substr(taken.rfind(':') + 1)},
                    scratch.path());
    EXPECT_EQ(program.wait(), 1);
    EXPECT_NE(program.errors().find("Address already in use"), std::string::npos);
    Program other(with_ports({"--database", "postgresql://127.0.0.1:1/none"}), scratch.path());
    EXPECT_EQ(other.wait(), 1);
    EXPECT_NE(other.errors().find("Cannot connect to PostgreSQL"), std::string::npos);
}

/// Visits the dashboard with several users at once until the service is gone or all are served.
unsigned visit_at_once(const std::string& url, std::size_t visitors) {
    std::vector<SignedIn> signed_in;
    for (std::size_t i = 0; i < visitors; ++i) signed_in.push_back(sign_in_at(url, "heavy"));
    std::atomic<unsigned> served{0};
    std::vector<std::thread> threads;
    for (auto& visitor : signed_in) {
        threads.emplace_back([&visitor, &served, &url] {
            const auto page = url + "service-provider/dashboard/all-open-cases";
            if (visitor.browser.get(page).status == 200) ++served;
        });
    }
    for (auto& thread : threads) thread.join();
    return served;
}

TEST(Program, DiesAboveItsMemoryLimitAndLeavesNothing) {
    if (sanitized) GTEST_SKIP() << "a sanitizer's own memory is above any limit";
    const ScratchDirectory scratch;
    const auto ready_file = scratch.path() + "/ready";
    Program program(with_ports({"--dashboard", "in-memory-paging", "--memory-limit", "300MiB",
                                "--ready-file", ready_file}),
                    scratch.path());
    const auto line = json::parse(program.wait_until_ready(), nullptr, false);
    ASSERT_TRUE(line.is_object()) << program.errors();
    const auto url = line.value("url", "") + "/";
    EXPECT_EQ(visit_at_once(url, 1), 1U) << "one user alone notices nothing";
    EXPECT_LT(visit_at_once(url, 6), 6U);
    EXPECT_EQ(program.wait(), 137) << "as an OOM-killed pod";
    EXPECT_NE(program.errors().find("out of memory: more than the limit of 300 MiB"),
              std::string::npos);
    EXPECT_FALSE(fs::exists(ready_file));
    EXPECT_TRUE(fs::is_empty(scratch.path() + "/tmp"));
}

TEST(Program, TheFixLivesFarBelowTheLimit) {
    if (sanitized) GTEST_SKIP() << "a sanitizer's own memory is above any limit";
    const ScratchDirectory scratch;
    Program program(with_ports({"--memory-limit", "150MiB"}), scratch.path());
    const auto line = json::parse(program.wait_until_ready(), nullptr, false);
    ASSERT_TRUE(line.is_object()) << program.errors();
    EXPECT_EQ(visit_at_once(line.value("url", "") + "/", 12), 12U);
    program.send(SIGTERM);
    EXPECT_EQ(program.wait(), 0);
}

TEST(MemoryLimit, AmountsAreReadWithTheirUnits) {
    EXPECT_EQ(parse_bytes("256MiB").value(), 256ULL << 20U);
    EXPECT_EQ(parse_bytes("1GiB").value(), 1ULL << 30U);
    EXPECT_EQ(parse_bytes("1500000").value(), 1'500'000ULL);
    EXPECT_EQ(parse_bytes("3MB").value(), 3'000'000ULL);
    for (const char* text : {"", "MiB", "0", "-1MiB", "1 MiB", "1TiBx", "99999999999999999999"}) {
        EXPECT_FALSE(parse_bytes(text).ok()) << text;
    }
}

}  // namespace
}  // namespace weir::sample
