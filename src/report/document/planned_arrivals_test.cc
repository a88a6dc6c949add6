#include "report/document/planned_arrivals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::report {
namespace {

using namespace std::chrono_literals;
using ::testing::DoubleNear;
using ::testing::ElementsAre;

record::RunRecord run(const std::string& scenario, std::uint64_t offered, int windows) {
    record::RunRecord record;
    record.duration = std::chrono::seconds(windows);
    record.options_json = R"({"scenarios":{"j":)" + scenario + "}}";
    record.scenarios = {
        {.name = "j", .executor = "constant-arrival-rate", .open_model = true, .offered = offered}};
    for (int i = 0; i < windows; ++i) {
        auto& window = record.windows.at(std::chrono::seconds(i));
        window.iterations_started = 7;
        window.iterations_dropped = 1;
    }
    return record;
}

constexpr auto constant =
    R"({"executor":"constant-arrival-rate","rate":20,"timeUnit":"2s","duration":"4s",
        "preAllocatedVUs":5,"maxVUs":5})";

TEST(PlannedArrivals, FollowTheRateAndNotTheTarget) {
    EXPECT_THAT(planned_arrivals(run(constant, 40, 5)), ElementsAre(10, 10, 10, 10, 0));
}

TEST(PlannedArrivals, EndWithTheRun) {
    EXPECT_THAT(planned_arrivals(run(constant, 25, 3)), ElementsAre(10, 10, 5));
}

TEST(PlannedArrivals, RampEvenly) {
    const auto ramp =
        R"({"executor":"ramping-arrival-rate","startRate":0,"timeUnit":"1s","preAllocatedVUs":5,
            "maxVUs":5,"stages":[{"duration":"2s","target":20},{"duration":"2s","target":20}]})";
    EXPECT_THAT(planned_arrivals(run(ramp, 60, 4)),
                ElementsAre(DoubleNear(5, 1e-9), DoubleNear(15, 1e-9), DoubleNear(20, 1e-9),
                            DoubleNear(20, 1e-9)));
}

TEST(PlannedArrivals, WithoutARateAreWhatBeganOrCouldNot) {
    auto closed = run(R"({"executor":"constant-vus","vus":3,"duration":"2s"})", 14, 2);
    closed.scenarios.front().open_model = false;
    EXPECT_THAT(planned_arrivals(closed), ElementsAre(8, 8));
    auto unknown = run(constant, 40, 2);
    unknown.options_json = "***";
    EXPECT_THAT(planned_arrivals(unknown), ElementsAre(8, 8));
}

}  // namespace
}  // namespace weir::report
