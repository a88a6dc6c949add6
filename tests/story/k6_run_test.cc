// The program as k6's users call it: exit codes, which options win, and what files hold.
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/story/raw_server.h"

namespace weir::story {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Ended {
    int code = -1;
    std::string output;  // both streams
};

/// A directory of its own, with the script in it; gone afterwards.
class K6Run : public ::testing::Test {
protected:
    K6Run() {
        std::string name = (std::filesystem::temp_directory_path() / "weir-story-XXXXXX").string();
        if (mkdtemp(name.data()) != nullptr) directory_ = name;
    }
    ~K6Run() override { std::filesystem::remove_all(directory_); }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(directory_ / name) << text;
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(directory_ / name).rdbuf();
        return text.str();
    }
    Ended run(const std::string& script, const std::string& flags = "") const {
        write("script.js", script);
        const std::string command = "cd " + directory_.string() + " && " + environment + " " +
                                    WEIR_PROGRAM + " run -q " + flags + " script.js 2>&1";
        Ended out;
        FILE* const pipe = popen(command.c_str(), "r");
        if (pipe == nullptr) return out;
        std::array<char, 4096> some{};
        for (std::size_t n = 0; (n = fread(some.data(), 1, some.size(), pipe)) > 0;)
            out.output.append(some.data(), n);
        const int status = pclose(pipe);
        if (WIFEXITED(status)) out.code = WEXITSTATUS(status);
        return out;
    }

    std::string environment = "env -u K6_VUS";

private:
    std::filesystem::path directory_;
};

const std::string empty = "export default function () {}\n";

struct Case {
    int code;
    const char* script;
    const char* says;
};

// Source: k6 documentation, "Exit codes".
TEST_F(K6Run, EndsWithK6sExitCodes) {
    for (const Case& each : std::initializer_list<Case>{
             {99, "export const options = { thresholds: { iterations: ['count>5'] } };", "count>5"},
             {100,
              "import { sleep } from 'k6'; export const options = { setupTimeout: '50ms' };"
              "export function setup() { sleep(9); }",
              "setup() timed out"},
             {101,
              "import { sleep } from 'k6'; export const options = { teardownTimeout: '50ms' };"
              "export function teardown() { sleep(9); }",
              "teardown() failed"},
             {104, "export const options = { thresholds: { nobody: ['rate<1'] } };", "nobody"},
             {104, "export const options = { thresholds: { http_reqs: ['p(95)<1'] } };", "p(95)"},
             {104, "export const options = { thresholds: { http_reqs: ['huh'] } };", "huh"},
             {104, "export const options = { vus: 'many' };", "vus"},
             {107, "throw new Error('in init');", "in init"},
             {107, "export function setup() { throw new Error('in setup'); }", "in setup"},
             {107, "export function teardown() { throw new Error('at last'); }", "at last"},
             {107, "import { browser } from 'k6/browser';", "journeys in a browser"},
             {107, "import grpc from 'k6/net/grpc';", "gRPC is not supported"},
             {107, "import ws from 'k6/ws';", "WebSockets are not supported"},
             {107, "import sql from 'k6/x/sql';", "extensions"},
             {108, "import exec from 'k6/execution'; exec.test.abort('not here');", "not here"},
             {108,
              "import exec from 'k6/execution';"
              "export function setup() { exec.test.abort('not today'); }",
              "not today"},
             {110,
              "import exec from 'k6/execution'; export function setup() { exec.test.fail('bad'); }",
              ""},
         }) {
        const Ended ended = run(std::string(each.script) + "\n" + empty);
        EXPECT_EQ(ended.code, each.code) << each.script << "\n" << ended.output;
        EXPECT_THAT(ended.output, HasSubstr(each.says)) << each.script;
    }
}

TEST_F(K6Run, WithoutThresholdsNoneIsJudged) {
    const std::string script =
        "export const options = { thresholds: { iterations: ['count>5'] } };\n" + empty;
    EXPECT_EQ(run(script, "--no-thresholds").code, 0);
}

