// What scripts see of k6/http: verbs, arguments, the Response, and what goes over the wire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journey/testing/bench.h"

namespace weir::journey {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Bench;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using testing::Reply;
using testing::SeenRequest;

std::string script(const std::string& body) {
    return "import http from 'k6/http';\nimport { check } from 'k6';\n"
           "const url = 'http://target.test';\nexport default function () {\n" +
           body + "\n}\n";
}

/// Runs `body` once; the request that it sent.
struct One : Bench {
    explicit One(const std::string& body) : Bench(script(body)) {}
    const SeenRequest& request() {
        if (target.seen.empty()) {
            EXPECT_EQ(iterate(), IterationOutcome::completed) << log();
        }
        return target.seen.at(0);
    }
    std::string output() {
        EXPECT_EQ(iterate(), IterationOutcome::completed) << log();
        return console();
    }
};

TEST(Http, EachVerbSendsItsMethodAndBody) {
    One bench(R"(
        http.get(url + '/a'); http.head(url + '/b'); http.post(url + '/c', 'x'); http.put(url + '/d', 'y');
        http.patch(url + '/e', 'z'); http.del(url + '/f'); http.options(url + '/g');
        http.request('PROPFIND', url + '/h', 'w'); http.request('get', url + '/i');)");
    bench.request();
    std::string seen;
    for (const SeenRequest& each : bench.target.seen) {
        seen += each.method + each.target + ":" + each.body + " ";
    }
    EXPECT_EQ(
        seen,
        "GET/a: HEAD/b: POST/c:x PUT/d:y PATCH/e:z DELETE/f: OPTIONS/g: PROPFIND/h:w GET/i: ");
    EXPECT_EQ(bench.sum("http_reqs", "method=PROPFIND").value, 1);
}

TEST(Http, NamedImportsWorkToo) {
    Bench bench(
        "import { get, post } from 'k6/http';\nexport default function () { get('http://t.test/'); "
        "post('http://t.test/', 'b'); }");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.target.seen.size(), 2U);
}

TEST(Http, NamespaceImportsWorkToo) {
    Bench bench(
        "import * as http from 'k6/http';\nexport default function () { "
        "http.get('http://t.test/'); }");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.target.seen.size(), 1U);
}

TEST(Http, AnObjectIsAForm) {
    One bench("http.post(url, { name: 'a b', mail: 'x@y', n: 3 });");
    EXPECT_EQ(bench.request().header("content-type"), "application/x-www-form-urlencoded");
    EXPECT_EQ(bench.request().body, "mail=x%40y&n=3&name=a+b");
}

TEST(Http, AStringIsSentAsItIs) {
    One bench(
        "http.post(url, JSON.stringify({ a: 1 }), { headers: { 'Content-Type': 'application/json' "
        "} });");
    EXPECT_EQ(bench.request().body, R"({"a":1})");
    EXPECT_EQ(bench.request().header("content-type"), "application/json");
}

TEST(Http, BytesAreSentAsTheyAre) {
    One bench(
        "http.post(url, new Uint8Array([0, 255, 65]).buffer); http.post(url, new Uint8Array([66, "
        "67]));");
    EXPECT_EQ(bench.request().body, std::string("\0\xFF"
                                                "A",
                                                3));
    EXPECT_EQ(bench.target.seen.at(1).body, "BC");
}

TEST(Http, APostWithoutBodySaysSo) {
    One bench("http.post(url, null);");
    EXPECT_EQ(bench.request().header("content-length"), "0");
}

TEST(Http, AFileMakesAMultipartBody) {
    One bench("http.post(url, { field: 'v', file: http.file('data!', 'a.txt', 'text/plain') });");
    const std::string type = bench.request().header("content-type");
    ASSERT_TRUE(type.starts_with("multipart/form-data; boundary="));
    const std::string boundary = type.substr(type.find('=') + 1);
    EXPECT_EQ(bench.request().body,
              "--" + boundary +
                  "\r\nContent-Disposition: form-data; name=\"field\"\r\n\r\nv\r\n--" + boundary +
                  "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
                  "Content-Type: text/plain\r\n\r\ndata!\r\n--" +
                  boundary + "--\r\n");
}

