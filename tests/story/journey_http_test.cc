// k6/http over real sockets: what scripts see of good servers and of bad ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/content_encoding.h"
#include "tests/story/live_user.h"
#include "tests/story/raw_server.h"

namespace weir::story {
namespace {

using journey::IterationOutcome;
using ::testing::HasSubstr;

/// A user whose script is `body`, with `url` naming the server.
struct Story : LiveUser {
    Story(const RawServer& server, const std::string& body)
        : LiveUser(
              "import http from 'k6/http';\nimport { check, sleep, group } from 'k6';\n"
              "const url = '" +
              server.url() + "';\nexport default async function () {\n" + body + "\n}\n") {}
    std::string output() {
        EXPECT_EQ(iterate(), IterationOutcome::completed) << log();
        return console();
    }
};

RawReply echo(const RawRequest& request) {
    return ok(request.method + " " + request.target + " " + request.body,
              "Content-Type: text/plain\r\n");
}

TEST(JourneyHttp, RequestsAndResponses) {
    const RawServer server(echo);
    Story story(server, R"(
        const a = http.get(url + '/a?b=c'), b = http.post(url + '/form', { k: 'v w' });
        console.log(a.status, a.proto, a.body, a.headers['Content-Type'], b.body);
        console.log(check(a, { ok: (r) => r.status === 200 }), a.timings.waiting > 0, a.remote_ip);)");
    EXPECT_EQ(story.output(),
              "200 HTTP/1.1 GET /a?b=c  text/plain POST /form k=v+w\ntrue true 127.0.0.1\n");
    EXPECT_EQ(server.connections(), 1U);
    EXPECT_EQ(story.samples("http_req_duration", "status", "200"), 2U);
    EXPECT_EQ(story.samples("checks"), 1U);
}

TEST(JourneyHttp, ConnectionsStayAliveBetweenIterations) {
    const RawServer server(echo);
    Story story(server, "http.get(url);");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(story.iterate(), IterationOutcome::completed);
    EXPECT_EQ(server.connections(), 1U);
    EXPECT_EQ(server.requests(), 5U);
}

TEST(JourneyHttp, RedirectsCookiesAndCompressedBodies) {
    const RawServer server([](const RawRequest& request) {
        if (request.target == "/in") {
            return RawReply{.bytes =
                                "HTTP/1.1 302 Found\r\nLocation: /home\r\n"
                                "Set-Cookie: sid=7; Path=/\r\nContent-Length: 0\r\n\r\n"};
        }
        const bool known = request.head.find("Cookie: sid=7") != std::string::npos;
        return ok(http::encode_content("gzip", known ? "welcome back" : "who are you").value(),
                  "Content-Encoding: gzip\r\n");
    });
    Story story(server,
                "const r = http.get(url + '/in'); console.log(r.body, r.url === url + '/home');");
    EXPECT_EQ(story.output(), "welcome back true\n");
    EXPECT_EQ(story.samples("http_reqs", "status", "302"), 1U);
}

TEST(JourneyHttp, BatchesUseSeveralConnections) {
    const RawServer server(echo);
    Story story(server, R"(
        const all = http.batch([1, 2, 3, 4].map((i) => url + '/' + i));
        console.log(all.map((r) => r.body.trim()).join());)");
    EXPECT_EQ(story.output(), "GET /1,GET /2,GET /3,GET /4\n");
    EXPECT_EQ(server.connections(), 4U);
}

TEST(JourneyHttp, AsyncRequestsAndTimers) {
    const RawServer server(echo);
    Story story(server, R"(
        const both = await Promise.all([http.asyncRequest('GET', url + '/x'), http.asyncRequest('PUT', url + '/y', 'z')]);
        await new Promise((r) => setTimeout(r, 5));
        console.log(both.map((r) => r.body.trim()).join());)");
    EXPECT_EQ(story.output(), "GET /x,PUT /y z\n");
}

TEST(JourneyHttp, ManyIterationsLeaveNothingBehind) {
    const RawServer server(echo);
    Story story(server, R"(
        group('g', () => { const r = http.get(url + '/' + __ITER % 7); check(r, { ok: r.json('x') === undefined }); });)");
    for (int i = 0; i < 300; ++i) ASSERT_EQ(story.iterate(), IterationOutcome::completed);
    EXPECT_EQ(story.samples("http_reqs", "group", "::g"), 300U);
    EXPECT_EQ(story.samples("iterations"), 300U);
}

struct Bad {
    const char* what;
    const char* bytes;
    int code;
};

TEST(JourneyHttp, BadServersAreFailedRequestsWithTheirReason) {
    for (const Bad& bad :
         {Bad{"garbage", "SSH-2.0-OpenSSH_9.2\r\n", 1000},
          Bad{"truncated", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", 1000},
          Bad{"empty", "", 1000},
          Bad{"not gzip",
              "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", 1701}}) {
        const RawServer server(
            [&bad](const RawRequest&) { return RawReply{.bytes = bad.bytes, .closes = true}; });
        Story story(
            server,
            "const r = http.post(url, 'x'); console.log(r.status, r.error_code, r.error !== '');");
        EXPECT_EQ(story.output(), "0 " + std::to_string(bad.code) + " true\n") << bad.what;
        EXPECT_EQ(story.samples("http_req_failed"), 1U) << bad.what;
        EXPECT_EQ(story.samples("http_req_duration", "expected_response", "false"), 1U) << bad.what;
        EXPECT_EQ(story.evidence().failed_requests_total, 1U) << bad.what;
    }
}

TEST(JourneyHttp, AHangingServerTimesOut) {
    const RawServer server([](const RawRequest&) {
        return RawReply{.bytes = "HTTP/1.1 200 OK\r\nContent-", .hangs = true};
    });
    Story story(server, "console.log(http.get(url, { timeout: 50 }).error_code);");
    EXPECT_EQ(story.output(), "1050\n");
}

TEST(JourneyHttp, NobodyListens) {
    std::string url;
    {
        const RawServer server(echo);
        url = server.url();
    }
    LiveUser user("import http from 'k6/http';\nexport default function () { const r = http.get('" +
                  url + "'); console.log(r.error_code, r.error); }");
    EXPECT_EQ(user.iterate(), IterationOutcome::completed);
    EXPECT_EQ(user.console(), "1212 dial: connection refused\n");
}

TEST(JourneyHttp, ATargetThatDiesInMidRunIsDialledAgain) {
    std::atomic<int> seen{0};
    const RawServer server([&seen](const RawRequest& request) {
        RawReply reply = echo(request);
        reply.closes = seen.fetch_add(1) % 2 == 0;
        return reply;
    });
    Story story(server, "console.log(http.get(url).status);");
    for (int i = 0; i < 6; ++i) EXPECT_EQ(story.iterate(), IterationOutcome::completed);
    EXPECT_EQ(story.console(), "200\n200\n200\n200\n200\n200\n");
}

TEST(JourneyHttp, CancelRecordsWhatIsUnderWay) {
    std::atomic<bool> asked{false};
    const RawServer server([&asked](const RawRequest&) {
        asked = true;
        return RawReply{.hangs = true};
    });
    Story story(server, "try { http.get(url + '/slow'); } finally { console.log('never'); }");
    EXPECT_EQ(story.iterate_until([&asked] { return asked.load(); }),
              IterationOutcome::interrupted);
    EXPECT_EQ(story.console(), "");
    ASSERT_EQ(story.evidence().unfinished.size(), 1U);
    EXPECT_THAT(story.evidence().unfinished[0].url, HasSubstr("/slow"));
    EXPECT_EQ(story.samples("iterations"), 0U);
}

TEST(JourneyLimits, AnEndlessLoopIsEndedAndTheUserGoesOn) {
    LiveUser user(
        "export default function () { while (__ITER === 0) {} console.log('fine', __ITER); }");
    user.run.cpu_slice_limit = std::chrono::milliseconds(30);
    EXPECT_EQ(user.iterate(), IterationOutcome::threw);
    EXPECT_EQ(user.iterate(), IterationOutcome::completed);
    EXPECT_EQ(user.console(), "fine 1\n");
    EXPECT_THAT(user.log(), HasSubstr("endless loop"));
    EXPECT_EQ(user.samples("iterations"), 2U);
}

TEST(JourneyLimits, WaitingIsNoLoop) {
    LiveUser user(
        "import { sleep } from 'k6';\nexport default function () { sleep(0.2); "
        "console.log('slept'); }");
    user.run.cpu_slice_limit = std::chrono::milliseconds(30);
    EXPECT_EQ(user.iterate(), IterationOutcome::completed);
    EXPECT_EQ(user.console(), "slept\n");
}

TEST(JourneyLimits, EatingMemoryIsAFailureAndTheUserGoesOn) {
    LiveUser user(R"(
        export default function () {
          if (__ITER === 1) { console.log('fine'); return; }
          let text = 'x';
          for (;;) text += text;
        })");
    user.run.memory_limit = 16UL * 1024 * 1024;
    EXPECT_EQ(user.iterate(), IterationOutcome::threw);
    EXPECT_EQ(user.iterate(), IterationOutcome::completed);
    EXPECT_EQ(user.console(), "fine\n");
}

TEST(JourneyLimits, EndlessRecursionIsAFailure) {
    LiveUser user("function f(n) { return f(n + 1) + 1; }\nexport default function () { f(0); }");
    EXPECT_EQ(user.iterate(), IterationOutcome::threw);
    EXPECT_THAT(user.log(), HasSubstr("stack"));
    EXPECT_EQ(user.iterate(), IterationOutcome::threw);
}

}  // namespace
}  // namespace weir::story