TEST_F(K6Run, FlagsWinOverEnvironmentOverScriptOverFile) {
    const std::string asks =
        "import exec from 'k6/execution'; import { sleep } from 'k6';\n"
        "export default function () { sleep(0.01); if (exec.scenario.iterationInTest > 0) return;\n"
        "  const o = exec.test.options; console.log(exec.scenario.executor, o.userAgent); }\n";
    write("config.json", R"({"iterations": 2, "vus": 2, "userAgent": "file"})");
    EXPECT_THAT(run(asks, "-c config.json").output, HasSubstr("shared-iterations file\n"));
    const std::string scripted =
        "export const options = { userAgent: 'script', scenarios: { s: { executor: "
        "'per-vu-iterations' } } };\n" +
        asks;
    EXPECT_THAT(run(scripted, "-c config.json").output, HasSubstr("per-vu-iterations script\n"));
    environment = "env K6_USER_AGENT=env K6_DURATION=100ms";
    EXPECT_THAT(run(scripted).output, HasSubstr("constant-vus env\n"));
    EXPECT_THAT(run(scripted, "--user-agent flag -s 100ms:2").output,
                HasSubstr("ramping-vus flag\n"));
    EXPECT_THAT(run(scripted, "-u 1 -i 1").output, HasSubstr("shared-iterations env\n"));
}

TEST_F(K6Run, EnvironmentVariablesReachTheScript) {
    const std::string script =
        "export default function () { console.log(__ENV.MINE, __ENV.THEIRS, global.__ENV.MINE); }";
    environment = "env THEIRS=t";
    EXPECT_THAT(run(script, "-e MINE=m").output, HasSubstr("m t m\n"));
    EXPECT_THAT(run(script, "-e MINE=m --no-include-system-env-vars").output,
                HasSubstr("m undefined m\n"));
}

TEST_F(K6Run, OutputsHaveK6sLines) {
    const RawServer server([](const RawRequest&) { return ok("fine"); });
    const std::string script =
        "import http from 'k6/http'; import { check, group } from 'k6';\n"
        "export const options = { thresholds: { http_reqs: ['count==1'] } };\n"
        "export default function () { group('g', () => {\n"
        "  const r = http.get(http.url`" +
        server.url() +
        "/${1}`, { tags: { mine: 1 } });\n"
        "  check(r, { good: (it) => it.body === 'fine' }); }); }\n"
        "export function handleSummary(data) { return { 'own.txt': String(data.metrics.checks"
        ".values.passes), stdout: 'to stdout', stderr: 'to stderr' }; }\n";
    const Ended ended =
        run(script, "--out json=o.json --out csv=o.csv --summary-export s.json --tag all=t");
    ASSERT_EQ(ended.code, 0) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("to stdout"));
    EXPECT_THAT(ended.output, HasSubstr("to stderr"));
    EXPECT_EQ(read("own.txt"), "1");

    const std::string json = read("o.json");
    EXPECT_THAT(json,
                HasSubstr(R"({"type":"Metric","data":{"name":"http_reqs","type":"counter",)"));
    EXPECT_THAT(json, HasSubstr(R"({"metric":"http_reqs","type":"Point","data":{"time":")"));
    EXPECT_THAT(json, HasSubstr(R"("tags":{"all":"t","check":"good","group":"::g",)"));
    EXPECT_THAT(json, HasSubstr(R"("name":")" + server.url() + "/${}\""));

    const std::string csv = read("o.csv");
    EXPECT_THAT(csv, HasSubstr("metric_name,timestamp,metric_value,check,error,error_code,"
                               "expected_response,group,method,name,proto,scenario,service,status,"
                               "subproto,tls_version,url,extra_tags,metadata\n"));
    EXPECT_THAT(csv, HasSubstr(",1.000000,good,,,,::g,,,,default,,,,,,all=t,\n"));
    EXPECT_THAT(csv, HasSubstr(",all=t&mine=1,\n"));

    // In this old form `true` is a threshold that was crossed.
    EXPECT_THAT(read("s.json"), HasSubstr("\"count==1\": false"));
}

TEST_F(K6Run, PasswordsInAddressesStayOutOfWhatIsKept) {
    const RawServer server([](const RawRequest&) { return ok(""); });
    const std::string address = "http://user:topsecret@" + server.url().substr(7);
    const Ended ended =
        run("import http from 'k6/http';\nexport default () => { http.get('" + address + "'); };",
            "--out json=o.json");
    EXPECT_EQ(ended.code, 0);
    EXPECT_THAT(read("o.json"), HasSubstr("****:****@"));
    EXPECT_THAT(read("o.json"), Not(HasSubstr("topsecret")));
}