TEST(Http, HeadersCookiesAndUserAgentAreSent) {
    One bench(
        "http.get(url, { headers: { 'X-Trace': 7, Accept: 'text/html' }, cookies: { a: '1', b: { "
        "value: '2' } } });");
    EXPECT_EQ(bench.request().header("x-trace"), "7");
    EXPECT_EQ(bench.request().header("accept"), "text/html");
    EXPECT_EQ(bench.request().header("cookie"), "a=1; b=2");
    EXPECT_THAT(bench.request().header("user-agent"), HasSubstr("weir/"));
}

TEST(Http, TheScriptsUserAgentWins) {
    One bench("http.get(url, { headers: { 'user-agent': 'mine' } });");
    EXPECT_EQ(bench.request().header("user-agent"), "mine");
}

TEST(Http, TheUserAgentOptionIsSent) {
    One bench("http.get(url);");
    bench.options.user_agent = "MyTest/1.0";
    EXPECT_EQ(bench.request().header("user-agent"), "MyTest/1.0");
}

TEST(Http, ReplaceDropsTheJarsCookieOfThatName) {
    One bench(R"(
        http.cookieJar().set(url, 'a', 'old'); http.cookieJar().set(url, 'k', 'kept');
        http.get(url, { cookies: { a: { value: 'new', replace: true } } });)");
    EXPECT_EQ(bench.request().header("cookie"), "a=new; k=kept");
}

TEST(Http, ResponseShowsStatusBodyAndHeaders) {
    One bench(R"(
        const res = http.get(url + '/x?y=1');
        console.log(res.status, res.status_text, res.proto, res.url, res.body, res.error_code, res.error === '');
        console.log(res.headers['Content-Type'], res.headers['X-Many'], res.remote_ip, res.remote_port);
        console.log(res.request.method, res.request.url, res.request.body === '');)");
    bench.target.set_handler([](const SeenRequest&) {
        return Reply{.body = "hi",
                     .headers = {{"content-type", "text/plain"}, {"x-many", "1"}, {"X-Many", "2"}}};
    });
    EXPECT_EQ(bench.output(),
              "200 200 OK HTTP/1.1 http://target.test/x?y=1 hi 0 true\n"
              "text/plain 1, 2 192.0.2.1 80\n"
              "GET http://target.test/x?y=1 true");
}

TEST(Http, AWholeResponseIsShownAsJson) {
    One bench(
        "const r = http.get(url); const j = JSON.parse(JSON.stringify(r)); console.log(j.status, "
        "j.body, typeof j.timings.duration, Object.keys(r).length);");
    bench.target.set_handler([](const SeenRequest&) { return Reply{.body = "b"}; });
    EXPECT_EQ(bench.output(), "200 b number 16");
}

TEST(Http, TimingsAreOfTheLastHopInMilliseconds) {
    One bench(R"(
        const t = http.get(url).timings;
        console.log(Math.round(t.waiting), Math.round(t.duration), t.duration === t.sending + t.waiting + t.receiving, 'blocked' in t);)");
    bench.target.set_handler([](const SeenRequest&) { return Reply{.delay = milliseconds(40)}; });
    EXPECT_EQ(bench.output(), "40 40 true true");
}

TEST(Http, ResponseCookies) {
    One bench(R"(
        const c = http.get(url).cookies.sid[0];
        console.log(c.name, c.value, c.path, c.http_only, c.secure, c.max_age);)");
    bench.target.set_handler([](const SeenRequest&) {
        return Reply{.headers = {{"Set-Cookie", "sid=42; Path=/app; HttpOnly; Max-Age=60"}}};
    });
    EXPECT_EQ(bench.output(), "sid 42 /app true false 60");
}

TEST(Http, ResponseTypesDecideTheBody) {
    One bench(R"(
        const b = http.get(url, { responseType: 'binary' }).body;
        console.log(b instanceof ArrayBuffer, new Uint8Array(b)[1]);
        console.log(http.get(url, { responseType: 'none' }).body, http.get(url, { responseType: 'text' }).body);)");
    bench.target.set_handler([](const SeenRequest&) { return Reply{.body = "AB"}; });
    EXPECT_EQ(bench.output(), "true 66\nnull AB");
}

TEST(Http, DiscardResponseBodies) {
    One bench("console.log(http.get(url).body, http.get(url, { responseType: 'text' }).body);");
    bench.options.discard_response_bodies = true;
    bench.target.set_handler([](const SeenRequest&) { return Reply{.body = "AB"}; });
    EXPECT_EQ(bench.output(), "null AB");
}

