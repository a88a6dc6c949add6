#include "app/watch/metrics_text.h"

#include <gtest/gtest.h>

namespace weir::app {
namespace {

TEST(ReadMetrics, FindsTheStandardNames) {
    const auto reading = read_metrics(
        "# HELP process_start_time_seconds Start time\n"
        "process_start_time_seconds 1.7e9\n"
        "process_resident_memory_bytes 1048576 1700000000000\n"
        "process_cpu_seconds_total 12.5\n"
        "node_cpu_seconds_total{cpu=\"0\",mode=\"user\"} 10\n"
        "node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"} 80.5\n"
        "node_cpu_seconds_total{cpu=\"1\",mode=\"iowait\"} 9.5\n",
        base::Nanos(7));
    EXPECT_EQ(reading.at, base::Nanos(7));
    EXPECT_EQ(reading.process_start, 1.7e9);
    EXPECT_EQ(reading.memory_bytes, 1048576);
    EXPECT_EQ(reading.process_cpu_seconds, 12.5);
    EXPECT_EQ(reading.machine_cpu_seconds, 100);
    EXPECT_EQ(reading.machine_idle_seconds, 90);
}

TEST(ReadMetrics, PassesOverWhatItCannotRead) {
    const auto reading = read_metrics(
        "process_cpu_seconds_total\nprocess_resident_memory_bytes NaN\n{} 3\n<html>}\n",
        base::Nanos{});
    EXPECT_EQ(reading, record::TargetReading{});
    EXPECT_EQ(read_metrics("", base::Nanos{}), record::TargetReading{});
}

}  // namespace
}  // namespace weir::app
