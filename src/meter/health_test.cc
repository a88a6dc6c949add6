#include "meter/health.h"

#include <gtest/gtest.h>

namespace weir::meter {
namespace {

using namespace std::chrono_literals;

TEST(ParseCpuTicks, AddsUpAllButGuestTime) {
    const CpuTicks ticks =
        parse_cpu_ticks("cpu  10 20 30 400 50 6 7 80 9 1\ncpu0 1 2 3 4 5 6 7 8 9 1\n");
    EXPECT_EQ(ticks.all, 603U);
    EXPECT_EQ(ticks.steal, 80U);
}

TEST(ParseCpuTicks, ReadsNothingFromOtherText) {
    EXPECT_EQ(parse_cpu_ticks("").all, 0U);
    EXPECT_EQ(parse_cpu_ticks("intr 1 2 3").all, 0U);
    EXPECT_EQ(parse_cpu_ticks("cpu  1 2").all, 3U);
    EXPECT_EQ(parse_cpu_ticks("cpu  1 x 2").all, 1U);
}

class HealthTest : public testing::Test {
protected:
    [[nodiscard]] MachineReader reader() {
        return [this] { return now; };
    }
    MachineReading now;
    base::Instant start{1h};
};

TEST_F(HealthTest, KeepsTheBusiestIntervalAndTheWhole) {
    now.cpu_user = 5s;  // before the run: does not count
    Health health(reader(), 2, start);
    now.cpu_user += 1s;
    now.cpu_system += 800ms;
    now.machine_ticks = 200;
    now.steal_ticks = 20;
    health.sample(start + 1s);
    now.cpu_user += 100ms;
    now.machine_ticks = 400;
    health.sample(start + 2s);
    const auto result = health.until(start + 4s);
    EXPECT_DOUBLE_EQ(result.cpu_busy_max, 0.9) << "1.8 s of 2 cores in one second";
    EXPECT_EQ(result.cpu_user, 1100ms);
    EXPECT_EQ(result.cpu_system, 800ms);
    EXPECT_EQ(result.observed, 4s);
    EXPECT_DOUBLE_EQ(result.steal_share_max, 0.1);
    EXPECT_DOUBLE_EQ(result.steal_share, 0.05);
}

TEST_F(HealthTest, KeepsHighWaterMarksAndTheWorstLoop) {
    Health health(reader(), 0, start);
    now.descriptors = 900;
    now.descriptors_limit = 1024;
    now.memory_bytes = 5000;
    health.sample(start + 1s);
    now.descriptors = 10;
    now.memory_bytes = 10;
    health.sample(start + 2s);
    health.note_loop({.stall_max = 3ms, .stalls = 0, .turns = 1, .busy = {}});
    health.note_loop({.stall_max = 40ms, .stalls = 2, .turns = 1, .busy = {}});
    const auto result = health.until(start + 3s);
    EXPECT_EQ(result.descriptors_most, 900U);
    EXPECT_EQ(result.descriptors_limit, 1024U);
    EXPECT_EQ(result.memory_most_bytes, 5000U);
    EXPECT_EQ(result.loop_stall_max, 40ms);
    EXPECT_EQ(result.loop_stalls, 2U);
    EXPECT_EQ(result.workers, 2U);
    EXPECT_EQ(result.cores, 1U);
}

TEST_F(HealthTest, AnIntervalTooShortToMeanAnythingIsLeftOut) {
    Health health(reader(), 1, start);
    now.cpu_user += 10ms;  // one tick of the kernel in one millisecond
    health.sample(start + 1ms);
    EXPECT_EQ(health.until(start + 1s).cpu_busy_max, 0.01);
}

TEST(ReadMachine, SeesThisProcess) {
    const MachineReading reading = read_machine();
    EXPECT_GT(reading.memory_bytes, 0U);
    EXPECT_GT(reading.descriptors, 2U);
    EXPECT_GT(reading.descriptors_limit, 0U);
    EXPECT_GT(reading.machine_ticks, 0U);
}

}  // namespace
}  // namespace weir::meter