TEST(Http, JsonOfTheBody) {
    One bench(R"(
        const r = http.get(url);
        console.log(r.json().a.b, r.json('a.list.1.x'), r.json('a.list.#'), r.json('nothing') === undefined);
        console.log(r.json() === r.json(), r.status, r.json('a.list.#.x'));)");
    bench.target.set_handler([](const SeenRequest&) {
        return Reply{.body = R"({"a":{"b":"v","list":[{"x":1},{"x":2}]}})"};
    });
    EXPECT_EQ(bench.output(), "v 2 2 true\ntrue 200 [1,2]");
}

TEST(Http, JsonOfSomethingElseThrowsUnlessItSelects) {
    One bench(R"(
        const r = http.get(url);
        try { r.json(); } catch (e) { console.log(e.name); }
        console.log(r.json('a') === undefined);)");
    bench.target.set_handler([](const SeenRequest&) { return Reply{.body = "<html>"}; });
    EXPECT_EQ(bench.output(), "SyntaxError\ntrue");
}

TEST(Http, AFailedRequestIsAResponseWithStatusZero) {
    One bench(R"(
        const r = http.get(url);
        console.log(r.status, r.error_code, r.error, r.body === null);
        try { r.json(); } catch (e) { console.log(e.message.slice(0, 16)); })");
    bench.target.refuse(
        net::Failure{net::Fault::connection_refused, "connect: connection refused"});
    EXPECT_EQ(bench.output(), "0 1212 dial: connection refused true\nthe body is null");
    EXPECT_EQ(
        bench.sum("http_req_failed", "error_code=1212,error=dial: connection refused,status=0")
            .value,
        1);
    EXPECT_EQ(bench.sum("http_req_duration", "expected_response=false").samples,
              1U);  // also without an answer
    EXPECT_EQ(bench.sum("http_reqs").value, 1);
    EXPECT_THAT(bench.log(), HasSubstr("connection refused"));
}

TEST(Http, ThrowMakesAFailedRequestAnException) {
    One bench(
        "try { http.get(url, { throw: true }); } catch (e) { console.log(e.name, e.message); }");
    bench.target.refuse(net::Failure{net::Fault::dns_not_found, ""});
    EXPECT_EQ(bench.output(), "GoError GET \"http://target.test\": lookup: no such host");
}

TEST(Http, TheOptionThrowIsTheDefaultForIt) {
    One bench(R"(
        try { http.get(url); console.log('went on'); } catch (e) { console.log('threw'); }
        http.get(url, { throw: false }); console.log('spared');)");
    bench.options.throw_on_failure = true;
    bench.target.refuse(net::Failure{net::Fault::dns_not_found, ""});
    EXPECT_EQ(bench.output(), "threw\nspared");
}

TEST(Http, AHangingTargetTimesOut) {
    One bench(R"(
        const r = http.get(url, { timeout: '2s' }); console.log(r.status, r.error_code, r.error);
        http.get(url, { timeout: 500 });)");
    bench.target.set_handler([](const SeenRequest&) { return Reply{.never = true}; });
    const base::Instant before = bench.loop.now();
    EXPECT_EQ(bench.output(), "0 1050 request timeout");
    EXPECT_NEAR(base::to_seconds(bench.loop.now() - before), 2.5, 0.1);
}

TEST(Http, TheDefaultTimeoutIsAMinute) {
    One bench("http.get(url);");
    bench.target.set_handler([](const SeenRequest&) { return Reply{.never = true}; });
    const base::Instant before = bench.loop.now();
    bench.output();
    EXPECT_NEAR(base::to_seconds(bench.loop.now() - before), 60, 0.5);
}

TEST(Http, AUrlThatIsNoneIsError1020) {
    One bench(R"(
        const r = http.get('not a url'); console.log(r.status, r.error_code, r.url);
        try { http.get('::', { throw: true }); } catch (e) { console.log('threw'); })");
    EXPECT_EQ(bench.output(), "0 1020 not a url\nthrew");
    EXPECT_TRUE(bench.target.seen.empty());
}

