// Our own versions of the jslib.k6.io modules, imported by their URLs as scripts do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/format.h"
#include "script/test_files.h"
#include "script/web/web.h"

namespace weir::script {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Answers k6/http's request() and batch() with what they were asked, as JSON.
Value echo(Isolate& js, Ref, Args args, int) noexcept {
    Value list = new_array(js);
    for (std::uint32_t i = 0; i < args.size(); ++i) {
        if (!list.set_at(js, i, args[i].own(js))) return Value::thrown();
    }
    return stringify_json(js, list);
}

Value check_all(Isolate& js, Ref, Args args, int) noexcept {
    const auto keys = own_keys(js, args[1]);
    bool all = true;
    for (const std::string& key : *keys) all = all && args[1].get(js, key).to_bool(js);
    return Value::boolean(all);
}

/// group(name, fn) without groups.
Value call_body(Isolate& js, Ref, Args args, int) noexcept {
    return args[1].call(js, {}, {});
}

Value silent_console(Isolate& js, Ref, Args, int) noexcept {
    static constexpr FunctionSpec warn = {
        "warn", [](Isolate&, Ref, Args, int) noexcept -> Value { return {}; }};
    Value console = new_object(js);
    if (!console.set(js, "warn", new_function(js, warn))) return Value::thrown();
    return console;
}

Value execution(Isolate& js, Ref, Args, int) noexcept {
    return parse_json(js, R"({"scenario":{"name":"s","startTime":0},"vu":{"metrics":{"tags":{}}},
        "test":{"options":{"scenarios":{"s":{"startVUs":1,"stages":[
            {"duration":"10s","target":5},{"duration":"1m","target":5},{"duration":"5s","target":0}]}}}}})");
}

class JslibTest : public ::testing::Test {
protected:
    JslibTest() {
        static constexpr FunctionSpec http[] = {
            {"request", echo, 4}, {"asyncRequest", echo, 4}, {"batch", echo, 1}};
        static constexpr FunctionSpec k6[] = {{"check", check_all, 2}, {"group", call_body, 2}};
        static constexpr ValueSpec globals[] = {{"console", silent_console}};
        bindings_.add_globals({.values = globals});
        bindings_.add_module({.name = "k6/http", .functions = http});
        bindings_.add_module({.name = "k6", .functions = k6});
        bindings_.add_module({.name = "k6/execution", .default_export = execution});
        add_web_globals(bindings_);
    }

    /// The text of what the default export returns, or of the error.
    std::string eval(const std::string& imports, const std::string& body) {
        const TestFiles set{
            {{"/work/main.js", imports + "\nexport default async () => {" + body + "}"}},
            "main.js",
            &bindings_};
        return set.run();
    }

    Bindings bindings_;
};

constexpr char utils[] =
    "import * as utils from 'https://jslib.k6.io/k6-utils/1.4.0/index.js';\n"
    "import { randomIntBetween, uuidv4, findBetween, parseDuration } from "
    "'https://jslib.k6.io/k6-utils/1.2.0/index.js';";

TEST_F(JslibTest, UtilsMakeRandomThingsOfTheRightShape) {
    EXPECT_EQ(eval(utils,
                   "for (let i = 0; i < 200; i++) { const n = randomIntBetween(3, 5);"
                   " if (n < 3 || n > 5 || n % 1) return 'bad ' + n } return 'ok'"),
              "ok");
    EXPECT_EQ(eval(utils,
                   "return /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/"
                   ".test(uuidv4())"),
              "true");
    EXPECT_EQ(eval(utils, "return utils.randomString(7, 'x')"), "xxxxxxx");
    EXPECT_EQ(eval(utils, "return utils.randomItem(['only'])"), "only");
}

TEST_F(JslibTest, UtilsFindTextBetweenMarks) {
    EXPECT_EQ(eval(utils, "return findBetween('<b>one</b><b>two</b>', '<b>', '</b>')"), "one");
    EXPECT_EQ(
        eval(utils, "return findBetween('<b>one</b><b>two</b>', '<b>', '</b>', true).join('|')"),
        "one|two");
    EXPECT_EQ(eval(utils, "return findBetween('none', '<b>', '</b>')"), "null");
}

