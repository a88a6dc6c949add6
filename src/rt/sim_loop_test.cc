#include "rt/sim_loop.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "rt/baton.h"
#include "rt/fiber.h"

namespace weir::rt {
namespace {

using base::Instant;
using base::Nanos;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Alarm {
    Alarm(std::vector<int>& into, int id) : timer(&Alarm::fire, this), log(&into), number(id) {}
    static void fire(void* self) {
        auto* const here = static_cast<Alarm*>(self);
        here->log->push_back(here->number);
    }
    Timer timer;
    std::vector<int>* log;
    int number;
};

TEST(Timers, FireInOrderOfDueThenOfArming) {
    SimLoop loop;
    std::vector<int> log;
    Alarm late(log, 3);
    Alarm first(log, 1);
    Alarm second(log, 2);
    const Instant now = loop.now();
    loop.arm(late.timer, now + milliseconds(20));
    loop.arm(first.timer, now + milliseconds(10));
    loop.arm(second.timer, now + milliseconds(10));
    loop.run();
    EXPECT_EQ(log, (std::vector{1, 2, 3}));
    EXPECT_EQ(loop.now(), now + milliseconds(20));
    EXPECT_FALSE(late.timer.armed());
}

TEST(Timers, ReArmingMovesAndCancellingRemoves) {
    SimLoop loop;
    std::vector<int> log;
    Alarm moved(log, 1);
    Alarm gone(log, 2);
    Alarm never(log, 3);
    const Instant now = loop.now();
    loop.arm(moved.timer, now + seconds(1));
    loop.arm(moved.timer, now + milliseconds(1));
    loop.arm(gone.timer, now + milliseconds(1));
    loop.cancel(gone.timer);
    loop.arm(never.timer, now + milliseconds(1));
    loop.arm(never.timer, base::never);
    loop.run();
    EXPECT_EQ(log, std::vector{1});
    EXPECT_EQ(loop.now(), now + milliseconds(1));
}

TEST(Timers, ADestroyedTimerDoesNotFire) {
    SimLoop loop;
    std::vector<int> log;
    {
        Alarm gone(log, 1);
        loop.arm(gone.timer, loop.now() + milliseconds(1));
    }
    loop.run();
    EXPECT_TRUE(log.empty());
}

TEST(Timers, OneThatReArmsItselfForNowDoesNotStopTheTurn) {
    SimLoop loop;
    struct Repeat {
        SimLoop* loop;
        int left = 100;
        Timer timer{[](void* self) {
                        auto* const here = static_cast<Repeat*>(self);
                        if (--here->left > 0) here->loop->arm(here->timer, here->loop->now());
                    },
                    this};
    } repeat{&loop};
    loop.arm(repeat.timer, loop.now());
    loop.run();
    EXPECT_EQ(repeat.left, 0);
    EXPECT_GE(loop.health().turns, 100U);
}

TEST(Timers, RandomArmingAndCancellingFiresTheRestInOrder) {
    base::Random random(7);
    SimLoop loop;
    std::vector<int> log;
    std::vector<std::unique_ptr<Alarm>> alarms;
    std::vector<std::pair<Nanos, int>> expected;
    for (int i = 0; i < 2000; ++i) alarms.push_back(std::make_unique<Alarm>(log, i));
    for (int i = 0; i < 2000; ++i) {
        const Nanos delay(static_cast<Nanos::rep>(random.below(100)));
        loop.arm(alarms[static_cast<std::size_t>(i)]->timer, loop.now() + delay);
        if (random.below(3) == 0) {
            loop.cancel(alarms[static_cast<std::size_t>(i)]->timer);
        } else {
            expected.emplace_back(delay, i);
        }
        const auto other = random.below(2000);
        const bool armed = alarms[other]->timer.armed();
        if (random.below(4) != 0 || !armed) continue;
        loop.cancel(alarms[other]->timer);
        std::erase_if(expected, [&](const auto& e) { return e.second == static_cast<int>(other); });
    }
    std::stable_sort(expected.begin(), expected.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    loop.run();
    std::vector<int> wanted;
    for (const auto& [delay, number] : expected) wanted.push_back(number);
    EXPECT_EQ(log, wanted);
}

TEST(SimLoop, JumpsOverIdleTime) {
    SimLoop loop;
    std::vector<int> log;
    Alarm alarm(log, 1);
    loop.arm(alarm.timer, loop.now() + std::chrono::hours(48));
    loop.run();
    EXPECT_EQ(log.size(), 1U);
    EXPECT_EQ(loop.health().turns, 1U);
}

TEST(SimLoop, RunUntilLeavesLaterTimersAloneAndEndsThere) {
    SimLoop loop;
    std::vector<int> log;
    Alarm early(log, 1);
    Alarm late(log, 2);
    const Instant now = loop.now();
    loop.arm(early.timer, now + seconds(1));
    loop.arm(late.timer, now + seconds(3));
    loop.run_until(now + seconds(2));
    EXPECT_EQ(log, std::vector{1});
    EXPECT_EQ(loop.now(), now + seconds(2));
    loop.run();
    EXPECT_EQ(log, (std::vector{1, 2}));
}

TEST(SimLoop, StopEndsTheRunAfterTheTurn) {
    SimLoop loop;
    std::vector<int> log;
    Alarm alarm(log, 1);
    loop.arm(alarm.timer, loop.now() + seconds(1));
    loop.post([&] { loop.stop(); });
    loop.run();
    EXPECT_TRUE(log.empty());
    loop.run();
    EXPECT_EQ(log.size(), 1U);
}

TEST(SimLoop, TasksRunInALaterTurnInOrder) {
    SimLoop loop;
    std::string order;
    loop.post([&] {
        order += 'a';
        loop.post([&] { order += 'c'; });
    });
    loop.post_from_any_thread([&] { order += 'b'; });
    EXPECT_EQ(order, "");
    loop.run();
    EXPECT_EQ(order, "abc");
}

TEST(SimLoop, NowStaysTheSameInATurnWhileTheClockMoves) {
    SimLoop loop;
    loop.post([&] {
        const Instant began = loop.now();
        loop.spend(milliseconds(3));
        EXPECT_EQ(loop.now(), began);
        EXPECT_EQ(loop.clock().now(), began + milliseconds(3));
    });
    loop.run();
}

TEST(SimLoop, WorkThatTakesTimeMakesTimersLateAndIsMeasured) {
    SimLoop loop;
    StackPool stacks;
    Instant woke{};
    const Instant due = loop.now() + milliseconds(10);
    Fiber sleeper(loop, stacks, io_stack_bytes, [&] {
        ASSERT_TRUE(sleep_until(loop, due));
        woke = loop.now();
    });
    Fiber busy(loop, stacks, io_stack_bytes, [&] { loop.spend(milliseconds(100)); });
    sleeper.start();
    busy.start();
    const Instant began = loop.now();
    loop.run();
    EXPECT_EQ(woke - began, milliseconds(100));
    EXPECT_EQ(loop.health().stall_max, milliseconds(90));
    EXPECT_EQ(loop.health().stalls, 1U);
    EXPECT_EQ(loop.health().busy, milliseconds(100));
}

TEST(SimLoop, ATurnCostModelsASlowGenerator) {
    SimLoop loop;
    loop.set_turn_cost(milliseconds(2));
    const Instant began = loop.clock().now();
    loop.post([&] { loop.post([] {}); });
    loop.run();
    EXPECT_EQ(loop.clock().now() - began, milliseconds(4));
    EXPECT_EQ(loop.health().stall_max, milliseconds(2));
    EXPECT_EQ(loop.health().stalls, 0U);
}

TEST(SimLoop, CivilTimeRunsAlong) {
    SimLoop loop;
    const auto before = loop.clock().wall();
    loop.run_until(loop.now() + seconds(5));
    EXPECT_EQ(loop.clock().wall() - before, seconds(5));
}

}  // namespace
}  // namespace weir::rt