TEST(Http, StatusesOfErrorsHaveCodes) {
    One bench("const r = http.get(url); console.log(r.status, r.error_code, r.error === '');");
    bench.target.set_handler([](const SeenRequest&) { return Reply{.status = 503}; });
    EXPECT_EQ(bench.output(), "503 1503 true");
    EXPECT_EQ(bench.sum("http_req_failed", "status=503,error_code=1503").value, 1);
}

TEST(Http, SystemTagsOfAnAnswer) {
    One bench("http.get(url + '/p');");
    bench.request();
    const auto tags = bench.tags_of("http_req_duration");
    ASSERT_EQ(tags.size(), 1U);
    const std::pair<const char*, const char*> expected[] = {
        {"method", "GET"}, {"url", "http://target.test/p"}, {"name", "http://target.test/p"},
        {"status", "200"}, {"proto", "HTTP/1.1"},           {"expected_response", "true"},
        {"group", ""},     {"scenario", "default"}};
    for (const auto& [key, value] : expected) {
        ASSERT_NE(tags[0].find(key), nullptr) << key;
        EXPECT_EQ(*tags[0].find(key), value);
    }
    EXPECT_EQ(tags[0].pairs().size(), std::size(expected));
}

TEST(Http, SystemTagsCanBeChosen) {
    One bench("http.get(url + '/p');");
    bench.options.system_tags = std::vector<std::string>{"status"};
    bench.request();
    const auto tags = bench.tags_of("http_req_duration");
    ASSERT_EQ(tags.size(), 1U);
    EXPECT_EQ(tags[0].pairs().size(), 1U);
    EXPECT_NE(tags[0].find("status"), nullptr);
}

TEST(Http, TagsOfARequestMayBeNumbersAndBooleans) {
    One bench("http.get(url, { tags: { page: 3, heavy: true, kind: 'list' } });");
    bench.request();
    EXPECT_EQ(bench.sum("http_reqs", "page=3,heavy=true,kind=list").value, 1);
}

TEST(Http, ATagOfAnotherTypeIsRefused) {
    One bench(
        "try { http.get(url, { tags: { page: {} } }); } catch (e) { console.log(e.message); }");
    EXPECT_THAT(bench.output(), HasSubstr("invalid value for metric tag 'page'"));
}

TEST(Http, ANameGroupsUrls) {
    One bench(R"(
        for (const id of [1, 2, 3]) http.get(`${url}/posts/${id}`, { tags: { name: 'post' } });
        for (const id of [1, 2]) http.get(http.url`http://target.test/users/${id}`);)");
    bench.request();
    EXPECT_EQ(bench.sum("http_reqs", "name=post,url=post").value, 3);
    EXPECT_EQ(bench.sum("http_reqs", "name=http://target.test/users/${}").value, 2);
    EXPECT_EQ(bench.target.seen[4].target, "/users/2");
    EXPECT_EQ(bench.tags_of("http_reqs").size(), 2U);
}

TEST(Http, UrlsAreShownAsTheyWereWritten) {
    One bench("const r = http.get(url); console.log(r.url, r.request.url);");
    EXPECT_EQ(bench.output(), "http://target.test http://target.test");
    EXPECT_EQ(bench.sum("http_reqs", "name=http://target.test").value, 1);
}

TEST(Http, CredentialsAreInNoTag) {
    One bench("http.get('http://user:secret@target.test/p');");
    EXPECT_EQ(bench.request().header("authorization"), "Basic dXNlcjpzZWNyZXQ=");
    for (const record::Tags& tags : bench.tags_of("http_reqs")) {
        EXPECT_EQ(tags.find("url")->find("secret"), std::string::npos) << *tags.find("url");
    }
}

TEST(Http, RedirectsAreFollowedAndEachHopIsRecorded) {
    One bench(R"(
        const r = http.get(url + '/old'); console.log(r.status, r.url, r.body);
        const same = http.get(url + '/old', { redirects: 0 }); console.log(same.status, same.headers.Location);)");
    bench.target.set_handler([](const SeenRequest& request) {
        if (request.target == "/old")
            return Reply{.status = 302, .headers = {{"Location", "/new"}}};
        return Reply{.body = "there"};
    });
    EXPECT_EQ(bench.output(), "200 http://target.test/new there\n302 /new");
    EXPECT_EQ(bench.sum("http_reqs", "url=http://target.test/old,status=302").value, 2);
    EXPECT_EQ(bench.sum("http_reqs", "url=http://target.test/new,status=200").value, 1);
}

