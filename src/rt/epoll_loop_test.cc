#include "rt/epoll_loop.h"

#include <array>
#include <csignal>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rt/baton.h"
#include "rt/fiber.h"
#include "rt/mailbox.h"
#include "rt/signals.h"
#include "rt/worker.h"

namespace weir::rt {
namespace {

using base::Instant;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct SocketPair {
    SocketPair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0); }
    ~SocketPair() {
        close(ends[0]);
        close_other();
    }
    void close_other() {
        if (ends[1] >= 0) close(ends[1]);
        ends[1] = -1;
    }
    std::array<int, 2> ends{-1, -1};
};

struct EpollLoopTest : testing::Test {
    Fiber& spawn(Fiber::Body body) {
        fibers.push_back(std::make_unique<Fiber>(loop, stacks, io_stack_bytes, std::move(body)));
        fibers.back()->start();
        return *fibers.back();
    }
    EpollLoop loop;
    StackPool stacks;
    std::vector<std::unique_ptr<Fiber>> fibers;
};

TEST_F(EpollLoopTest, ReturnsWhenThereIsNothingLeftToDo) {
    loop.run();
    bool ran = false;
    loop.post([&] { ran = true; });
    loop.run();
    EXPECT_TRUE(ran);
}

TEST_F(EpollLoopTest, SleepsUntilTheTimerAndNotLess) {
    const Instant due = loop.now() + milliseconds(5);
    Instant woke{};
    spawn([&] {
        EXPECT_TRUE(sleep_until(loop, due));
        woke = loop.clock().now();
    });
    loop.run();
    EXPECT_GE(woke, due);
}

TEST_F(EpollLoopTest, WaitsForAFiberThatIsParkedOnADescriptor) {
    SocketPair pair;
    char got = 0;
    spawn([&] {
        Readiness ready(loop);
        ASSERT_TRUE(ready.add(pair.ends[0]));
        ASSERT_EQ(ready.wait_readable(base::never), Wake::posted);
        EXPECT_EQ(read(pair.ends[0], &got, 1), 1);
    });
    std::thread writer([&] { EXPECT_EQ(write(pair.ends[1], "x", 1), 1); });
    loop.run();
    writer.join();
    EXPECT_EQ(got, 'x');
}

TEST_F(EpollLoopTest, ReadinessKnowsWhatItWasTold) {
    SocketPair pair;
    spawn([&] {
        Readiness ready(loop);
        ASSERT_TRUE(ready.add(pair.ends[0]));
        ASSERT_EQ(ready.wait_writable(loop.now() + seconds(5)), Wake::posted);
        EXPECT_FALSE(ready.readable());
        EXPECT_EQ(ready.wait_readable(loop.now() + milliseconds(1)), Wake::timed_out);
        ASSERT_EQ(write(pair.ends[1], "x", 1), 1);
        ASSERT_EQ(ready.wait_readable(loop.now() + seconds(5)), Wake::posted);
        EXPECT_FALSE(ready.ended());
        ready.drained();
        EXPECT_FALSE(ready.readable());
        pair.close_other();
        ASSERT_EQ(ready.wait_readable(loop.now() + seconds(5)), Wake::posted);
        EXPECT_TRUE(ready.ended());
        ready.drained();
        EXPECT_TRUE(ready.readable()) << "after the end there is no further edge";
    });
    loop.run();
}

TEST_F(EpollLoopTest, CancelEndsAWaitForADescriptor) {
    SocketPair pair;
    Wake wake = Wake::posted;
    Fiber& waiter = spawn([&] {
        Readiness ready(loop);
        ASSERT_TRUE(ready.add(pair.ends[0]));
        wake = ready.wait_readable(base::never);
    });
    loop.post([&] { loop.post([&] { waiter.cancel(); }); });
    loop.run();
    EXPECT_EQ(wake, Wake::cancelled);
}

TEST_F(EpollLoopTest, AWatchRemovedByAnotherInTheSameBatchHearsNothing) {
    SocketPair one;
    SocketPair two;
    struct Listener {
        explicit Listener(EpollLoop& on) : watch(on, &Listener::hear, this) {}
        static void hear(void* self, std::uint32_t) {
            auto* const here = static_cast<Listener*>(self);
            here->heard += 1;
            here->other->watch.remove();
        }
        Watch watch;
        Listener* other = nullptr;
        int heard = 0;
    };
    Listener a(loop);
    Listener b(loop);
    a.other = &b;
    b.other = &a;
    ASSERT_TRUE(a.watch.add(one.ends[0]));
    ASSERT_TRUE(b.watch.add(two.ends[0]));
    loop.post([] {});
    loop.run();
    EXPECT_EQ(a.heard + b.heard, 1);
}

