#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journey/testing/bench.h"

namespace weir::journey {
namespace {

using testing::Bench;
using ::testing::HasSubstr;

std::string script(const std::string& init, const std::string& body) {
    return "import { Counter, Gauge, Rate, Trend } from 'k6/metrics';\n" + init +
           "\nexport default function () {\n" + body + "\n}\n";
}

TEST(Metrics, FourKinds) {
    Bench bench(
        script("const c = new Counter('c'), g = new Gauge('g'), r = new Rate('r'), t = new "
               "Trend('t', true);",
               "c.add(2); c.add(3); g.add(1); g.add(9); r.add(true); r.add(false); r.add(1); "
               "t.add(10); t.add(30);"));
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed) << bench.log();
    EXPECT_EQ(bench.sum("c").value, 5);
    EXPECT_EQ(bench.sum("g").value, 9);
    EXPECT_EQ(bench.sum("r").samples, 3U);
    EXPECT_EQ(bench.sum("r").value, 2);
    EXPECT_EQ(bench.sum("t").samples, 2U);
    EXPECT_NEAR(bench.sum("t").max, 30, 0.1);
}

TEST(Metrics, KnowTheirName) {
    Bench bench(script("const c = new Counter('orders');", "console.log(c.name, c.add(1));"));
    bench.iterate();
    EXPECT_EQ(bench.console(), "orders true");
}

TEST(Metrics, TagsOfAValue) {
    Bench bench(script("const t = new Trend('t');", "t.add(1, { page: 'list', n: 3 });"));
    bench.iterate();
    EXPECT_EQ(bench.sum("t", "page=list,n=3,scenario=default").samples, 1U);
}

TEST(Metrics, NotANumberIsRefusedWithAWarning) {
    Bench bench(script("const t = new Trend('t');",
                       "console.log(t.add(NaN), t.add('x'), t.add(undefined), t.add(null), "
                       "t.add(Infinity)); t.add(5);"));
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.console(), "false false false false false");
    EXPECT_EQ(bench.sum("t").samples, 1U);
    EXPECT_EQ(bench.sum("t").value, 5);
    EXPECT_THAT(bench.log(), HasSubstr("invalid value for metric 't'"));
}

TEST(Metrics, NotANumberThrowsWithTheOptionThrow) {
    Bench bench(script("const t = new Trend('t');", "t.add(NaN);"));
    bench.options.throw_on_failure = true;
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
}

TEST(Metrics, BadNamesAndTwoTypesAreErrorsOfInitCode) {
    Bench named(script("new Counter('no-good');", ""));
    EXPECT_THAT(named.init_error(), HasSubstr("no-good"));
    Bench twice(script("new Counter('a'); new Trend('a');", ""));
    EXPECT_THAT(twice.init_error(), HasSubstr("a"));
    Bench same(script("new Counter('a'); new Counter('a');", ""));
    EXPECT_EQ(same.init_error(), "");
}

TEST(Metrics, AddInInitCodeIsRefused) {
    Bench bench(script("new Counter('a').add(1);", ""));
    EXPECT_THAT(bench.init_error(), HasSubstr("init context"));
}

}  // namespace
}  // namespace weir::journey
