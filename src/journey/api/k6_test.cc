// Module k6: check, group, sleep, fail, randomSeed.
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

std::string script(const std::string& body) {
    return "import { check, group, sleep, fail, randomSeed } from 'k6';\nimport http from "
           "'k6/http';\n"
           "export default function () {\n" +
           body + "\n}\n";
}

TEST(Check, EachCheckIsASampleUnderItsOwnNameWhateverComesOfIt) {
    Bench bench(script(
        "check(5, { 'is five': (v) => v === 5, 'is six': (v) => v === 6, 'plain value': true });"));
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.sum("checks").samples, 3U);
    EXPECT_EQ(bench.sum("checks").value, 2);
    EXPECT_EQ(bench.sum("checks", "check=is six").samples, 1U);
    EXPECT_EQ(bench.sum("checks", "check=is six").value, 0);
}

TEST(Check, AnswersWhetherAllPassed) {
    Bench bench(
        script("console.log(check(1, { a: true, b: () => 1 }), check(1, { a: true, b: 0 }), "
               "check(1, {}));"));
    bench.iterate();
    EXPECT_EQ(bench.console(), "true false true");
}

TEST(Check, TagsAreForAllOfIt) {
    Bench bench(script("check(1, { a: true }, { kind: 'x', n: 2 });"));
    bench.iterate();
    EXPECT_EQ(bench.sum("checks", "check=a,kind=x,n=2").samples, 1U);
}

TEST(Check, AFunctionThatThrowsFailsAndEndsTheIteration) {
    Bench bench(script("check(null, { first: true, broken: (v) => v.length > 0, never: true });"));
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_EQ(bench.sum("checks", "check=first").value, 1);
    EXPECT_EQ(bench.sum("checks", "check=broken").samples, 1U);
    EXPECT_EQ(bench.sum("checks", "check=broken").value, 0);
    EXPECT_EQ(bench.sum("checks", "check=never").samples, 0U);
}

TEST(Check, APromiseIsNoAnswer) {
    Bench bench(script("check(1, { later: async () => false });"));
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_THAT(bench.log(), HasSubstr("check 'later' returned a promise"));
    EXPECT_EQ(bench.sum("checks", "check=later").value, 0);
}

TEST(Check, WithoutChecksIsAnError) {
    Bench bench(script("check(1);"));
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_THAT(bench.log(), HasSubstr("no checks provided"));
}

TEST(Group, TagsWhatHappensInsideWithItsPath) {
    Bench bench(script(R"(
        group('outer', () => {
          http.get('http://t.test/1');
          group('inner', () => { http.get('http://t.test/2'); check(1, { a: true }); });
          http.get('http://t.test/3');
        });
        http.get('http://t.test/4');)"));
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.sum("http_reqs", "group=::outer").value, 2);
    EXPECT_EQ(bench.sum("http_reqs", "group=::outer::inner").value, 1);
    EXPECT_EQ(bench.sum("checks", "group=::outer::inner,check=a").value, 1);
    EXPECT_EQ(bench.sum("http_reqs", "group=").value, 1);
    EXPECT_EQ(bench.sum("group_duration", "group=::outer").samples, 1U);
    EXPECT_EQ(bench.sum("iterations", "group=").samples, 1U);
}

TEST(Group, DurationIsThatOfItsFunction) {
    Bench bench(script("group('nap', () => sleep(1.5)); sleep(3);"));
    bench.iterate();
    EXPECT_NEAR(bench.sum("group_duration").max, 1500, 15);
}

TEST(Group, AnswersWhatItsFunctionAnswered) {
    Bench bench(script("console.log(group('g', () => 7));"));
    bench.iterate();
    EXPECT_EQ(bench.console(), "7");
}

TEST(Group, EndsAlsoWhenItsFunctionThrows) {
    Bench bench(
        script("try { group('g', () => { throw new Error('x'); }); } catch (e) {} "
               "http.get('http://t.test/');"));
    bench.iterate();
    EXPECT_EQ(bench.sum("http_reqs", "group=").value, 1);
    EXPECT_EQ(bench.sum("group_duration", "group=::g").samples, 1U);
}

TEST(Group, AsyncFunctionsAndSeparatorsAreRefused) {
    Bench async(script("group('g', async () => {});"));
    EXPECT_EQ(async.iterate(), IterationOutcome::threw);
    EXPECT_THAT(async.log(), HasSubstr("does not support async functions"));
    Bench named(script("group('a::b', () => {});"));
    EXPECT_EQ(named.iterate(), IterationOutcome::threw);
    EXPECT_THAT(named.log(), HasSubstr("may not contain '::'"));
}

TEST(Group, AnAsyncRequestBelongsToTheGroupThatBeganIt) {
    Bench bench(R"(
        import http from 'k6/http';
        import { group } from 'k6';
        export default function () { group('g', () => { http.asyncRequest('GET', 'http://t.test/'); }); })");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.sum("http_reqs", "group=::g").value, 1);
}

TEST(Sleep, TakesSecondsAndFractions) {
    Bench bench(script("sleep(1.25); sleep(0); sleep(-3); sleep(NaN);"));
    const base::Instant before = bench.loop.now();
    bench.iterate();
    EXPECT_NEAR(base::to_ms(bench.loop.now() - before), 1250, 10);
}

TEST(Fail, EndsTheIterationWithItsWords) {
    Bench bench(script("fail('no such user'); console.log('never');"));
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_EQ(bench.console(), "");
    EXPECT_THAT(bench.log(), HasSubstr("no such user"));
    EXPECT_EQ(bench.sum("iterations").samples, 1U);
}

TEST(RandomSeed, RepeatsTheNumbers) {
    Bench bench(
        script("randomSeed(7); const a = Math.random(); randomSeed(7); console.log(a === "
               "Math.random(), a !== Math.random());"));
    bench.iterate();
    EXPECT_EQ(bench.console(), "true true");
}

}  // namespace
}  // namespace weir::journey
