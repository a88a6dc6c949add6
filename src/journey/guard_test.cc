#include "journey/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journey/testing/bench.h"

namespace weir::journey {
namespace {

using std::chrono::milliseconds;
using testing::Bench;
using ::testing::HasSubstr;
using testing::Reply;
using testing::SeenRequest;

base::Url url_of(std::string_view text) {
    return base::parse_url(text).value();
}

TEST(Endpoint, MatchesPathsOnAnyHostAndWholeUrls) {
    EXPECT_TRUE(
        (Endpoint{"POST", "/sign-in"}.matches("POST", url_of("https://a.test/sign-in?x=1"))));
    EXPECT_FALSE(
        (Endpoint{"POST", "/sign-in"}.matches("POST", url_of("https://a.test/sign-in/more"))));
    EXPECT_FALSE(
        (Endpoint{"POST", "/sign-in"}.matches("DELETE", url_of("https://a.test/sign-in"))));
    EXPECT_TRUE((Endpoint{"*", "/auth/*"}.matches("PUT", url_of("https://a.test/auth/x/y"))));
    EXPECT_TRUE((Endpoint{"POST", "https://login.test/*"}.matches(
        "POST", url_of("https://login.test/token"))));
    EXPECT_FALSE((Endpoint{"POST", "https://login.test/*"}.matches(
        "POST", url_of("http://login.test/token"))));
    EXPECT_FALSE((Endpoint{"POST", "https://login.test/*"}.matches(
        "POST", url_of("https://login.test.evil/token"))));
}

/// A gate's user: read-only but for signing in.
struct GateBench : Bench {
    explicit GateBench(const std::string& body, const std::string& more = "")
        : Bench("import http from 'k6/http';\nconst url = 'http://target.test';\n" + more +
                "export default function () {\n" + body + "\n}\n") {
        guard = GuardPolicy{.read_only = true, .sign_in = {{"POST", "/sign-in"}}};
    }
};

TEST(Guard, StateChangingRequestsAreNotSentAndTheScriptsLineIsOnRecord) {
    for (const char* call : {"http.post(url + '/orders', 'x')", "http.put(url)", "http.patch(url)",
                             "http.del(url)", "http.request('PURGE', url)"}) {
        GateBench bench(std::string("http.get(url);\n") + call + ";");
        EXPECT_EQ(bench.iterate(), IterationOutcome::threw) << call;
        ASSERT_EQ(bench.target.seen.size(), 1U) << call;
        EXPECT_EQ(bench.sum("http_reqs").value, 1) << call;
        const record::Evidence evidence = bench.evidence_now();
        ASSERT_EQ(evidence.guard_violations.size(), 1U) << call;
        EXPECT_THAT(evidence.guard_violations[0].location, HasSubstr("journey.js:5:")) << call;
        EXPECT_THAT(bench.evidence.first_violation(), HasSubstr("http://target.test/")) << call;
        EXPECT_THAT(bench.log(), HasSubstr("read-only guard")) << call;
    }
}

TEST(Guard, SafeMethodsAndSignInAreSent) {
    GateBench bench(
        "http.get(url); http.head(url); http.options(url); http.post(url + '/sign-in', { user: 'u' "
        "});");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed) << bench.log();
    EXPECT_EQ(bench.target.seen.size(), 4U);
    EXPECT_EQ(bench.sum("http_reqs", "step=sign_in").value, 1);
    EXPECT_EQ(bench.evidence.violations(), 0U);
}

TEST(Guard, ARedirectThatKeepsAStateChangingMethodIsCaught) {
    GateBench bench("http.post(url + '/sign-in', 'x');");
    bench.target.set_handler([](const SeenRequest& request) {
        if (request.target != "/sign-in") return Reply{};
        return Reply{.status = 307, .headers = {{"Location", "/orders"}}};
    });
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_EQ(bench.target.seen.size(), 1U);
    EXPECT_EQ(bench.sum("http_reqs").value, 1);  // the redirect itself was answered and counts
    ASSERT_EQ(bench.evidence_now().guard_violations.size(), 1U);
    EXPECT_EQ(bench.evidence_now().guard_violations[0].url, "http://target.test/orders");
}

TEST(Guard, AScriptCannotHideAViolation) {
    GateBench bench("for (let i = 0; i < 3; i++) { try { http.del(url + '/x'); } catch (e) {} }");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_TRUE(bench.target.seen.empty());
    EXPECT_EQ(bench.evidence.violations(), 3U);
    EXPECT_EQ(bench.evidence_now().guard_violations.at(0).count, 3U);
}

TEST(Guard, BatchesAndAsyncRequestsAreWatchedToo) {
    GateBench batch("http.batch([url + '/a', ['POST', url + '/b', 'x']]);");
    EXPECT_EQ(batch.iterate(), IterationOutcome::threw);
    ASSERT_EQ(batch.target.seen.size(), 1U);
    EXPECT_EQ(batch.evidence.violations(), 1U);
    Bench async(
        "import http from 'k6/http';\nexport default async function () { await "
        "http.asyncRequest('DELETE', 'http://target.test/'); }");
    async.guard = GuardPolicy{};
    EXPECT_EQ(async.iterate(), IterationOutcome::threw);
    EXPECT_TRUE(async.target.seen.empty());
    EXPECT_THAT(async.evidence_now().guard_violations.at(0).location, HasSubstr("journey.js:2:"));
}

TEST(Guard, WithoutReadOnlyAllIsSent) {
    GateBench bench("http.post(url, 'x');");
    bench.guard->read_only = false;
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.target.seen.size(), 1U);
}

