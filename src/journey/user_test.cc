#include "journey/user.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journey/testing/bench.h"

namespace weir::journey {
namespace {

using ::testing::HasSubstr;
using std::chrono::milliseconds;
using testing::Bench;
using testing::Reply;
using testing::SeenRequest;

TEST(User, GetsChecksAndCountsAnIteration) {
    Bench bench(R"(
        import http from 'k6/http';
        import { check, sleep } from 'k6';
        export default function () {
          const res = http.get('http://target.test/page');
          check(res, { 'status is 200': (r) => r.status === 200, 'has a body': (r) => r.body.length > 0 });
          sleep(2);
        })");
    bench.target.set_handler([](const SeenRequest&) { return Reply{.body = "hello", .delay = milliseconds(30)}; });
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    ASSERT_EQ(bench.target.seen.size(), 2U);
    EXPECT_EQ(bench.target.seen[0].method, "GET");
    EXPECT_EQ(bench.target.seen[0].target, "/page");
    EXPECT_EQ(bench.target.connections, 1U);  // kept alive between iterations
    EXPECT_EQ(bench.sum("iterations").value, 2);
    EXPECT_EQ(bench.sum("http_reqs").value, 2);
    EXPECT_EQ(bench.sum("http_req_failed").value, 0);
    EXPECT_EQ(bench.sum("http_req_failed").samples, 2U);
    EXPECT_NEAR(bench.sum("http_req_duration").max, 30, 0.3);
    EXPECT_NEAR(bench.sum("iteration_duration", "scenario=default").max, 2030, 20);
    EXPECT_EQ(bench.sum("checks", "check=status is 200").value, 2);
    EXPECT_EQ(bench.sum("checks", "check=has a body").samples, 2U);
}

}  // namespace
}  // namespace weir::journey