TEST_F(JslibTest, UtilsReadDurations) {
    EXPECT_EQ(eval(utils, "return parseDuration('1d5h31m20s7ms')"), "106280007");
    EXPECT_EQ(eval(utils, "return parseDuration('1.5s') + parseDuration(20)"), "1520");
    EXPECT_THAT(eval(utils, "return parseDuration('soon')"), HasSubstr("is not a duration"));
}

TEST_F(JslibTest, UtilsKnowTheStage) {
    EXPECT_EQ(eval(utils, "Date.now = () => 15000; return utils.getCurrentStageIndex()"), "1");
    EXPECT_EQ(eval(utils, "Date.now = () => 999999; return utils.getCurrentStageIndex()"), "2");
    const std::string profile = std::string(utils) + "import exec from 'k6/execution';";
    EXPECT_EQ(eval(profile,
                   "const at = (ms) => { Date.now = () => ms; utils.tagWithCurrentStageProfile();"
                   " utils.tagWithCurrentStageIndex();"
                   " const t = exec.vu.metrics.tags; return t.stage + t.stage_profile };"
                   "return [at(1000), at(20000), at(72000)].join()"),
              "0ramp-up,1steady,2ramp-down");
}

TEST_F(JslibTest, UtilsMakeBellCurves) {
    EXPECT_EQ(eval(utils,
                   "const s = utils.normalDistributionStages(10, 20, 4);"
                   "return JSON.stringify(s.map((x) => x.target)) + s[0].duration"),
              "[1,5,10,5,1,0]4s");
}

TEST_F(JslibTest, UtilsCheckWaitsForAsynchronousConditions) {
    EXPECT_EQ(eval(utils, "return utils.check(1, { a: (v) => v === 1, b: async () => false })"),
              "false");
    EXPECT_EQ(eval(utils, "return utils.check(1, { a: (v) => v === 1 })"), "true");
}

