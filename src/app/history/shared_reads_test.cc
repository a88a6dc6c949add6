// SharedReads on a real loop and a real thread; what must wait waits for something, never for a
// time.
#include "app/history/shared_reads.h"

#include <atomic>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing/loopback.h"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

Reading said(const std::string& body, const std::string& failure = "") {
    Reading reading;
    reading.answer.body = body;
    reading.failure = failure;
    return reading;
}

SharedReads::Limits limits() {
    return {.keep = 1h, .keep_failures = 0s, .patience = 30s, .kept = 2};
}

struct SharedReadsTest : testing::Test {
    net::testing::Loopback net;
};

TEST_F(SharedReadsTest, ReadsOnceForAllWhoAskAtTheSameTime) {
    SharedReads reads(net.loop, limits());
    std::promise<void> go;
    const auto gone = go.get_future().share();
    std::atomic<int> times = 0;
    std::vector<std::string> heard;
    const auto ask = [&] {
        const auto reading = reads.ask("a", [&times, gone] {
            times += 1;
            gone.wait();
            return said("once");
        });
        heard.push_back(reading ? reading->answer.body : "nothing");
    };
    for (int i = 0; i < 3; ++i) net.spawn(ask);
    net.run([&] {
        go.set_value();
        ask();
        ask();
    });
    EXPECT_EQ(times, 1);
    EXPECT_THAT(heard, testing::ElementsAre("once", "once", "once", "once", "once"));
}

TEST_F(SharedReadsTest, KeepsWhatWasReadButNoFailures) {
    SharedReads reads(net.loop, limits());
    std::vector<std::string> heard;
    net.run([&] {
        heard.push_back(reads.ask("a", [] { return said("down", "no store"); })->failure);
        heard.push_back(reads.ask("a", [] { return said("up"); })->answer.body);
        heard.push_back(reads.ask("a", [] { return said("again"); })->answer.body);
        heard.push_back(reads.ask("b", [] { return said("other"); })->answer.body);
    });
    EXPECT_THAT(heard, testing::ElementsAre("no store", "up", "up", "other"));
}

TEST_F(SharedReadsTest, MakesRoomForNewKeysAndKeepsTheRest) {
    SharedReads reads(net.loop, limits());
    std::vector<std::string> heard;
    net.run([&] {
        for (const char* key : {"a", "b", "c", "c", "b", "a"}) {
            const std::string words = key + std::to_string(heard.size());
            heard.push_back(reads.ask(key, [words] { return said(words); })->answer.body);
        }
    });
    EXPECT_THAT(heard, testing::ElementsAre("a0", "b1", "c2", "c2", "b1", "a5"));
}

TEST_F(SharedReadsTest, GivesUpOnAReadThatHangsAndEndsWithoutIt) {
    auto impatient = limits();
    impatient.patience = 20ms;
    std::promise<void> go;
    const auto gone = go.get_future().share();
    const auto over = std::make_shared<std::promise<void>>();
    {
        SharedReads reads(net.loop, impatient);
        net.run([&] {
            EXPECT_EQ(reads.ask("a",
                                [gone, over] {
                                    gone.wait();
                                    over->set_value();
                                    return said("late");
                                }),
                      nullptr);
            // It waits behind the first, and is not read when its time comes at last.
            EXPECT_EQ(reads.ask("b", [] { return said("never"); }), nullptr);
            // Both that are kept are being waited for.
            EXPECT_EQ(reads.ask("c", [] { return said("full"); }), nullptr);
        });
        EXPECT_FALSE(reads.at_rest());
    }
    go.set_value();
    over->get_future().wait();
}

}  // namespace
}  // namespace weir::app