TEST(Http, ExpectedStatusesDecideWhatFailed) {
    One bench(R"(
        http.get(url, { responseCallback: http.expectedStatuses(404, { min: 500, max: 503 }) });
        http.get(url, { responseCallback: http.expectedStatuses(200) });
        http.get(url, { responseCallback: null });
        http.get(url);)");
    bench.target.set_handler([](const SeenRequest&) { return Reply{.status = 404}; });
    bench.request();
    EXPECT_EQ(bench.sum("http_req_failed").samples, 3U);  // null: not judged
    EXPECT_EQ(bench.sum("http_req_failed").value, 2);
    EXPECT_EQ(bench.sum("http_reqs", "expected_response=true").value, 1);
    EXPECT_EQ(bench.sum("http_reqs").value, 4);
}

TEST(Http, SetResponseCallbackIsForAllThatFollow) {
    Bench bench(R"(
        import http from 'k6/http';
        http.setResponseCallback(http.expectedStatuses(404));
        export default function () { http.get('http://target.test/'); http.setResponseCallback(null); http.get('http://target.test/'); })");
    bench.target.set_handler([](const SeenRequest&) { return Reply{.status = 404}; });
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed) << bench.log();
    EXPECT_EQ(bench.sum("http_req_failed").samples, 1U);
    EXPECT_EQ(bench.sum("http_req_failed").value, 0);
}

TEST(Http, BatchOfAnArray) {
    One bench(R"(
        const all = http.batch([url + '/1', ['POST', url + '/2', 'body', { tags: { t: 'x' } }], { method: 'PUT', url: url + '/3', body: 'b' }]);
        console.log(all.length, all.map((r) => r.body).join(','));)");
    bench.target.set_handler([](const SeenRequest& r) {
        return Reply{.body = r.method + r.target + r.body, .delay = milliseconds(100)};
    });
    const base::Instant before = bench.loop.now();
    EXPECT_EQ(bench.output(), "3 GET/1,POST/2body,PUT/3b");
    EXPECT_LT(bench.loop.now() - before, milliseconds(150));  // at once, not one after the other
    EXPECT_EQ(bench.sum("http_reqs", "t=x").value, 1);
}

TEST(Http, BatchOfAnObjectKeepsItsKeys) {
    One bench(
        "const r = http.batch({ front: url + '/f', api: { method: 'GET', url: url + '/a' } }); "
        "console.log(r.front.url, r.api.url);");
    EXPECT_EQ(bench.output(), "http://target.test/f http://target.test/a");
}

TEST(Http, BatchKeepsToItsLimits) {
    One bench("http.batch(Array.from({ length: 13 }, (_, i) => `${url}/${i}`));");
    bench.options.batch_per_host = 6;
    bench.target.set_handler([](const SeenRequest&) { return Reply{.delay = milliseconds(100)}; });
    const base::Instant before = bench.loop.now();
    bench.output();
    EXPECT_NEAR(base::to_ms(bench.loop.now() - before), 300, 20);  // 6 + 6 + 1
    EXPECT_EQ(bench.target.seen.size(), 13U);
}

TEST(Http, BatchWithAUrlThatIsNone) {
    One bench(
        "const r = http.batch(['nonsense', url]); console.log(r[0].error_code, r[1].status);");
    EXPECT_EQ(bench.output(), "1020 200");
}

TEST(Http, AsyncRequestsRunTogether) {
    Bench bench(R"(
        import http from 'k6/http';
        export default async function () {
          const url = 'http://target.test/';
          const [a, b] = await Promise.all([http.asyncRequest('GET', url + 'a'), http.asyncRequest('POST', url + 'b', 'x')]);
          console.log(a.body, b.body);
          try { await http.asyncRequest('GET', url, null, { timeout: 'never' }); } catch (e) { console.log('refused'); }
        })");
    bench.target.set_handler([](const SeenRequest& r) {
        return Reply{.body = r.method + r.body, .delay = milliseconds(100)};
    });
    const base::Instant before = bench.loop.now();
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed) << bench.log();
    EXPECT_EQ(bench.console(), "GET POSTx\nrefused");
    EXPECT_LT(bench.loop.now() - before, milliseconds(150));
}

