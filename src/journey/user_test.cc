#include "journey/user.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journey/testing/bench.h"

namespace weir::journey {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Bench;
using ::testing::HasSubstr;
using testing::Reply;
using testing::SeenRequest;

/// An iteration that sends one request.
constexpr const char* one_get = R"(
    import http from 'k6/http';
    export default function () { http.get('http://target.test/page'); })";

TEST(User, GetsChecksAndCountsAnIteration) {
    Bench bench(R"(
        import http from 'k6/http';
        import { check, sleep } from 'k6';
        export default function () {
          const res = http.get('http://target.test/page');
          check(res, { 'status is 200': (r) => r.status === 200, 'has a body': (r) => r.body.length > 0 });
          sleep(2);
        })");
    bench.target.set_handler(
        [](const SeenRequest&) { return Reply{.body = "hello", .delay = milliseconds(30)}; });
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

TEST(User, AThrownErrorEndsTheIterationWhichCounts) {
    Bench bench(R"(
        import http from 'k6/http';
        export default function () {
          const nothing = undefined;
          nothing.read();
          http.get('http://target.test/never');
        })");
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_TRUE(bench.target.seen.empty());
    EXPECT_EQ(bench.sum("iterations").value, 3);
    EXPECT_EQ(bench.sum("iteration_duration").samples, 3U);
    const record::Evidence evidence = bench.evidence_now();
    ASSERT_EQ(evidence.script_failures.size(), 1U);
    EXPECT_EQ(evidence.script_failures[0].count, 3U);
    EXPECT_EQ(evidence.script_failures_total, 3U);
    EXPECT_THAT(evidence.script_failures[0].location, HasSubstr("journey.js:5:"));
    EXPECT_THAT(evidence.script_failures[0].message, HasSubstr("TypeError"));
}

TEST(User, LogsAFailureOnceHoweverOftenItHappens) {
    Bench bench("export default function () { throw new Error('boom'); }");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    const std::string log = bench.log();
    const std::size_t first = log.find("Error: boom");
    ASSERT_NE(first, std::string::npos);
    EXPECT_EQ(log.find("Error: boom", first + 1), std::string::npos);
    EXPECT_THAT(log, HasSubstr("journey.js:1:"));
}

TEST(User, ThrowingSomethingThatIsNoErrorIsAFailureToo) {
    Bench bench("export default function () { throw 'just words'; }");
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_THAT(bench.evidence_now().script_failures.at(0).message, HasSubstr("just words"));
}

TEST(User, InitCodeThatThrowsSaysWhere) {
    Bench bench("const a = 1;\nmissing_function();\nexport default function () {}");
    EXPECT_THAT(bench.init_error(), HasSubstr("missing_function"));
    EXPECT_THAT(bench.init_error(), HasSubstr("journey.js:2:"));
}

TEST(User, AnAsyncIterationLastsUntilItsPromiseIsSettled) {
    Bench bench(R"(
        export default async function () {
          await new Promise((resolve) => setTimeout(resolve, 1500));
          console.log('after the wait');
        })");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.console(), "after the wait");
    EXPECT_NEAR(bench.sum("iteration_duration").max, 1500, 15);
}

TEST(User, ARejectedIterationIsAFailure) {
    Bench bench("export default async function () { await null; throw new Error('late'); }");
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_THAT(bench.evidence_now().script_failures.at(0).message, HasSubstr("late"));
}

TEST(User, APromiseThatNobodyHandlesIsAFailure) {
    Bench bench("export default function () { Promise.reject(new Error('unseen')); }");
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_THAT(bench.log(), HasSubstr("unseen"));
}

TEST(User, ARejectionHandledInTimeIsNone) {
    Bench bench(R"(
        export default async function () {
          const failing = Promise.reject(new Error('caught'));
          try { await failing; } catch (e) { console.log(e.message); }
        })");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.console(), "caught");
}

TEST(User, TimersOfAnIterationThatThrewNeverFire) {
    Bench bench(R"(
        export default function () {
          setTimeout(() => console.log('ghost'), 100);
          throw new Error('now');
        })");
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_EQ(bench.console(), "");
}

TEST(User, SleepsTheRestOfTheLeastIterationOutsideOfItsDuration) {
    Bench bench("export default function () {}");
    bench.options.min_iteration_duration = seconds(3);
    const base::Instant before = bench.loop.now();
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_GE(bench.loop.now() - before, seconds(3));
    EXPECT_LT(bench.sum("iteration_duration").max, 10);
}

TEST(User, CookiesEndWithTheIteration) {
    Bench bench(one_get);
    bench.target.set_handler([](const SeenRequest&) {
        return Reply{.headers = {{"Set-Cookie", "id=7; Path=/"}}};
    });
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.target.seen[1].header("cookie"), "");
}

