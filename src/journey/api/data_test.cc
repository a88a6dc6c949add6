// SharedArray and open().
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journey/testing/bench.h"

namespace weir::journey {
namespace {

using testing::Bench;
using ::testing::HasSubstr;

constexpr const char* shared = R"(
    import { SharedArray } from 'k6/data';
    const users = new SharedArray('users', () => { console.log('built'); return [{ n: 'a', k: [1] }, { n: 'b' }, 'text', 4]; });
)";

std::string script(const std::string& body) {
    return shared + ("export default function () {\n" + body + "\n}\n");
}

TEST(SharedArray, LooksLikeAnArray) {
    Bench bench(script(R"(
        console.log(users.length, users[0].n, users[1].n, users[2], users[3], users[4], users[-1]);
        console.log(users.map((u) => typeof u).join(), users.filter((u) => u.n).length, users.find((u) => u.n === 'b').n);
        const seen = []; for (const u of users) seen.push(typeof u); console.log(seen.join());
        const all = [...users]; console.log(all.length, Array.isArray(users), JSON.stringify(users), Object.keys(users).join());
        users.forEach((u, i) => { if (i === 1) console.log('each', u.n); }); console.log(1 in users, 9 in users, users.indexOf(4), users.slice(2).length);)"));
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed) << bench.log();
    EXPECT_EQ(bench.console(),
              "built\n4 a b text 4 undefined undefined\nobject,object,string,number 2 b\n"
              "object,object,string,number\n4 true "
              "[{\"n\":\"a\",\"k\":[1]},{\"n\":\"b\"},\"text\",4] 0,1,2,3\n"
              "each b\ntrue false 3 2");
}

TEST(SharedArray, CannotBeChanged) {
    for (const char* change : {"users[0] = 1", "users[0].n = 'x'", "users[0].k.push(2)",
                               "users.push(1)", "delete users[0]", "users.length = 0"}) {
        Bench bench(script(change));
        EXPECT_EQ(bench.iterate(), IterationOutcome::threw) << change;
    }
}

TEST(SharedArray, ItsFunctionRunsOnceForAllUsers) {
    Bench bench(script("console.log(users[0].n);"));
    ASSERT_TRUE(bench.inspect().ok());
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed);
    EXPECT_EQ(bench.console(), "built\na");
}

TEST(SharedArray, WhatIsNoArrayIsRefused) {
    for (const auto& [init, words] : std::map<std::string, std::string>{
             {"new SharedArray('x', () => ({}))", "only arrays"},
             {"new SharedArray('', () => [])", "empty name"},
             {"new SharedArray('x')", "a function is expected"},
             {"new SharedArray('x', () => { throw new Error('inside'); })", "inside"}}) {
        Bench bench("import { SharedArray } from 'k6/data';\n" + init +
                    ";\nexport default function () {}");
        EXPECT_THAT(bench.init_error(), HasSubstr(words)) << init;
    }
}

TEST(Open, TextAndBytesBesideTheScript) {
    Bench bench(
        "const t = open('data/a.txt'), b = open('/journey/data/a.txt', 'b'), c = "
        "open('./data/a.txt');\n"
        "export default function () { console.log(t, new Uint8Array(b)[0], b.byteLength, c === t); "
        "}",
        {{"/journey/data/a.txt", "AB"}});
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed) << bench.log();
    EXPECT_EQ(bench.console(), "AB 65 2 true");
}

TEST(Open, IsRelativeToTheModuleThatCalls) {
    Bench bench(
        "import { text } from './lib/reader.js';\nexport default function () { console.log(text); "
        "}",
        {{"/journey/lib/reader.js", "export const text = open('near.txt');"},
         {"/journey/lib/near.txt", "near"},
         {"/journey/near.txt", "far"}});
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed) << bench.init_error();
    EXPECT_EQ(bench.console(), "near");
}

TEST(Open, AMissingFileIsAnErrorOfInitCode) {
    Bench bench("open('nothing.json');\nexport default function () {}");
    EXPECT_THAT(bench.init_error(), HasSubstr("nothing.json"));
}

}  // namespace
}  // namespace weir::journey
