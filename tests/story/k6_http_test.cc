// k6/http in full over real sockets: verbs, bodies, Params, Response, batches and jars.
#include <algorithm>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/story/live_user.h"
#include "tests/story/raw_server.h"

namespace weir::story {
namespace {

using journey::IterationOutcome;

/// Says back what it was asked, and knows a few addresses of its own.
RawReply httpbin(const RawRequest& request) {
    const auto& target = request.target;
    if (target.starts_with("/status/")) {
        return {.bytes = "HTTP/1.1 " + target.substr(8) + " Odd\r\nContent-Length: 0\r\n\r\n"};
    }
    if (target.starts_with("/redirect/")) {
        const int left = std::stoi(target.substr(10)) - 1;
        return {.bytes = "HTTP/1.1 302 Found\r\nLocation: " +
                         (left > 0 ? "/redirect/" + std::to_string(left) : std::string("/end")) +
                         "\r\nContent-Length: 0\r\n\r\n"};
    }
    if (target == "/cookie") {
        return ok("", "Set-Cookie: k=hello world; Path=/; Max-Age=60; HttpOnly\r\n");
    }
    if (target == "/json") return ok(R"({"a":[{"b":1,"c":"x"},{"b":2,"c":"y"}],"d.e":true})");
    if (target == "/head") return ok(request.head);
    if (request.method == "HEAD") return {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"};
    return ok(request.method + " " + target + " " + request.body);
}

/// What `body` writes to the console, `url` being the server's.
std::string told(const std::string& body, const RawServer& server) {
    LiveUser user(
        "import http from 'k6/http';\nconst url = '" + server.url() +
        "';\nconst say = (...all) => console.log(all.map((it) => JSON.stringify(it)).join(' '));\n"
        "export default async function () {\n" +
        body + "\n}\n");
    EXPECT_EQ(user.iterate(), IterationOutcome::completed) << user.log();
    return user.console();
}

std::string told(const std::string& body) {
    const RawServer server(httpbin);
    return told(body, server);
}

TEST(K6Http, EveryVerb) {
    EXPECT_EQ(told(R"(
        for (const verb of ['post', 'put', 'patch', 'del', 'options']) say(http[verb](url + '/v', 'b').body);
        say(http.get(url + '/v').body, http.head(url + '/v').status, http.head(url + '/v').body);
        say(http.request('get', url + '/v').body, http.request('REPORT', url + '/v', 'r').body);
        say((await http.asyncRequest('PUT', url + '/v', 'later')).body);)"),
              "\"POST /v b\"\n\"PUT /v b\"\n\"PATCH /v b\"\n\"DELETE /v b\"\n\"OPTIONS /v b\"\n"
              "\"GET /v \" 200 \"\"\n\"GET /v \" \"REPORT /v r\"\n\"PUT /v later\"\n");
}

TEST(K6Http, BodiesOfEveryKind) {
    EXPECT_EQ(told(R"(
        say(http.post(url, { a: 'b c', d: [1, 2] }).body, http.post(url, null).body);
        say(http.post(url, new Uint8Array([65, 66]).buffer).body);
        const up = http.post(url, { note: 'n', file: http.file('data', 'f.txt', 'text/plain') });
        say(/name="note"\r\n\r\nn\r\n/.test(up.body),
            /name="file"; filename="f.txt"\r\nContent-Type: text\/plain\r\n\r\ndata\r\n/.test(up.body));
        say(up.request.headers['Content-Type'][0].startsWith('multipart/form-data; boundary='));
        const file = http.file('x', 'b.bin');
        say(file.content_type, file.filename, http.file('x').filename.length > 0);)"),
              "\"POST / a=b+c&d=1&d=2\" \"POST / \"\n\"POST / AB\"\ntrue true\ntrue\n"
              "\"application/octet-stream\" \"b.bin\" true\n");
}

TEST(K6Http, Params) {
    EXPECT_EQ(told(R"(
        const head = (params, at = url) => http.get(at + '/head', params).body;
        say(/X-N: 5\r\n/.test(head({ headers: { 'X-N': 5 } })), /Host: a\.b\r\n/.test(head({ headers: { Host: 'a.b' } })));
        say(/Authorization: Basic dTpw\r\n/.test(head({}, url.replace('//', '//u:p@'))));
        say(/Cookie: c=d\r\n/.test(head({ cookies: { c: 'd' } })));
        say(http.get(url + '/redirect/3').url === url + '/end', http.get(url + '/redirect/3', { redirects: 0 }).headers.Location,
            http.get(url + '/redirect/3', { redirects: 1 }).status);
        say(http.get(url, { responseType: 'none' }).body, new Uint8Array(http.get(url, { responseType: 'binary' }).body)[0]);
        say(http.post(url + '/head', 'zz', { compression: 'gzip' }).body.includes('Content-Encoding: gzip'));
        try { http.get('http://127.0.0.1:1/', { throw: true }); } catch (error) { say(/refused/.test(error)); })"),
              "true true\ntrue\ntrue\ntrue \"/redirect/2\" 302\nnull 71\ntrue\ntrue\n");
}

TEST(K6Http, WhatAResponseTells) {
    EXPECT_EQ(told(R"(
        const r = http.post(url + '/json', 'sent', { headers: { 'X-A': 'b' } });
        say(r.status, r.status_text, r.proto, r.error, r.error_code, r.remote_ip, r.url === url + '/json');
        say(Object.keys(r.timings).sort());
        say(r.timings.duration >= r.timings.sending + r.timings.waiting + r.timings.receiving - 0.01);
        say(r.request.method, r.request.body, r.request.headers['X-A'], r.tls_version, r.tls_cipher_suite);
        say(r.json('a.#.b'), r.json('a.#'), r.json('a.#(b==2).c'), r.json('d\\.e'), r.json('none') === undefined);
        say(r.json().a.length);
        try { http.get(url).json(); } catch (error) { say('no JSON'); }
        say(http.get(url + '/status/404').error_code, http.get(url + '/status/503').error_code);)"),
              "200 \"200 OK\" \"HTTP/1.1\" \"\" 0 \"127.0.0.1\" true\n"
              "[\"blocked\",\"connecting\",\"duration\",\"looking_up\",\"receiving\",\"sending\","
              "\"tls_handshaking\",\"waiting\"]\ntrue\n\"POST\" \"sent\" [\"b\"] \"\" \"\"\n"
              "[1,2] 2 \"y\" true true\n2\n\"no JSON\"\n1404 1503\n");
}

TEST(K6Http, CookieJars) {
    EXPECT_EQ(told(R"(
        const cookies = (params) => (/Cookie: (.*)\r\n/.exec(http.get(url + '/head', params).body) || [])[1];
        const jar = http.cookieJar(), own = new http.CookieJar();
        const [k] = http.get(url + '/cookie').cookies.k;
        say(k.name, k.value, k.path, k.max_age, k.http_only, k.secure);
        say(jar.cookiesForURL(url + '/'));
        jar.delete(url, 'k'); jar.set(url, 'mine', '1'); own.set(url, 'other', '2');
        say(cookies(), cookies({ jar: own }), cookies({ cookies: { mine: { value: '3', replace: true } } }));
        jar.clear(url);
        say(cookies() === undefined);)"),
              "\"k\" \"hello world\" \"/\" 60 true false\n{\"k\":[\"hello world\"]}\n"
              "\"mine=1\" \"other=2\" \"mine=3\"\ntrue\n");
}

TEST(K6Http, BatchesKeepTheirKeys) {
    EXPECT_EQ(told(R"(
        const list = http.batch([url + '/1', ['PUT', url + '/2', 'x'], { method: 'POST', url: url + '/3', body: { a: 1 } }]);
        say(list.map((r) => r.body));
        const named = http.batch({ one: url + '/1', two: ['DELETE', url + '/2'] });
        say(Object.keys(named), named.two.body);)"),
              "[\"GET /1 \",\"PUT /2 x\",\"POST /3 a=1\"]\n[\"one\",\"two\"] \"DELETE /2 \"\n");
}

TEST(K6Http, BatchesOpenNoMoreConnectionsThanAllowed) {
    const RawServer server(httpbin);
    LiveUser user("import http from 'k6/http';\nexport default () => { http.batch(Array(9).fill('" +
                  server.url() + "')); };");
    user.options.batch_per_host = 2;
    EXPECT_EQ(user.iterate(), IterationOutcome::completed);
    EXPECT_EQ(server.requests(), 9U);
    EXPECT_LE(server.connections(), 2U);
}

TEST(K6Http, WhatCountsAsFailedIsTheScriptsToSay) {
    const RawServer server(httpbin);
    LiveUser user("import http from 'k6/http';\nconst url = '" + server.url() + R"(/status/';
        http.setResponseCallback(http.expectedStatuses(418, { min: 200, max: 299 }));
        export default () => {
          http.get(url + 418); http.get(url + 404);
          http.get(url + 404, { responseCallback: http.expectedStatuses(404) });
          http.get(http.url`${url}${201}`, { tags: { mine: 7 } }); };)");
    EXPECT_EQ(user.iterate(), IterationOutcome::completed) << user.log();
    EXPECT_EQ(user.samples("http_reqs", "expected_response", "true"), 3U);
    EXPECT_EQ(user.samples("http_reqs", "expected_response", "false"), 1U);
    EXPECT_EQ(user.samples("http_reqs", "name", "${}${}"), 1U);
    EXPECT_EQ(user.samples("http_reqs", "mine", "7"), 1U);
}

TEST(K6Http, OptionsOfTheRun) {
    const RawServer server(httpbin);
    LiveUser user(
        "import http from 'k6/http';\nexport default () => { const url = '" + server.url() +
        R"('; console.log(http.get(url).body, http.get(url, { responseType: 'text' }).body,
        http.get(url + '/redirect/2').status); };)");
    user.options.discard_response_bodies = true;
    user.options.max_redirects = 1;
    EXPECT_EQ(user.iterate(), IterationOutcome::completed) << user.log();
    EXPECT_EQ(user.console(), "null GET /  302\n");
}

}  // namespace
}  // namespace weir::story