TEST(User, NoCookiesResetKeepsThem) {
    Bench bench(one_get);
    bench.options.no_cookies_reset = true;
    bench.target.set_handler([](const SeenRequest&) {
        return Reply{.headers = {{"Set-Cookie", "id=7; Path=/"}}};
    });
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.target.seen[1].header("cookie"), "id=7");
}

TEST(User, NoVuConnectionReuseDialsForEachIteration) {
    Bench bench(one_get);
    bench.options.no_vu_connection_reuse = true;
    for (int i = 0; i < 3; ++i) EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.target.connections, 3U);
}

TEST(User, SetupDataIsOneObjectForAllIterationsOfAUser) {
    Bench bench(R"(
        export default function (data) { data.seen = (data.seen || 0) + 1; console.log(data.token, data.seen); })");
    bench.run.setup_data = R"({"token":"t1"})";
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.console(), "t1 1\nt1 2");
}

TEST(User, IterCountsAndVuIsItsNumber) {
    Bench bench("export default function () { console.log(__VU, __ITER); }");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.console(), "1 0\n1 1");
}

TEST(User, AScenariosEnvironmentIsOverTheRuns) {
    Bench bench(
        "const host = __ENV.HOST;\nexport default function () { console.log(host, __ENV.HOST, "
        "__ENV.MORE); }");
    bench.run.env = {{"HOST", "a.test"}};
    bench.scenario.env = {{"HOST", "b.test"}, {"MORE", "yes"}};
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.console(), "a.test b.test yes");
}

TEST(User, RunsTheFunctionThatTheScenarioNames) {
    Bench bench("export function buy() { console.log('buying'); }\nexport default function () {}");
    bench.scenario.exec = "buy";
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.console(), "buying");
}

TEST(User, SamplesCarryTagsOfOptionsAndScenario) {
    Bench bench(one_get);
    bench.options.tags = std::map<std::string, std::string>{{"team", "probation"}};
    bench.scenario.tags = {{"kind", "smoke"}};
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    for (const char* metric : {"http_reqs", "iterations", "iteration_duration"}) {
        EXPECT_EQ(bench.sum(metric, "team=probation,kind=smoke,scenario=default").samples, 1U)
            << metric;
    }
}

TEST(User, ALateStartIsInTheFirstRequestsResponseTimeOnly) {
    Bench bench(R"(
        import http from 'k6/http';
        import { sleep } from 'k6';
        export default function () {
          sleep(5);  // think time is nobody's lateness
          http.get('http://target.test/first');
          http.get('http://target.test/second');
        })");
    bench.scenario.executor = "constant-arrival-rate";
    bench.target.set_handler([](const SeenRequest&) { return Reply{.delay = milliseconds(20)}; });
    EXPECT_EQ(bench.iterate(milliseconds(400)), IterationOutcome::completed);
    EXPECT_NEAR(bench.sum("weir_response_time", "url=http://target.test/first").max, 420, 4);
    EXPECT_NEAR(bench.sum("weir_service_time", "url=http://target.test/first").max, 20, 0.5);
    EXPECT_NEAR(bench.sum("weir_response_time", "url=http://target.test/second").max, 20, 0.5);
    EXPECT_NEAR(bench.sum("http_req_duration").max, 20, 0.5);
    EXPECT_NEAR(bench.sum("weir_start_delay").max, 400, 4);
}

