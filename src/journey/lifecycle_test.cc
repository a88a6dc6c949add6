#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journey/testing/bench.h"

namespace weir::journey {
namespace {

using std::chrono::milliseconds;
using testing::Bench;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Reply;
using testing::SeenRequest;
using ::testing::UnorderedElementsAre;

TEST(Lifecycle, InspectTellsOptionsFunctionsAndMetrics) {
    Bench bench(R"(
        import { Trend } from 'k6/metrics';
        const waits = new Trend('waits', true);
        export const options = { vus: 3, thresholds: { waits: ['p(95)<100'] } };
        export function setup() {}
        export default function () {}
        export const notAFunction = 7;)");
    const auto facts = bench.inspect();
    ASSERT_TRUE(facts.ok()) << facts.error().text;
    EXPECT_EQ(facts.value().options_json, R"({"vus":3,"thresholds":{"waits":["p(95)<100"]}})");
    EXPECT_THAT(facts.value().functions, UnorderedElementsAre("setup", "default"));
    const auto id = bench.run.registry->find("waits");
    ASSERT_TRUE(id.ok());
    EXPECT_EQ(bench.run.registry->at(id.value()).contains, record::MetricContains::time);
}

TEST(Lifecycle, InspectOfAScriptWithoutOptions) {
    Bench bench("export default function () {}");
    const auto facts = bench.inspect();
    ASSERT_TRUE(facts.ok());
    EXPECT_EQ(facts.value().options_json, "{}");
}

TEST(Lifecycle, SetupMayAskTheTargetAndItsDataIsJson) {
    Bench bench(R"(
        import http from 'k6/http';
        export function setup() { return { status: http.get('http://target.test/').status, list: [1, 2] }; }
        export default function () {})");
    const auto data = bench.call("setup");
    ASSERT_TRUE(data.ok()) << data.error().text;
    EXPECT_EQ(data.value(), R"({"status":200,"list":[1,2]})");
    EXPECT_EQ(bench.sum("http_reqs", "group=::setup").value, 1);
}

TEST(Lifecycle, AsyncSetupIsAwaited) {
    Bench bench(R"(
        export async function setup() { await new Promise((r) => setTimeout(r, 10)); return 'ready'; }
        export default function () {})");
    const auto data = bench.call("setup");
    ASSERT_TRUE(data.ok());
    EXPECT_EQ(data.value(), "\"ready\"");
}

TEST(Lifecycle, TeardownGetsTheData) {
    Bench bench(R"(
        export function teardown(data) { console.log(data.token); }
        export default function () {})");
    ASSERT_TRUE(bench.call("teardown", R"({"token":"t1"})").ok());
    EXPECT_EQ(bench.console(), "t1");
}

TEST(Lifecycle, ASummaryMayBeBytes) {
    Bench bench(R"(
        export function handleSummary(data) {
          return { stdout: 'text ' + data.n, 'out.bin': new Uint8Array([72, 105]).buffer };
        }
        export default function () {})");
    const auto files = bench.call("handleSummary", R"({"n":1})");
    ASSERT_TRUE(files.ok()) << files.error().text;
    EXPECT_EQ(files.value(), R"({"stdout":"text 1","out.bin":"Hi"})");
}

TEST(Lifecycle, AFunctionThatIsNotThereGivesNothing) {
    Bench bench("export default function () {}");
    const auto nothing = bench.call("setup");
    ASSERT_TRUE(nothing.ok());
    EXPECT_EQ(nothing.value(), "");
}

TEST(Lifecycle, AThrowingSetupSaysWhere) {
    Bench bench(
        "export function setup() {\n  throw new Error('no token');\n}\nexport default function () "
        "{}");
    const auto data = bench.call("setup");
    ASSERT_FALSE(data.ok());
    EXPECT_EQ(data.error().code, base::Code::script);
    EXPECT_THAT(data.error().text, HasSubstr("no token"));
    EXPECT_THAT(data.error().text, HasSubstr("journey.js:2:"));
}

TEST(Lifecycle, ASetupThatHangsTimesOut) {
    Bench bench(R"(
        import http from 'k6/http';
        export function setup() { http.get('http://target.test/', { timeout: '10m' }); }
        export default function () {})");
    bench.target.set_handler([](const SeenRequest&) { return Reply{.never = true}; });
    const auto data = bench.call("setup");
    ASSERT_FALSE(data.ok());
    EXPECT_EQ(data.error().code, base::Code::timeout);
}

TEST(Lifecycle, SomebodyElsesStopEndsASetup) {
    Bench bench(
        "import { sleep } from 'k6';\nexport function setup() { sleep(3000); }\nexport default "
        "function () {}");
    rt::Timer signal([](void* loop) { static_cast<rt::Loop*>(loop)->stop(); }, &bench.loop);
    bench.loop.arm(signal, bench.loop.now() + std::chrono::seconds(1));
    const auto data = bench.call("setup");
    ASSERT_FALSE(data.ok());
    EXPECT_EQ(data.error().code, base::Code::cancelled);
}

TEST(Lifecycle, InitOnlyAndRunningOnlyCallsAreRefusedElsewhere) {
    struct Case {
        const char* init;
        const char* words;
    };
    for (const Case& each : {Case{"http.get('http://target.test/')", "init context"},
                             Case{"check(1, { a: true })", "init context"},
                             Case{"group('a', () => {})", "init context"}}) {
        Bench bench(
            std::string("import http from 'k6/http';\nimport { check, group } from 'k6';\n") +
            each.init + ";\nexport default function () {}");
        EXPECT_THAT(bench.init_error(), HasSubstr(each.words)) << each.init;
    }
    for (const Case& each : {Case{"new Counter('late')", "init context"},
                             Case{"new SharedArray('late', () => [])", "init context"},
                             Case{"open('/journey/data.txt')", "init stage"}}) {
        Bench bench(
            std::string(
                "import { Counter } from 'k6/metrics';\nimport { SharedArray } from 'k6/data';\n") +
            "export default function () { " + each.init + "; }");
        EXPECT_EQ(bench.iterate(), IterationOutcome::threw) << each.init;
        EXPECT_THAT(bench.log(), HasSubstr(each.words)) << each.init;
    }
}

}  // namespace
}  // namespace weir::journey
