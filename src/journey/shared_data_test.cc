#include "journey/shared_data.h"

#include <atomic>
#include <vector>

#include <gtest/gtest.h>

namespace weir::journey {
namespace {

SharedData::Elements one(std::string_view text) {
    auto made = std::make_shared<SharedElements>();
    made->add(text);
    made->done();
    return made;
}

TEST(SharedElements, AreFoundByIndex) {
    SharedElements elements;
    for (const char* text : {"1", "", "\"abc\""}) elements.add(text);
    ASSERT_EQ(elements.size(), 3U);
    EXPECT_EQ(elements.at(0), "1");
    EXPECT_EQ(elements.at(1), "");
    EXPECT_EQ(elements.at(2), "\"abc\"");
}

TEST(SharedData, BuildsOnceThoughManyThreadsAskAtOnce) {
    SharedData shared;
    std::atomic<int> built{0};
    std::vector<SharedData::Elements> got(8);
    std::vector<std::thread> threads;
    for (auto& each : got) {
        threads.emplace_back([&shared, &built, &each] {
            each = shared.array("users", [&built] {
                built += 1;
                return one("1");
            });
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(built.load(), 1);
    for (const auto& each : got) EXPECT_EQ(each, got[0]);
}

TEST(SharedData, AFailedBuildMayBeTriedAgain) {
    SharedData shared;
    EXPECT_EQ(shared.array("a", [] { return SharedData::Elements(); }), nullptr);
    EXPECT_NE(shared.array("a", [] { return one("1"); }), nullptr);
}

TEST(SharedData, TheSameThreadMayAskWhileItBuilds) {
    // Two users of one worker, the first of which parked inside its function.
    SharedData shared;
    SharedData::Elements inner;
    const auto outer = shared.array("a", [&] {
        inner = shared.array("a", [] { return one("2"); });
        return one("1");
    });
    EXPECT_EQ(outer, inner);
    EXPECT_EQ(outer->at(0), "2");
}

TEST(SharedData, ReadsAFileOnce) {
    int reads = 0;
    SharedData shared([&reads](const std::string& path) -> base::Result<std::string> {
        reads += 1;
        if (path == "/missing") return base::Error{base::Code::not_found, "no such file"};
        return "text of " + path;
    });
    EXPECT_EQ(*shared.file("/a").value(), "text of /a");
    EXPECT_EQ(shared.file("/a").value(), shared.file("/a").value());
    EXPECT_EQ(reads, 1);
    EXPECT_FALSE(shared.file("/missing").ok());
}

TEST(ReadFile, SaysWhyNot) {
    EXPECT_EQ(read_file("/no/such/file").error().code, base::Code::not_found);
    EXPECT_NE(read_file("/").error().text.find("directory"), std::string::npos);
}

}  // namespace
}  // namespace weir::journey