TEST(User, OnlyArrivalsHaveAStartDelay) {
    Bench bench("export default function () {}");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.sum("weir_start_delay").samples, 0U);
}

TEST(User, CancelRecordsTheRequestUnderWayAsUnfinished) {
    Bench bench(one_get);
    bench.target.set_handler([](const SeenRequest&) { return Reply{.never = true}; });
    EXPECT_EQ(bench.iterate_and_cancel(seconds(4)), IterationOutcome::interrupted);
    EXPECT_EQ(bench.sum("iterations").samples, 0U);
    const record::Evidence evidence = bench.evidence_now();
    ASSERT_EQ(evidence.unfinished.size(), 1U);
    EXPECT_EQ(evidence.unfinished[0].url, "http://target.test/page");
    EXPECT_GE(evidence.unfinished[0].age, milliseconds(3900));
    EXPECT_EQ(bench.sum("weir_unfinished").samples, 1U);
}

TEST(User, CancelGetsThroughCatchAndFinally) {
    Bench bench(R"(
        import { sleep } from 'k6';
        export default function () {
          for (;;) {
            try { sleep(1); } catch (e) { console.log('caught'); } finally { console.log('finally'); }
          }
        })");
    EXPECT_EQ(bench.iterate_and_cancel(milliseconds(500)), IterationOutcome::interrupted);
    EXPECT_EQ(bench.console(), "");
}

TEST(User, CancelEndsRequestsInTheBackground) {
    Bench bench(R"(
        import http from 'k6/http';
        export default async function () {
          await Promise.all([1, 2, 3].map((i) => http.asyncRequest('GET', `http://target.test/${i}`)));
        })");
    bench.target.set_handler([](const SeenRequest&) { return Reply{.never = true}; });
    EXPECT_EQ(bench.iterate_and_cancel(seconds(2)), IterationOutcome::interrupted);
    EXPECT_EQ(bench.evidence_now().unfinished_total, 3U);
}

TEST(User, CancelEndsABatch) {
    Bench bench(R"(
        import http from 'k6/http';
        export default function () { http.batch(['http://target.test/1', 'http://target.test/2']); })");
    bench.target.set_handler([](const SeenRequest&) { return Reply{.never = true}; });
    EXPECT_EQ(bench.iterate_and_cancel(seconds(2)), IterationOutcome::interrupted);
    EXPECT_EQ(bench.evidence_now().unfinished_total, 2U);
}

TEST(User, MemoryBeyondTheLimitIsAFailureOfTheScriptAndTheUserGoesOn) {
    Bench bench(R"(
        export default function () {
          if (__ITER > 0) { console.log('fine again', __ITER); return; }
          const hoard = [];
          for (;;) hoard.push(new Array(10000).fill(hoard.length));
        })");
    bench.run.memory_limit = 8UL * 1024 * 1024;
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.console(), "fine again 1");
    EXPECT_THAT(bench.log(), HasSubstr("memory"));
}

TEST(User, AbortToldByTheScriptInterruptsIt) {
    Bench bench(R"(
        import exec from 'k6/execution';
        export default function () {
          try { exec.test.abort('enough'); } catch (e) { console.log('caught'); }
          console.log('went on');
        })");
    EXPECT_EQ(bench.iterate(), IterationOutcome::interrupted);
    ASSERT_EQ(bench.aborts.size(), 1U);
    EXPECT_EQ(bench.aborts[0], "test aborted: enough");
    EXPECT_EQ(bench.console(), "");
    EXPECT_EQ(bench.sum("iterations").samples, 0U);
}

TEST(User, RandomNumbersComeFromTheRunsSeed) {
    const auto draw = [](std::uint64_t seed) {
        Bench bench("export default function () { console.log(Math.random(), Math.random()); }");
        bench.run.seed = seed;
        bench.iterate();
        return bench.console();
    };
    EXPECT_EQ(draw(1), draw(1));
    EXPECT_NE(draw(1), draw(2));
}

}  // namespace
}  // namespace weir::journey
