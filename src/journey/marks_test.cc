#include "journey/marks.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journey/testing/bench.h"

namespace weir::journey {
namespace {

using testing::Bench;
using ::testing::MatchesRegex;
using testing::Reply;
using testing::SeenRequest;

struct MarkedBench : Bench {
    explicit MarkedBench(const std::string& body)
        : Bench(
              "import http from 'k6/http';\nconst url = 'http://target.test/';\nexport default "
              "function () {\n" +
              body + "\n}\n") {
        marks = SyntheticMarks{.user_agent = "weir/1 (synthetic; run R1)", .run_id = "R1"};
    }
};

TEST(Marks, AreOnEveryRequest) {
    MarkedBench bench("http.get(url); http.post(url, 'x');");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    for (const SeenRequest& request : bench.target.seen) {
        EXPECT_EQ(request.header("user-agent"), "weir/1 (synthetic; run R1)");
        EXPECT_EQ(request.header("x-weir-run"), "R1");
        EXPECT_EQ(request.header("baggage"), "synthetic=true,run=R1");
        EXPECT_THAT(request.header("traceparent"), MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-01"));
    }
}

TEST(Marks, EachRequestHasATraceOfItsOwn) {
    MarkedBench bench("for (let i = 0; i < 50; i++) http.get(url);");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    std::set<std::string> ids;
    for (const SeenRequest& request : bench.target.seen) ids.insert(request.header("traceparent"));
    EXPECT_EQ(ids.size(), 50U);
}

TEST(Marks, AScriptsOwnTraceAndBaggageStayButNotItsUserAgent) {
    MarkedBench bench(
        "http.get(url, { headers: { 'User-Agent': 'sneaky', traceparent: 'mine', baggage: 'k=v', "
        "'X-Weir-Run': 'no' } });");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    const SeenRequest& request = bench.target.seen.at(0);
    EXPECT_EQ(request.header("user-agent"), "weir/1 (synthetic; run R1)");
    EXPECT_EQ(request.header("x-weir-run"), "R1");
    EXPECT_EQ(request.header("traceparent"), "mine");
    EXPECT_EQ(request.header("baggage"), "k=v,synthetic=true,run=R1");
}

TEST(Marks, ARedirectKeepsItsTraceAndIsMarkedOnce) {
    MarkedBench bench("http.get(url + 'old');");
    bench.target.set_handler([](const SeenRequest& request) {
        if (request.target != "/old") return Reply{};
        return Reply{.status = 302, .headers = {{"Location", "/new"}}};
    });
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    ASSERT_EQ(bench.target.seen.size(), 2U);
    EXPECT_EQ(bench.target.seen[1].header("baggage"), "synthetic=true,run=R1");
}

TEST(Marks, TraceIdsAreInTheEvidence) {
    MarkedBench bench("http.get(url);");
    bench.target.set_handler([](const SeenRequest&) { return Reply{.status = 500}; });
    bench.iterate();
    const record::Evidence evidence = bench.evidence_now();
    ASSERT_EQ(evidence.failed_requests.size(), 1U);
    EXPECT_THAT(bench.target.seen[0].header("traceparent"),
                ::testing::HasSubstr(evidence.failed_requests[0].trace_id));
    EXPECT_EQ(evidence.failed_requests[0].trace_id.size(), 32U);
}

TEST(Marks, NoMarksWithoutAGate) {
    Bench bench(
        "import http from 'k6/http';\nexport default function () { http.get('http://t.test/'); }");
    bench.iterate();
    EXPECT_EQ(bench.target.seen.at(0).header("traceparent"), "");
    EXPECT_EQ(bench.target.seen.at(0).header("x-weir-run"), "");
}

TEST(Marks, VersionsAndInstancesThatAnsweredAreSeen) {
    MarkedBench bench("for (let i = 0; i < 3; i++) http.get(url + i);");
    bench.target.set_handler([](const SeenRequest& request) {
        return Reply{.headers = {{"X-App-Version", "1.2"},
                                 {"X-Instance-Id", request.target == "/2" ? "b" : "a"}}};
    });
    bench.iterate();
    const auto seen = bench.evidence.targets(base::Instant{});
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0].version, "1.2");
    EXPECT_EQ(seen[0].instance, "a");
    EXPECT_EQ(seen[0].answers, 2U);
    EXPECT_EQ(seen[1].instance, "b");
}

}  // namespace
}  // namespace weir::journey
