#include "rt/fiber.h"

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rt/baton.h"
#include "rt/sim_loop.h"

namespace weir::rt {
namespace {

using base::Instant;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct FiberTest : testing::Test {
    std::unique_ptr<Fiber> spawn(Fiber::Body body) {
        auto fiber = std::make_unique<Fiber>(loop, stacks, io_stack_bytes, std::move(body));
        fiber->start();
        return fiber;
    }
    SimLoop loop;
    StackPool stacks;
};

TEST_F(FiberTest, BeginsInALaterTurnAndRunsToItsEnd) {
    bool ran = false;
    const auto fiber = spawn([&] { ran = true; });
    EXPECT_FALSE(ran);
    loop.run();
    EXPECT_TRUE(ran);
    EXPECT_TRUE(fiber->done());
}

TEST_F(FiberTest, IsTheLoopsCurrentFiberOnlyWhileItRuns) {
    Fiber* seen = nullptr;
    const auto fiber = spawn([&] {
        EXPECT_TRUE(sleep_until(loop, loop.now() + milliseconds(1)));
        seen = loop.current();
    });
    loop.post([&] { EXPECT_EQ(loop.current(), nullptr); });
    loop.run();
    EXPECT_EQ(seen, fiber.get());
    EXPECT_EQ(loop.current(), nullptr);
}

TEST_F(FiberTest, ResumesInOrderOfReadiness) {
    std::string order;
    const auto a = spawn([&] { order += 'a'; });
    const auto b = spawn([&] { order += 'b'; });
    const auto c = spawn([&] { order += 'c'; });
    loop.run();
    EXPECT_EQ(order, "abc");
}

TEST_F(FiberTest, KeepsItsLocalsOverParks) {
    std::string result;
    const auto fiber = spawn([&] {
        std::string text = "begun";
        for (int i = 0; i < 3; ++i) {
            ASSERT_TRUE(sleep_until(loop, loop.now() + milliseconds(1)));
            text += std::to_string(i);
        }
        result = text;
    });
    loop.run();
    EXPECT_EQ(result, "begun012");
}

TEST_F(FiberTest, OnDoneRunsOnTheLoopsStackAndMayDestroyTheFiber) {
    std::unique_ptr<Fiber> fiber = spawn([] {});
    bool called = false;
    fiber->on_done([&] {
        EXPECT_EQ(loop.current(), nullptr);
        called = true;
        fiber.reset();
    });
    loop.run();
    EXPECT_TRUE(called);
    EXPECT_EQ(fiber, nullptr);
}

TEST_F(FiberTest, CancelWakesAParkedFiber) {
    Wake wake = Wake::posted;
    Baton baton(loop);
    const auto fiber = spawn([&] { wake = baton.wait(); });
    loop.run();
    EXPECT_FALSE(fiber->done());
    fiber->cancel();
    loop.run();
    EXPECT_EQ(wake, Wake::cancelled);
    EXPECT_TRUE(fiber->done());
}

TEST_F(FiberTest, EachLaterWaitOfACancelledFiberIsCancelledAtOnce) {
    std::vector<Wake> wakes;
    Baton baton(loop);
    const auto fiber = spawn([&] {
        wakes.push_back(baton.wait());
        baton.post();
        wakes.push_back(baton.wait());
        EXPECT_FALSE(sleep_until(loop, loop.now() + seconds(1)));
    });
    loop.run();
    const Instant before = loop.now();
    fiber->cancel();
    loop.run();
    EXPECT_THAT(wakes, (std::vector{Wake::cancelled, Wake::cancelled}));
    EXPECT_EQ(loop.now(), before);
}

TEST_F(FiberTest, CancelledBeforeItBeginsItSeesThatAtItsFirstWait) {
    Wake wake = Wake::posted;
    Baton baton(loop);
    const auto fiber = spawn([&] { wake = baton.wait(); });
    fiber->cancel();
    loop.run();
    EXPECT_EQ(wake, Wake::cancelled);
}

TEST_F(FiberTest, CancelAfterAPostInTheSameTurnWins) {
    Wake wake = Wake::posted;
    Baton baton(loop);
    const auto fiber = spawn([&] { wake = baton.wait(); });
    loop.run();
    baton.post();
    fiber->cancel();
    fiber->cancel();
    loop.run();
    EXPECT_EQ(wake, Wake::cancelled);
    EXPECT_TRUE(fiber->done());
}

TEST_F(FiberTest, CancelWhenDoneChangesNothing) {
    const auto fiber = spawn([] {});
    loop.run();
    fiber->cancel();
    EXPECT_FALSE(fiber->cancelled());
}

TEST_F(FiberTest, OneThatNeverBeganMayBeDestroyed) {
    const Fiber fiber(loop, stacks, io_stack_bytes, [] {});
    EXPECT_FALSE(fiber.done());
}

TEST_F(FiberTest, DestroyingAParkedFiberIsABrokenPromise) {
    EXPECT_DEATH(
        {
            Baton baton(loop);
            auto fiber = spawn([&] { static_cast<void>(baton.wait()); });
            loop.run();
            fiber.reset();
        },
        "CHECK failed");
}

TEST_F(FiberTest, ParkingInsideACatchBlockIsABrokenPromise) {
    EXPECT_DEATH(
        {
            const auto fiber = spawn([&] {
                try {
                    static_cast<void>(std::string("x").at(1));
                } catch (const std::exception&) {
                    static_cast<void>(sleep_until(loop, loop.now() + seconds(1)));
                }
            });
            loop.run();
        },
        "CHECK failed");
}

TEST_F(FiberTest, ExceptionsStayWithinAFiber) {
    int caught = 0;
    std::vector<std::unique_ptr<Fiber>> fibers;
    for (int i = 0; i < 4; ++i) {
        fibers.push_back(spawn([&] {
            for (int k = 0; k < 3; ++k) {
                ASSERT_TRUE(sleep_until(loop, loop.now() + milliseconds(1)));
                try {
                    static_cast<void>(std::string("x").at(1));
                } catch (const std::exception&) {
                    ++caught;
                }
            }
        }));
    }
    loop.run();
    EXPECT_EQ(caught, 12);
}

TEST_F(FiberTest, HundredsOfFibersWakeEachOther) {
    constexpr int count = 300;  // a ring that hands one token around
    std::vector<std::unique_ptr<Baton>> batons;
    for (int i = 0; i < count; ++i) batons.push_back(std::make_unique<Baton>(loop));
    std::vector<std::unique_ptr<Fiber>> fibers;
    int passed = 0;
    for (std::size_t i = 0; i < count; ++i) {
        fibers.push_back(spawn([&, i] {
            for (int round = 0; round < 10; ++round) {
                if (batons[i]->wait() != Wake::posted) return;
                ++passed;
                batons[(i + 1) % count]->post();
            }
        }));
    }
    batons[0]->post();
    loop.run();
    EXPECT_EQ(passed, count * 10);
    for (const auto& fiber : fibers) EXPECT_TRUE(fiber->done());
}

TEST_F(FiberTest, CancellingHundredsEndsThemAll) {
    Baton never_posted(loop);
    std::vector<std::unique_ptr<Fiber>> fibers;
    int ended = 0;
    for (int i = 0; i < 300; ++i) {
        fibers.push_back(spawn([&, i] {
            while (sleep_until(loop, loop.now() + milliseconds(1 + i % 7))) {
            }
            ++ended;
        }));
    }
    loop.run_until(loop.now() + milliseconds(50));
    for (const auto& fiber : fibers) fiber->cancel();
    loop.run();
    EXPECT_EQ(ended, 300);
}

TEST_F(FiberTest, HasTheStackItAskedFor) {
    bool deep = false;
    Fiber fiber(loop, stacks, script_stack_bytes, [&] {
        volatile char room[200 * 1024];
        room[0] = 1;
        room[sizeof room - 1] = 1;
        deep = room[0] == 1;
    });
    EXPECT_GE(fiber.stack_bytes(), script_stack_bytes);
    fiber.start();
    loop.run();
    EXPECT_TRUE(deep);
}

TEST(StackPool, HandsOutTheWarmestStackOfThatSize) {
    StackPool pool;
    Stack a = pool.take(64 * 1024);
    Stack b = pool.take(64 * 1024);
    Stack big = pool.take(256 * 1024);
    const void* const bottom_a = a.bottom();
    const void* const bottom_b = b.bottom();
    pool.give_back(std::move(a));
    pool.give_back(std::move(b));
    pool.give_back(std::move(big));
    const Stack first = pool.take(64 * 1024);
    const Stack second = pool.take(64 * 1024);
    EXPECT_EQ(first.bottom(), bottom_b);
    EXPECT_EQ(second.bottom(), bottom_a);
}

TEST(StackPool, StacksAreWholePagesAndWritableToTheEnds) {
    const Stack stack(5000);
    EXPECT_EQ(stack.size(), 8192U);
    std::memset(stack.bottom(), 1, stack.size());
    EXPECT_EQ(static_cast<char*>(stack.top()) - static_cast<char*>(stack.bottom()), 8192);
}

TEST(StackPool, BelowAStackIsAGuard) {
    const Stack stack(4096);
    EXPECT_DEATH(static_cast<volatile char*>(stack.bottom())[-1] = 1, "");
}

}  // namespace
}  // namespace weir::rt
