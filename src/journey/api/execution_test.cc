#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journey/testing/bench.h"

namespace weir::journey {
namespace {

using std::chrono::seconds;
using testing::Bench;
using ::testing::HasSubstr;

std::string script(const std::string& body) {
    return "import exec from 'k6/execution';\nimport http from 'k6/http';\nexport default function "
           "() {\n" +
           body + "\n}\n";
}

TEST(Execution, Scenario) {
    Bench bench(
        script("const s = exec.scenario; console.log(s.name, s.executor, s.iterationInTest, "
               "s.iterationInInstance, s.progress, s.startTime > 1.7e12);"));
    bench.scenario.progress = [](base::Instant) { return 0.25; };
    bench.iterate();
    bench.iterate();
    EXPECT_EQ(bench.console(),
              "default per-vu-iterations 0 0 0.25 true\ndefault per-vu-iterations 1 1 0.25 true");
}

TEST(Execution, ScenarioOutsideOfIterationsIsRefused) {
    Bench bench(
        "import exec from 'k6/execution';\nexec.scenario.name;\nexport default function () {}");
    EXPECT_THAT(bench.init_error(), HasSubstr("outside of the VU context"));
}

TEST(Execution, Instance) {
    Bench bench(script(
        "const i = exec.instance; console.log(i.iterationsCompleted, i.iterationsInterrupted, "
        "i.vusActive, i.vusInitialized, i.currentTestRunDuration);"));
    bench.progress.iterations_completed = 11;
    bench.progress.iterations_interrupted = 2;
    bench.progress.users_active = 3;
    bench.progress.users_initialized = 4;
    bench.progress.start_ns = bench.loop.now().time_since_epoch().count();
    bench.loop.run_until(bench.loop.now() + seconds(7));
    bench.iterate();
    EXPECT_EQ(bench.console(), "11 2 3 4 7000");
}

TEST(Execution, Vu) {
    Bench bench(
        script("const v = exec.vu; console.log(v.idInTest, v.idInInstance, v.iterationInInstance, "
               "v.iterationInScenario);"));
    bench.iterate();
    bench.iterate();
    EXPECT_EQ(bench.console(), "1 1 0 0\n1 1 1 1");
}

TEST(Execution, TagsOfTheUserStayUntilTheyAreDeleted) {
    Bench bench(script(R"(
        if (__ITER === 0) { exec.vu.metrics.tags.page = 'cart'; exec.vu.tags['n'] = 3; }
        if (__ITER === 2) delete exec.vu.metrics.tags.page;
        console.log(exec.vu.metrics.tags.page, exec.vu.tags.scenario, Object.keys(exec.vu.metrics.tags).join('+'), 'n' in exec.vu.tags);
        http.get('http://t.test/');)"));
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(bench.iterate(), IterationOutcome::completed) << bench.log();
    EXPECT_EQ(bench.sum("http_reqs", "page=cart,n=3").value, 2);
    EXPECT_EQ(bench.sum("http_reqs", "n=3").value, 3);
    EXPECT_EQ(bench.console(),
              "cart default n+page+scenario true\ncart default n+page+scenario true\nundefined "
              "default n+scenario true");
}

TEST(Execution, TagsOfOtherTypesAreRefused) {
    Bench bench(script("exec.vu.metrics.tags.bad = { a: 1 };"));
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_THAT(bench.log(), HasSubstr("invalid value for metric tag 'bad'"));
}

TEST(Execution, MetadataIsKeptApartFromTags) {
    Bench bench(
        script("exec.vu.metrics.metadata.trace = 'abc'; "
               "console.log(exec.vu.metrics.metadata.trace, exec.vu.metrics.tags.trace);"));
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed) << bench.log();
    EXPECT_EQ(bench.console(), "abc undefined");
}

TEST(Execution, FailMarksTheRunAndGoesOn) {
    Bench bench(script("exec.test.fail('too slow'); console.log('went on');"));
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    ASSERT_EQ(bench.failures_marked.size(), 1U);
    EXPECT_EQ(bench.failures_marked[0], "too slow");
    EXPECT_EQ(bench.console(), "went on");
}

TEST(Execution, OptionsAreThoseOfTheRunAndFrozen) {
    Bench bench(script("console.log(exec.test.options.vus); exec.test.options.vus = 9;"));
    bench.run.options_json = R"({"vus":5})";
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_EQ(bench.console(), "5");
}

TEST(Execution, NamedImports) {
    Bench bench(
        "import { scenario, vu } from 'k6/execution';\nexport default function () { "
        "console.log(scenario.name, vu.idInTest); }");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.console(), "default 1");
}

TEST(Execution, AbortInInitCodeTellsTheRun) {
    Bench bench(
        "import exec from 'k6/execution';\nexec.test.abort();\nexport default function () {}");
    EXPECT_NE(bench.init_error(), "");
    ASSERT_EQ(bench.aborts.size(), 1U);
    EXPECT_EQ(bench.aborts[0], "test aborted");
}

}  // namespace
}  // namespace weir::journey