TEST_F(JslibTest, HttpxMergesTheSessionsDefaults) {
    const std::string httpx =
        "import { Httpx, Get, Post } from 'https://jslib.k6.io/httpx/0.1.0/index.js';\n"
        "const s = new Httpx({ baseURL: 'http://a', headers: { A: '1' }, timeout: 7 });";
    EXPECT_EQ(
        eval(httpx, "return s.post('/x', 'body', { headers: { B: '2' } })"),
        R"(["POST","http://a/x","body",{"timeout":7,"headers":{"A":"1","B":"2"},"tags":{}}])");
    EXPECT_EQ(eval(httpx, "s.addHeader('A', '9'); s.addTag('t', 'u'); return s.get('http://b/y')"),
              R"(["GET","http://b/y",null,{"timeout":7,"headers":{"A":"9"},"tags":{"t":"u"}}])");
    EXPECT_EQ(
        eval(httpx,
             "return s.batch([new Get('/1'), new Post('/2', 'b', { tags: { c: 'd' } })], { tags: { "
             "e: 'f' } })"),
        R"([[{"method":"GET","url":"http://a/1","body":null,"params":{"timeout":7,"tags":{"e":"f"},)"
        R"("headers":{"A":"1"}}},{"method":"POST","url":"http://a/2","body":"b","params":{"timeout":7,)"
        R"("tags":{"e":"f","c":"d"},"headers":{"A":"1"}}}]])");
}

TEST_F(JslibTest, PapaparseReadsAndWritesCsv) {
    const std::string papa =
        "import papaparse from 'https://jslib.k6.io/papaparse/5.1.1/index.js';";
    EXPECT_EQ(eval(papa,
                   "return JSON.stringify(papaparse.parse('a,b\\n1,\"x, y\"\\n', { header: true, "
                   "skipEmptyLines: true }).data)"),
              R"([{"a":"1","b":"x, y"}])");
    EXPECT_EQ(eval(papa, "return papaparse.unparse([[1, 'a,b']])"), "1,\"a,b\"");
}

TEST_F(JslibTest, FormDataMakesAMultipartBody) {
    const std::string form =
        "import { FormData } from 'https://jslib.k6.io/formdata/0.0.2/index.js';";
    EXPECT_EQ(eval(form,
                   "const f = new FormData(); f.append('t', 'é'); "
                   "f.append('f', { data: new Uint8Array([104, 105]).buffer, filename: 'a\"b', "
                   "content_type: 'text/plain' });"
                   "return new TextDecoder().decode(f.body()).replaceAll(f.boundary, "
                   "'B').replaceAll('\\r\\n', '|')"),
              "--B|Content-Disposition: form-data; name=\"t\"||é|--B|Content-Disposition: "
              "form-data; name=\"f\"; "
              "filename=\"a%22b\"|Content-Type: text/plain||hi|--B--|");
}

TEST_F(JslibTest, UrlIsTheGlobal) {
    EXPECT_EQ(eval("import { URL, URLSearchParams } from 'https://jslib.k6.io/url/1.0.0/index.js';",
                   "const u = new URL('/x?a=1', 'http://h'); u.searchParams.append('b', '2'); "
                   "return u.toString() + new URLSearchParams({ c: 3 })"),
              "http://h/x?a=1&b=2c=3");
}

constexpr char summary_data[] = R"json({
  "root_group": {"name": "", "groups": [{"name": "login", "groups": [], "checks": [
      {"name": "status is 200", "passes": 3, "fails": 1}]}],
    "checks": [{"name": "ok", "passes": 4, "fails": 0}]},
  "options": {"summaryTrendStats": ["avg", "p(95)"], "summaryTimeUnit": "", "noColor": false},
  "metrics": {
    "http_reqs": {"type": "counter", "contains": "default", "values": {"count": 4, "rate": 0.5}},
    "data_received": {"type": "counter", "contains": "data", "values": {"count": 1234567, "rate": 6400}},
    "vus": {"type": "gauge", "contains": "default", "values": {"value": 1, "min": 1, "max": 10}},
    "http_req_duration": {"type": "trend", "contains": "time", "values": {"avg": 117.5567, "p(95)": 1500},
      "thresholds": {"p(95)<2000": {"ok": true}, "avg<1": {"ok": false}}},
    "http_req_duration{expected_response:true}": {"type": "trend", "contains": "time", "values": {"avg": 0.25, "p(95)": 61000}},
    "http_req_failed": {"type": "rate", "contains": "default", "values": {"rate": 0.25, "passes": 1, "fails": 3}}
  }})json";

TEST_F(JslibTest, TextSummaryLooksLikeK6s) {
    const std::string imports = base::format(
        "import {{ textSummary }} from 'https://jslib.k6.io/k6-summary/0.0.2/index.js';\nconst "
        "data = {};",
        summary_data);
    EXPECT_EQ(eval(imports, "return textSummary(data, { indent: ' ', enableColors: false })"),
              "     ✓ ok\n"
              "\n"
              "     █ login\n"
              "\n"
              "       ✗ status is 200\n"
              "        ↳  75% — ✓ 3 / ✗ 1\n"
              "\n"
              "     data_received..................: 1.2 MB 6.4 kB/s\n"
              "   ✗ http_req_duration..............: avg=117.55ms p(95)=1.5s\n"
              "       { expected_response:true }...: avg=250µs    p(95)=1m1s\n"
              "     http_req_failed................: 25.00% ✓ 1      ✗ 3   \n"
              "     http_reqs......................: 4      0.5/s   \n"
              "     vus............................: 1      min=1    max=10");
    EXPECT_THAT(eval(imports, "return textSummary(data, { enableColors: true })"),
                HasSubstr("\x1b[32m     ✓ ok\x1b[0m"));
}

