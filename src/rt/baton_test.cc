#include "rt/baton.h"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "rt/fiber.h"
#include "rt/sim_loop.h"

namespace weir::rt {
namespace {

using base::Instant;
using std::chrono::milliseconds;

struct BatonTest : testing::Test {
    Fiber& spawn(Fiber::Body body) {
        fibers.push_back(std::make_unique<Fiber>(loop, stacks, io_stack_bytes, std::move(body)));
        fibers.back()->start();
        return *fibers.back();
    }
    SimLoop loop;
    StackPool stacks;
    Baton baton{loop};
    std::vector<std::unique_ptr<Fiber>> fibers;
    Wake wake = Wake::cancelled;
};

TEST_F(BatonTest, APostWakesTheWaiter) {
    spawn([&] { wake = baton.wait(); });
    spawn([&] { baton.post(); });
    loop.run();
    EXPECT_EQ(wake, Wake::posted);
    EXPECT_FALSE(baton.posted());
}

TEST_F(BatonTest, APostBeforeTheWaitIsRememberedOnce) {
    Wake second = Wake::posted;
    baton.post();
    baton.post();
    spawn([&] {
        wake = baton.wait();
        second = baton.wait(loop.now() + milliseconds(5));
    });
    loop.run();
    EXPECT_EQ(wake, Wake::posted);
    EXPECT_EQ(second, Wake::timed_out);
}

TEST_F(BatonTest, ResetForgetsAPost) {
    baton.post();
    baton.reset();
    spawn([&] { wake = baton.wait(loop.now() + milliseconds(5)); });
    loop.run();
    EXPECT_EQ(wake, Wake::timed_out);
}

TEST_F(BatonTest, TheDeadlineEndsTheWaitAtItsInstant) {
    const Instant began = loop.now();
    Instant ended{};
    spawn([&] {
        wake = baton.wait(loop.now() + milliseconds(250));
        ended = loop.now();
    });
    loop.run();
    EXPECT_EQ(wake, Wake::timed_out);
    EXPECT_EQ(ended - began, milliseconds(250));
}

TEST_F(BatonTest, ADeadlineInThePastDoesNotPark) {
    spawn([&] {
        const auto turns = loop.health().turns;
        wake = baton.wait(loop.now());
        EXPECT_EQ(loop.health().turns, turns);
    });
    loop.run();
    EXPECT_EQ(wake, Wake::timed_out);
}

TEST_F(BatonTest, APostInTheTurnOfTheDeadlineWins) {
    // A timer armed earlier for the same instant fires first and posts.
    Timer poster([](void* self) { static_cast<Baton*>(self)->post(); }, &baton);
    const Instant due = loop.now() + milliseconds(10);
    loop.arm(poster, due);
    spawn([&] { wake = baton.wait(due); });
    loop.run();
    EXPECT_EQ(wake, Wake::posted);
}

TEST_F(BatonTest, APostRightAfterTheDeadlineInItsTurnWinsToo) {
    // The waiter's timer fires first; its fiber has not resumed when the post comes.
    spawn([&] { wake = baton.wait(loop.now() + milliseconds(10)); });
    Timer poster([](void* self) { static_cast<Baton*>(self)->post(); }, &baton);
    loop.post([&] { loop.post([&] { loop.arm(poster, loop.now() + milliseconds(10)); }); });
    loop.run();
    EXPECT_EQ(wake, Wake::posted);
}

TEST_F(BatonTest, AWaitThatWasPostedLeavesNoTimerBehind) {
    spawn([&] { wake = baton.wait(loop.now() + std::chrono::hours(1)); });
    spawn([&] { baton.post(); });
    const Instant began = loop.now();
    loop.run();
    EXPECT_EQ(wake, Wake::posted);
    EXPECT_EQ(loop.now(), began);
}

TEST_F(BatonTest, SleepUntilSleepsUntilThen) {
    const Instant due = loop.now() + milliseconds(30);
    bool slept = false;
    spawn([&] { slept = sleep_until(loop, due); });
    loop.run();
    EXPECT_TRUE(slept);
    EXPECT_EQ(loop.now(), due);
}

TEST_F(BatonTest, TwoWaitersAtOnceAreABrokenPromise) {
    EXPECT_DEATH(
        {
            spawn([&] { wake = baton.wait(); });
            spawn([&] { wake = baton.wait(); });
            loop.run();
        },
        "CHECK failed");
}

}  // namespace
}  // namespace weir::rt