TEST(Http, AsyncRequestsThatFailRejectOnlyWithThrow) {
    Bench bench(R"(
        import http from 'k6/http';
        export default async function () {
          console.log((await http.asyncRequest('GET', 'http://target.test/')).error_code);
          try { await http.asyncRequest('GET', 'http://target.test/', null, { throw: true }); } catch (e) { console.log(e.name); }
        })");
    bench.target.refuse(net::Failure{net::Fault::connection_refused, ""});
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed) << bench.log();
    EXPECT_EQ(bench.console(), "1212\nGoError");
}

TEST(Http, CookieJars) {
    One bench(R"(
        const jar = http.cookieJar();
        jar.set(url, 'a', '1'); jar.set(url, 'b', '2', { path: '/only' });
        console.log(JSON.stringify(jar.cookiesForURL(url + '/only')), JSON.stringify(jar.cookiesForURL(url)));
        jar.delete(url, 'a'); console.log(JSON.stringify(jar.cookiesForURL(url)));
        const own = new http.CookieJar(); own.set(url, 'o', '9');
        http.get(url, { jar: own }); own.clear(url);
        console.log(JSON.stringify(own.cookiesForURL(url)));)");
    EXPECT_EQ(bench.output(), "{\"b\":[\"2\"],\"a\":[\"1\"]} {\"a\":[\"1\"]}\n{}\n{}");
    EXPECT_EQ(bench.target.seen.at(0).header("cookie"), "o=9");
}

TEST(Http, ServersCookiesAreSentBackWithinTheIteration) {
    One bench("http.get(url + '/login'); http.get(url + '/page');");
    bench.target.set_handler([](const SeenRequest&) {
        return Reply{.headers = {{"Set-Cookie", "sid=1; Path=/"}}};
    });
    bench.request();
    EXPECT_EQ(bench.target.seen.at(1).header("cookie"), "sid=1");
}

TEST(Http, WhatIsNotThereYetSaysSo) {
    One bench(
        "for (const f of ['html', 'submitForm', 'clickLink']) { try { http.get(url)[f](); } catch "
        "(e) { console.log(e.message.slice(0, 40)); } }");
    EXPECT_THAT(bench.output(), HasSubstr("Response.submitForm() is not supported"));
}

TEST(Http, ConstantsAreThere) {
    One bench("console.log(http.TLS_1_2, http.OCSP_STATUS_GOOD, http.OCSP_REASON_KEY_COMPROMISE);");
    EXPECT_EQ(bench.output(), "tls1.2 good key_compromise");
}

TEST(Http, RpsSpacesRequestsAndIsInNoMeasurement) {
    One bench("for (let i = 0; i < 5; i++) http.get(url);");
    bench.options.rps = 10;
    const base::Instant before = bench.loop.now();
    bench.output();
    EXPECT_NEAR(base::to_ms(bench.loop.now() - before), 400, 10);
    EXPECT_LT(bench.sum("weir_response_time").max, 5);
}

TEST(Http, HttpDebugLogsExchangesWithoutCredentials) {
    One bench("http.post('http://u:pw@target.test/p', 'sent');");
    bench.options.http_debug = "full";
    bench.target.set_handler([](const SeenRequest&) { return Reply{.body = "received"}; });
    bench.output();
    EXPECT_THAT(bench.log(), HasSubstr("Request:\nPOST /p HTTP/1.1\nHost: target.test\n"));
    EXPECT_THAT(bench.log(), HasSubstr("Authorization: Basic ***\n"));
    EXPECT_THAT(bench.log(), HasSubstr("Response:\nHTTP/1.1 200"));
    EXPECT_THAT(bench.log(), HasSubstr("Timings: begun 0.00 ms after it was due; wait "));
    EXPECT_THAT(bench.log(), HasSubstr("sent"));
    EXPECT_THAT(bench.log(), HasSubstr("received"));
    EXPECT_EQ(bench.log().find("dTpwdw"), std::string::npos);
}