TEST_F(EpollLoopTest, TasksFromOtherThreadsRunWhileHeld) {
    int ran = 0;
    loop.hold(true);
    std::thread other([&] {
        for (int i = 0; i < 100; ++i) {
            loop.post_from_any_thread([&] {
                EXPECT_EQ(loop.current(), nullptr);
                if (++ran == 100) loop.hold(false);
            });
        }
    });
    loop.run();
    other.join();
    EXPECT_EQ(ran, 100);
}

TEST_F(EpollLoopTest, StopEndsARunThatHasMoreToDo) {
    int turns = 0;
    std::function<void()> again = [&] {
        if (++turns == 20) loop.stop();
        loop.post(again);
    };
    loop.post(again);
    loop.run();
    EXPECT_EQ(turns, 20);
}

TEST_F(EpollLoopTest, FibersThatAreAlwaysReadyDoNotKeepIoOut) {
    SocketPair pair;
    ASSERT_EQ(write(pair.ends[1], "x", 1), 1);
    bool read_something = false;
    spawn([&] {
        Readiness ready(loop);
        ASSERT_TRUE(ready.add(pair.ends[0]));
        read_something = ready.wait_readable(loop.now() + seconds(10)) == Wake::posted;
    });
    std::function<void()> busy = [&] {
        if (!read_something) loop.post(busy);
    };
    loop.post(busy);
    loop.run();
    EXPECT_TRUE(read_something);
}

TEST_F(EpollLoopTest, AnHonestStallIsCounted) {
    // Work that holds the thread for 20 ms while a timer is due.
    Timer timer([](void*) {}, nullptr);
    loop.arm(timer, loop.now() + milliseconds(1));
    loop.post([&] {
        const Instant until = loop.clock().now() + milliseconds(20);
        while (loop.clock().now() < until) {
        }
    });
    loop.run();
    EXPECT_GE(loop.health().stall_max, milliseconds(15));
    EXPECT_GE(loop.health().stalls, 1U);
    EXPECT_GE(loop.health().busy, milliseconds(20));
}

TEST_F(EpollLoopTest, SignalsArriveAsTasksAndAreCounted) {
    std::vector<std::pair<int, unsigned>> seen;
    const SignalWatch signals(loop, [&](int signal, unsigned nth) {
        seen.emplace_back(signal, nth);
        if (nth == 2) loop.hold(false);
        if (nth == 1) raise(SIGTERM);
    });
    loop.hold(true);
    raise(SIGINT);
    loop.run();
    EXPECT_EQ(seen, (std::vector<std::pair<int, unsigned>>{{SIGINT, 1}, {SIGTERM, 2}}));
}

TEST(Worker, RunsItsBodyOnAThreadOfItsOwn) {
    Worker worker({.name = "weir-test-with-a-long-name", .cpu = 0});
    std::thread::id id;
    int ran = 0;
    const auto started = worker.start([&](EpollLoop& loop) {
        id = std::this_thread::get_id();
        loop.hold(true);
        loop.run();
    });
    ASSERT_TRUE(started.ok());
    worker.loop().post_from_any_thread([&] {
        ++ran;
        worker.loop().stop();
    });
    worker.join();
    EXPECT_EQ(ran, 1);
    EXPECT_NE(id, std::this_thread::get_id());
    EXPECT_GE(usable_cpus(), 1U);
}

TEST(Mailbox, KeepsOrderAndSaysWhenItIsFull) {
    Mailbox<std::unique_ptr<int>> box(2);
    EXPECT_TRUE(box.put(std::make_unique<int>(1)));
    EXPECT_TRUE(box.put(std::make_unique<int>(2)));
    auto third = std::make_unique<int>(3);
    EXPECT_FALSE(box.put(std::move(third)));
    ASSERT_NE(third, nullptr);  // NOLINT(bugprone-use-after-move): a refused value is untouched
    EXPECT_EQ(**box.take(), 1);
    EXPECT_TRUE(box.put(std::move(third)));
    EXPECT_EQ(**box.take(), 2);
    EXPECT_EQ(**box.take(), 3);
    EXPECT_FALSE(box.take().has_value());
}

TEST(Mailbox, CarriesEverythingBetweenTwoThreads) {
    constexpr int count = 20000;
    Mailbox<int> box(64);
    std::thread writer([&] {
        for (int i = 0; i < count; ++i) {
            while (!box.put(int{i})) std::this_thread::yield();
        }
    });
    for (int expected = 0; expected < count;) {
        const auto value = box.take();
        if (!value) {
            std::this_thread::yield();
            continue;
        }
        ASSERT_EQ(*value, expected);
        ++expected;
    }
    writer.join();
}

}  // namespace
}  // namespace weir::rt