TEST_F(JslibTest, JUnitHasATestCaseForEachThreshold) {
    const std::string imports = base::format(
        "import {{ jUnit }} from 'https://jslib.k6.io/k6-summary/0.0.2/index.js';\nconst data = "
        "{};",
        summary_data);
    EXPECT_EQ(
        eval(imports, "return jUnit(data, { name: 'a<b' })"),
        "<?xml version=\"1.0\"?>\n<testsuites tests=\"2\" failures=\"1\">\n"
        "<testsuite name=\"a&lt;b\" tests=\"2\" failures=\"1\">\n"
        "<testcase name=\"http_req_duration - p(95)&lt;2000\" classname=\"Unnamed folder\" />\n"
        "<testcase name=\"http_req_duration - avg&lt;1\" classname=\"Unnamed folder\">"
        "<failure message=\"failed\" /></testcase>\n</testsuite>\n</testsuites>\n");
}

constexpr char chai[] =
    "import { describe, expect } from 'https://jslib.k6.io/k6chaijs/4.3.4.3/index.js';\n"
    "const r = (f) => { try { f(); return 'ok' } catch (e) { return e.message } };";

TEST_F(JslibTest, ChaiHoldsWhatIsTrue) {
    EXPECT_EQ(
        eval(chai,
             "return r(() => {"
             "expect(200, 's').to.equal(200); expect([1, { a: 2 }]).to.deep.equal([1, { a: 2 }]);"
             "expect('abc').to.be.a('string').that.includes('b'); expect([1, "
             "2]).to.have.lengthOf(2);"
             "expect([1, 2]).to.have.length.above(1); expect({ a: 1, b: 2 }).to.have.all.keys('a', "
             "'b');"
             "expect({ a: 1 }).to.have.property('a').that.equals(1); expect(null).to.be.null;"
             "expect('x').to.be.oneOf(['x', 'y']); expect(5).to.be.within(1, 5).and.below(6);"
             "expect([]).to.be.an('array').that.is.empty; expect('a1').to.match(/\\d/);"
             "expect(() => { throw new TypeError('bad') }).to.throw(TypeError, 'bad');"
             "expect({ json() {} }).to.have.validJsonBody(); expect(1).to.not.equal(2) })"),
        "ok");
}

TEST_F(JslibTest, ChaiSaysWhatIsNot) {
    EXPECT_EQ(eval(chai, "return r(() => expect(500, 'response status').to.equal(200))"),
              "expected response status to equal 200, but it is 500");
    EXPECT_EQ(eval(chai, "return r(() => expect([1]).to.have.length.above(3))"),
              "expected [1] to have length above 3, but it is [1]");
    EXPECT_EQ(eval(chai, "return r(() => expect('abc').to.not.include('b'))"),
              "expected 'abc' to not include 'b', but it is 'abc'");
    EXPECT_EQ(eval(chai, "return r(() => expect(undefined, 'token').to.exist)"),
              "expected token to exist, but it is undefined");
}

TEST_F(JslibTest, ChaiDescribeEndsWithTheFirstFailure) {
    EXPECT_EQ(
        eval(chai,
             "let n = 0; const a = describe('a', () => { n++; expect(1).to.equal(2); n++ });"
             "const b = describe('b', () => { n++ });"
             "const c = describe('c', () => { throw new Error('x') }); return [a, b, c, n].join()"),
        "false,true,false,2");
}

TEST_F(JslibTest, OthersAreRefusedWithWhatToDo) {
    EXPECT_THAT(
        eval("import { AWSConfig } from 'https://jslib.k6.io/aws/0.12.0/s3.js';", "return 1"),
        HasSubstr("main.js:1:27: cannot import 'https://jslib.k6.io/aws/0.12.0/s3.js': of the "
                  "libraries"));
}

TEST_F(JslibTest, StructuredCloneCopiesDeeply) {
    EXPECT_EQ(eval("",
                   "const a = { d: new Date(5), m: new Map([[1, [2]]]), s: new Set(['x']), b: new "
                   "Uint8Array([1, 2]), n: null };"
                   "a.self = a; const c = structuredClone(a);"
                   "return [c !== a, c.self === c, c.d.getTime(), c.m.get(1) !== a.m.get(1), "
                   "c.m.get(1)[0], c.s.has('x'), c.b[1], c.b !== a.b].join()"),
              "true,true,5,true,2,true,2,true");
    EXPECT_THAT(eval("", "return structuredClone(() => 1)"), HasSubstr("could not be cloned"));
}

}  // namespace
}  // namespace weir::script