TEST_F(K6Run, HostsAndAddressesAreMappedAndRefused) {
    const RawServer server([](const RawRequest& request) {
        return ok(request.head.find("User-Agent: me/1") == std::string::npos ? "who" : "me");
    });
    const std::string script =
        "import http from 'k6/http';\nexport const options = { hosts: { 'a.test': '" +
        server.url().substr(7) +
        "' }, blacklistIPs: ['10.0.0.0/8'], blockHostnames: ['*.b.test'], userAgent: 'me/1',\n"
        "  dns: { ttl: '1m', select: 'first', policy: 'preferIPv4' } };\n"
        "export default () => { console.log(http.get('http://a.test/').body,\n"
        "  http.get('http://10.1.2.3/').error_code, http.get('http://x.b.test/').error_code); };";
    EXPECT_THAT(run(script).output, HasSubstr("me 1110 1111\n"));
}

TEST_F(K6Run, SwitchesMayHaveValues) {
    const RawServer server([](const RawRequest&) { return ok("the body"); });
    const std::string script = "import http from 'k6/http';\nexport default () => { http.get('" +
                               server.url() + "'); };\nexport function handleSummary() {}";
    EXPECT_THAT(run(script, "--http-debug").output,
                AllOf(HasSubstr("200 OK"), Not(HasSubstr("the body"))));
    EXPECT_THAT(run(script, "--http-debug=full").output, HasSubstr("the body"));
}

TEST_F(K6Run, ConnectionsAreKeptUnlessOptionsSayOtherwise) {
    for (const auto& [flags, connections] : std::initializer_list<std::pair<const char*, int>>{
             {"", 1}, {"--no-vu-connection-reuse", 2}, {"--no-connection-reuse", 4}}) {
        const RawServer server([](const RawRequest&) { return ok("fine"); });
        const std::string get = "http.get('" + server.url() + "');";
        const Ended ended =
            run("import http from 'k6/http';\nexport default () => { " + get + get + " };",
                std::string("-u 1 -i 2 ") + flags);
        EXPECT_EQ(ended.code, 0) << ended.output;
        EXPECT_EQ(server.connections(), static_cast<std::uint64_t>(connections)) << flags;
    }
}

TEST_F(K6Run, ThresholdsSelectByTagAndMayEndTheRun) {
    const Ended ended = run(
        "import { Trend, Counter, Gauge, Rate } from 'k6/metrics'; import { sleep } from 'k6';\n"
        "const t = new Trend('t'), c = new Counter('c'), g = new Gauge('g'), r = new Rate('r');\n"
        "export const options = { vus: 1, iterations: 2, thresholds: {\n"
        "  't{k:a}': ['avg==2', 'min===1', 'max<=3', 'med>1.9', 'p(100)<=3.01', 'p(50)!=9'],\n"
        "  t: ['max>90'], c: ['count==6', 'rate>0'], g: ['value==5'], r: ['rate>=0.5'] } };\n"
        "export default () => { t.add(1, { k: 'a' }); t.add(3, { k: 'a' }); t.add(99, { k: 'b' "
        "});\n"
        "  c.add(3); g.add(4); g.add(5); r.add(true); r.add(0); };\n");
    EXPECT_EQ(ended.code, 0) << ended.output;
    const Ended aborted = run(
        "import { sleep } from 'k6';\nexport const options = { duration: '60s', thresholds: {\n"
        "  iterations: [{ threshold: 'count<0', abortOnFail: true, delayAbortEval: '1ms' }] } };\n"
        "export default () => { sleep(0.05); };\n");
    EXPECT_EQ(aborted.code, 99);
    EXPECT_THAT(aborted.output, HasSubstr("the run was ended: threshold 'count<0' of iterations"));
}

TEST_F(K6Run, CommonJsAndTypeScriptRun) {
    write("part.js", "exports.five = 5;");
    EXPECT_THAT(run("const { five } = require('./part.js'); const http = require('k6/http');\n"
                    "exports.default = () => { console.log(five, typeof http.get); };")
                    .output,
                HasSubstr("5 function\n"));
    write("typed.ts",
          "export enum Kind { a = 1, b }\nexport function same<T>(x: T): T { return x; }");
    EXPECT_THAT(run("import { Kind, same } from './typed.ts';\n"
                    "export default () => { console.log(same(Kind.b)); };")
                    .output,
                HasSubstr("2\n"));
}

}  // namespace
}  // namespace weir::story
