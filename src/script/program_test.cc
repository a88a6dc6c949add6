#include "script/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/isolate.h"
#include "script/test_files.h"

namespace weir::script {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Value add(Isolate& js, Ref, Args args, int) noexcept {
    double sum = 0;
    for (const Ref& arg : args) sum += arg.to_number(js).value_or(0);
    return Value::number(sum);
}

Value shout(Isolate& js, Ref, Args, int) noexcept { return throw_error(js, ErrorKind::type, "no!"); }

class ProgramTest : public ::testing::Test {
protected:
    ProgramTest() {
        static constexpr FunctionSpec functions[] = {{"add", add, 2}, {"shout", shout, 0}};
        bindings_.add_module({.name = "k6/test", .functions = functions});
        bindings_.refuse_module({"k6/browser", "browsers are not driven here"});
    }

    std::string run(std::map<std::string, std::string> files, const std::string& entry = "main.js") {
        TestFiles set{{}, entry, &bindings_};
        for (auto& [name, text] : files) set.files["/work/" + name] = text;
        const auto program = set.compile();
        if (!program.ok()) return program.error().text;
        Isolate js(*program.value(), Limits{.stack_bytes = 1 << 20}, {}, nullptr);
        const auto entered = js.enter();
        const Value promise = js.run_program();
        if (promise.threw()) return js.take_exception().text();
        if (!js.drain_jobs()) return js.take_exception().text();
        if (promise_state(js, promise) == PromiseState::rejected) {
            return js.describe(promise_result(js, promise)).text();
        }
        const Value exports = js.exports();
        const Value function = exports.get(js, "default");
        const Value result = function.call(js, {}, {});
        if (result.threw()) return js.take_exception().text();
        return result.to_text(js).str();
    }

    Bindings bindings_;
};

TEST_F(ProgramTest, RunsTheDefaultExport) {
    EXPECT_EQ(run({{"main.js", "import t, { add } from 'k6/test';\n"
                               "export default function () { return add(1, 2) + t.add(3, 4); }"}}),
              "10");
}

TEST_F(ProgramTest, StripsTypes) {
    EXPECT_EQ(run({{"main.ts", "import { add } from 'k6/test';\nimport type { X } from './x';\n"
                               "enum Color { Red = 1, Blue }\n"
                               "class P { constructor(private readonly x: number) {} get(): number { return this.x } }\n"
                               "export default function (): number { return add(new P(5).get(), Color.Blue as number); }"}},
                  "main.ts"),
              "7");
}

}  // namespace
}  // namespace weir::script