TEST(Guard, ALostSessionIsAFailureThoughTheSignInPageSays200) {
    GateBench bench("http.get(url + '/dashboard');");
    bench.guard->sign_in.push_back({"GET", "/login"});
    bench.target.set_handler([](const SeenRequest& request) {
        if (request.target != "/dashboard") return Reply{.body = "please sign in"};
        return Reply{.status = 302, .headers = {{"Location", "/login"}}};
    });
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.sum("http_req_failed", "url=http://target.test/login,status=200").value, 1);
    EXPECT_THAT(bench.evidence_now().failed_requests.at(0).error, HasSubstr("signed out"));
}

constexpr const char* sign_in = R"(
export function signIn(data) {
    console.log('signing in');
    http.get(url + '/form');
    http.post(url + '/sign-in', { user: 'u' });
}
)";

Reply with_session(const SeenRequest& request) {
    if (request.target != "/sign-in") return Reply{.delay = milliseconds(10)};
    return Reply{.headers = {{"Set-Cookie", "sid=s1; Path=/"}}, .delay = milliseconds(500)};
}

TEST(SignIn, RunsOncePerUserAndItsCookiesStay) {
    GateBench bench("http.get(url + '/page');", sign_in);
    bench.target.set_handler(with_session);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(bench.iterate(), IterationOutcome::completed) << bench.log();
    EXPECT_EQ(bench.console(), "signing in");
    ASSERT_EQ(bench.target.seen.size(), 5U);
    for (const std::size_t page : {2U, 3U, 4U}) {
        EXPECT_EQ(bench.target.seen[page].header("cookie"), "sid=s1");
    }
}

TEST(SignIn, IsLabelledAndOutsideOfIterationsAndTheirResponseTimes) {
    GateBench bench("http.get(url + '/page');", sign_in);
    bench.scenario.executor = "constant-arrival-rate";
    bench.target.set_handler(with_session);
    EXPECT_EQ(bench.iterate(milliseconds(100)), IterationOutcome::completed) << bench.log();
    EXPECT_EQ(bench.sum("http_reqs", "step=sign_in").value, 2);
    EXPECT_EQ(bench.sum("http_reqs").value, 3);
    EXPECT_LT(bench.sum("iteration_duration").max, 20);
    // The page counts as late by what the iteration was late, not by the time that signing in took.
    EXPECT_NEAR(bench.sum("weir_response_time", "url=http://target.test/page").max, 110, 2);
    EXPECT_NEAR(bench.sum("weir_response_time", "step=sign_in").max, 500, 10);
}

TEST(SignIn, RequestsOfItInsideAnIterationLeaveItsLatenessToTheFirstJudgedOne) {
    GateBench bench("http.post(url + '/sign-in', 'u'); http.get(url + '/page');");
    bench.scenario.executor = "constant-arrival-rate";
    bench.target.set_handler(with_session);
    EXPECT_EQ(bench.iterate(milliseconds(100)), IterationOutcome::completed) << bench.log();
    EXPECT_NEAR(bench.sum("weir_response_time", "step=sign_in").max, 500, 10);
    EXPECT_NEAR(bench.sum("weir_response_time", "url=http://target.test/page").max, 110, 2);
}

TEST(SignIn, AFailureIsTriedAgainByTheNextIteration) {
    GateBench bench("console.log('page');", R"(
let tries = 0;
export function signIn() { tries += 1; if (tries === 1) throw new Error('wrong password'); }
)");
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.console(), "page");
    EXPECT_THAT(bench.log(), HasSubstr("wrong password"));
}

TEST(SignIn, IsNotKnownWithoutAGate) {
    Bench bench("export function signIn() { console.log('no'); }\nexport default function () {}");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.console(), "");
}

}  // namespace
}  // namespace weir::journey