TEST(Http, ParamsOfAWrongTypeAreRefusedWithTheirName) {
    for (const auto& [params, words] :
         std::map<std::string, std::string>{{"{ timeout: 'soon' }", "timeout"},
                                            {"{ responseType: 'xml' }", "responseType"},
                                            {"{ auth: 'magic' }", "auth"},
                                            {"{ auth: 'ntlm' }", "not supported yet"},
                                            {"{ redirects: -1 }", "redirects"},
                                            {"{ responseCallback: 200 }", "responseCallback"},
                                            {"{ jar: {} }", "jar"},
                                            {"7", "params"}}) {
        One bench("try { http.get(url, " + params + "); } catch (e) { console.log(e.message); }");
        EXPECT_THAT(bench.output(), HasSubstr(words));
    }
}

Reply with_timing(std::string value) {
    return {.headers = {{"Server-Timing", std::move(value)}}};
}

TEST(ServerTiming, IsATrendWithTheRequestsTags) {
    One bench("http.get(url + '/a', { tags: { name: 'cases' } }); http.get(url + '/b');");
    bench.target.set_handler([](const SeenRequest& request) {
        return with_timing(request.target == "/a" ? "db;dur=12.5, db;dur=7.5, cache;desc=hit"
                                                  : "db;dur=1");
    });
    bench.request();
    EXPECT_EQ(bench.sum("weir_server_timing", "timing=db").samples, 3U);
    EXPECT_NEAR(bench.sum("weir_server_timing", "timing=db,name=cases,status=200").value, 20, 0.1);
    EXPECT_EQ(bench.sum("weir_server_timing", "timing=cache").samples, 0U);
    EXPECT_EQ(bench.sum("http_reqs", "name=cases").value, 1);
}

TEST(ServerTiming, SeveralHeadersAreOneListAndRedirectsHaveTheirOwn) {
    One bench("http.get(url + '/old');");
    bench.target.set_handler([](const SeenRequest& request) {
        Reply reply = with_timing("db;dur=1");
        reply.headers.emplace_back("SERVER-TIMING", "app;dur=2");
        if (request.target == "/old") {
            reply.status = 302;
            reply.headers.emplace_back("Location", "/new");
        }
        return reply;
    });
    bench.request();
    EXPECT_EQ(bench.sum("weir_server_timing", "timing=db").samples, 2U);
    EXPECT_EQ(bench.sum("weir_server_timing", "timing=app,status=302").samples, 1U);
    EXPECT_EQ(bench.evidence_now().slowest.at(0).server_timing, "db;dur=1, app;dur=2");
}

TEST(ServerTiming, NamesThatNeverRepeatAreCountedTogether) {
    One bench("for (let i = 0; i < 50; i += 1) http.get(url + '/' + i, { tags: { name: 'n' } });");
    bench.target.set_handler([](const SeenRequest& request) {
        return with_timing("id " + request.target.substr(1) + ";dur=2");
    });
    bench.request();
    EXPECT_EQ(bench.sum("weir_server_timing", "timing=id_3").samples, 1U);
    EXPECT_EQ(bench.sum("weir_server_timing", "timing=(other)").samples, 34U);
    EXPECT_EQ(bench.tags_of("weir_server_timing").size(), 17U);
}

TEST(ServerTiming, WithoutTheHeaderThereIsNothing) {
    One bench("http.get(url);");
    bench.request();
    EXPECT_TRUE(bench.tags_of("weir_server_timing").empty());
    EXPECT_EQ(bench.evidence_now().slowest.at(0).server_timing, "");
}

TEST(Evidence, EachRequestNameHasItsSlowestWithTheirTraces) {
    One bench(R"(
        for (let i = 0; i < 30; i += 1) http.get(url + '/slow', { tags: { name: 'slow' } });
        for (let i = 0; i < 8; i += 1) http.get(url + '/fast', { tags: { name: 'fast' } });)");
    bench.marks = SyntheticMarks{.user_agent = "weir/0", .run_id = "r"};
    bench.target.set_handler([](const SeenRequest& request) {
        return Reply{.delay = request.target == "/slow" ? seconds(2) : milliseconds(5)};
    });
    bench.request();
    const auto slowest = bench.evidence_now().slowest;
    ASSERT_EQ(slowest.size(), 25U);
    EXPECT_EQ(slowest[19].name, "slow");
    EXPECT_EQ(slowest[20].name, "fast");
    for (const auto& each : slowest) EXPECT_EQ(each.trace_id.size(), 32U);
}

}  // namespace
}  // namespace weir::journey
