// console, timers, __ENV, and modules that are not offered.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journey/testing/bench.h"

namespace weir::journey {
namespace {

using testing::Bench;
using ::testing::HasSubstr;

Bench& run(Bench& bench) {
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed) << bench.log() << bench.init_error();
    return bench;
}

TEST(Console, LevelsAndForms) {
    Bench bench(R"(export default function () {
        console.log('text', 1.5, true, null, undefined);
        console.info({ a: [1, { b: 2 }] }, [1, 'x']);
        console.debug(() => 1); console.warn('careful'); console.error(new Error('bad'));
        const loop = {}; loop.self = loop; console.log(loop); console.log();
    })");
    run(bench);
    const auto& lines = bench.console_lines();
    ASSERT_EQ(lines.size(), 7U);
    EXPECT_EQ(lines[0].text, "text 1.5 true null undefined");
    EXPECT_EQ(lines[1].text, R"({"a":[1,{"b":2}]} [1,"x"])");
    EXPECT_EQ(lines[2].level, base::Level::debug);
    EXPECT_EQ(lines[3].level, base::Level::warn);
    EXPECT_EQ(lines[4].level, base::Level::error);
    EXPECT_THAT(lines[4].text, HasSubstr("Error: bad"));
    EXPECT_EQ(lines[5].text, "[object Object]");
    EXPECT_EQ(lines[6].text, "");
}

TEST(Timers, FireInOrderWithTheirArguments) {
    Bench bench(R"(export default function () {
        setTimeout((a, b) => console.log('second', a, b), 200, 'x', 7);
        setTimeout(() => console.log('first'), 100);
        setTimeout(() => console.log('also first'), 100);
        console.log('now');
    })");
    run(bench);
    EXPECT_EQ(bench.console(), "now\nfirst\nalso first\nsecond x 7");
    EXPECT_NEAR(bench.sum("iteration_duration").max, 200, 3);
}

TEST(Timers, IntervalsRepeatUntilCleared) {
    Bench bench(R"(export default function () {
        let n = 0;
        const id = setInterval((what) => { n += 1; console.log(what, n); if (n === 3) clearInterval(id); }, 50, 'tick');
    })");
    run(bench);
    EXPECT_EQ(bench.console(), "tick 1\ntick 2\ntick 3");
}

TEST(Timers, AClearedTimeoutNeverFires) {
    Bench bench(
        "export default function () { const id = setTimeout(() => console.log('no'), 10); "
        "clearTimeout(id); clearTimeout(undefined); }");
    run(bench);
    EXPECT_EQ(bench.console(), "");
}

TEST(Timers, AreAModuleToo) {
    Bench bench(
        "import { setTimeout } from 'k6/timers';\nexport default function () { setTimeout(() => "
        "console.log('yes'), 1); }");
    run(bench);
    EXPECT_EQ(bench.console(), "yes");
}

TEST(Timers, AThrowingTimerIsAFailureOfTheIteration) {
    Bench bench(
        "export default function () { setTimeout(() => { throw new Error('later'); }, 10); }");
    EXPECT_EQ(bench.iterate(), IterationOutcome::threw);
    EXPECT_THAT(bench.log(), HasSubstr("later"));
}

TEST(Timers, SleepHoldsThemBack) {
    Bench bench(
        "import { sleep } from 'k6';\nexport default function () { setTimeout(() => "
        "console.log('timer'), 10); sleep(1); console.log('slept'); }");
    run(bench);
    EXPECT_EQ(bench.console(), "slept\ntimer");
}

TEST(Environment, IsReadAndMayBeWrittenByTheScript) {
    Bench bench(
        "export default function () { __ENV.MINE = 'x'; console.log(__ENV.HOST, __ENV.NOTHING, "
        "__ENV.MINE, Object.keys(__ENV).length); }");
    bench.run.env = {{"HOST", "h"}};
    run(bench);
    EXPECT_EQ(bench.console(), "h undefined x 2");
}

TEST(Modules, ThoseThatAreNotOfferedSayWhy) {
    for (const auto& [name, words] :
         std::map<std::string, std::string>{{"k6/x/sql", "extensions"},
                                            {"k6/browser", "browser"},
                                            {"k6/ws", "WebSockets"},
                                            {"k6/net/grpc", "gRPC"},
                                            {"k6/html", "not supported yet"},
                                            {"k6/experimental/webcrypto", "removed from k6"}}) {
        Bench bench("import thing from '" + name + "';\nexport default function () {}");
        EXPECT_THAT(bench.init_error(), HasSubstr(words)) << name;
        EXPECT_THAT(bench.init_error(), HasSubstr("journey.js:1")) << name;
    }
}

}  // namespace
}  // namespace weir::journey
