#include "script/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/isolate.h"
#include "script/test_files.h"

namespace weir::script {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Value add(Isolate& js, Ref, Args args, int) noexcept {
    double sum = 0;
    for (const Ref& arg : args) sum += arg.to_number(js).value_or(0);
    return Value::number(sum);
}

Value answer(Isolate&, Ref, Args, int) noexcept {
    return Value::number(42);
}

class ProgramTest : public ::testing::Test {
protected:
    ProgramTest() {
        static constexpr FunctionSpec functions[] = {{"add", add, 2}, {"sub", add, 2}};
        static constexpr ValueSpec values[] = {{"answer", answer}};
        bindings_.add_module({.name = "k6/test", .functions = functions, .values = values});
        bindings_.refuse_module({"k6/browser", "browsers are not driven here"});
    }

    [[nodiscard]] TestFiles files(const std::map<std::string, std::string>& texts,
                                  const std::string& entry = "main.js") const {
        TestFiles set{{}, entry, &bindings_};
        for (const auto& [name, text] : texts) {
            set.files[name.starts_with('/') ? name : "/work/" + name] = text;
        }
        return set;
    }
    std::string run(const std::map<std::string, std::string>& texts,
                    const std::string& entry = "main.js") {
        return files(texts, entry).run();
    }
    /// Of a program that must not compile.
    std::string error_of(const std::map<std::string, std::string>& texts,
                         const std::string& entry = "main.js") {
        const auto program = files(texts, entry).compile();
        return program.ok() ? "it compiled" : program.error().text;
    }

    Bindings bindings_;
};

TEST_F(ProgramTest, NativeModulesHaveNamedAndDefaultExports) {
    EXPECT_EQ(run({{"main.js",
                    "import t, { add, answer as a } from 'k6/test';\n"
                    "import * as all from 'k6/test';\n"
                    "export default () => [add(1, 2), t.add(3, 4), a, t.answer, all.sub(1), "
                    "all.answer].join()"}}),
              "3,7,42,42,1,42");
}

TEST_F(ProgramTest, ImportsFilesWithAndWithoutEndings) {
    EXPECT_EQ(run({{"main.js",
                    "import { a } from './lib/a.js';\nimport { b } from './lib/b';\n"
                    "import { c } from './lib/c';\nimport { d } from '/abs/d.mjs';\n"
                    "import data from './data.json';\n"
                    "export default () => [a, b, c, d, data.x[1]].join()"},
                   {"lib/a.js", "import { b } from './b.ts';\nexport const a = 'a' + b"},
                   {"lib/b.ts", "export const b: string = 'b'"},
                   {"lib/c/index.js", "export { b as c } from '../b.js'"},
                   {"/abs/d.mjs", "export const d = import.meta.url"},
                   {"data.json", "{\"x\": [1, 2]}"}}),
              "ab,b,b,file:///abs/d.mjs,2");
}

TEST_F(ProgramTest, ImportsMayBeCircular) {
    EXPECT_EQ(
        run({{"main.js",
              "import { f } from './a.js';\nexport const g = () => 'g';\nexport default () => f()"},
             {"a.js", "import { g } from './main.js';\nexport const f = () => 'f' + g()"}}),
        "fg");
}

TEST_F(ProgramTest, CommonJsFilesWorkBothWays) {
    EXPECT_EQ(run({{"main.js",
                    "import lib, { twice } from './lib.js';\nimport * as ns from './lib.js';\n"
                    "export default () => lib.name + twice(4) + ns.twice(1)"},
                   {"lib.js",
                    "const t = require('k6/test');\nconst other = require('./other');\n"
                    "exports.twice = (x) => t.add(x, x);\nmodule.exports.name = other.name + "
                    "__filename;"},
                   {"other.js",
                    "import { add } from 'k6/test'; export const name = 'esm' + add(1, 1);"}}),
              "esm2/work/lib.js82");
}

TEST_F(ProgramTest, TheEntryMayBeCommonJs) {
    EXPECT_EQ(run({{"main.js",
                    "const { add } = require('k6/test');\nmodule.exports.default = function () { "
                    "return add(2, 2) };"}}),
              "4");
}

TEST_F(ProgramTest, CommonJsFilesMayRequireEachOther) {
    EXPECT_EQ(run({{"main.js", "import a from './a.cjs';\nexport default () => a.text()"},
                   {"a.cjs",
                    "exports.one = 1; const b = require('./b.cjs'); exports.text = () => b.seen + "
                    "b.late();"},
                   {"b.cjs",
                    "const a = require('./a.cjs'); exports.seen = a.one; exports.late = () => "
                    "typeof a.text;"}}),
              "1function");
}

TEST_F(ProgramTest, StripsTypes) {
    EXPECT_EQ(run({{"main.ts",
                    "import { add } from 'k6/test';\n"
                    "import type { X } from './nowhere';\n"
                    "import { Unused } from './also-nowhere';\n"
                    "interface User { id: number; name?: string }\n"
                    "enum Color { Red = 1, Blue, Text = 'text' }\n"
                    "abstract class Base<T> { constructor(private readonly x: number, protected y: "
                    "T) {}\n"
                    "  get(): number { return this.x! } abstract f(): void }\n"
                    "class P extends Base<string> { declare z: number; f() {} }\n"
                    "type F = (a: Unused) => void;\n"
                    "const u = <User>{ id: 1 } satisfies User;\n"
                    "function over(a: string): string;\nfunction over(a: any) { return a as "
                    "unknown as string }\n"
                    "export default function (this: void, data?: Map<string, User[]>): string {\n"
                    "  return over([add(new P(5, '').get(), Color.Blue), Color[1], Color.Text, "
                    "u.id].join())\n}"}},
                  "main.ts"),
              "7,Red,text,1");
}

TEST_F(ProgramTest, StacksPointIntoTypeScript) {
    const std::string error =
        run({{"main.ts",
              "import { fail } from './lib';\n"
              "export default function (): void {\n"
              "  const text: string = 'x' as string; fail(text);\n}"},
             {"lib.ts",
              "type T = string;\nexport function fail<A extends T>(x: A): never {\n"
              "  const n: number = 1; throw new Error('bad');\n}"}},
            "main.ts");
    EXPECT_THAT(error,
                StartsWith("Error: bad\n    at fail (lib.ts:3:34)\n    at default (main.ts:3:44)"));
}

TEST_F(ProgramTest, BundlersMapsLeadBackToTheSources) {
    // One compiled line: "throw" at column 26 came from src/a.ts:7:3, what is before from src/b.ts.
    const std::string json =
        R"({"version":3,"sources":["webpack://app/./src/b.ts","../src/a.ts"],"mappings":"AAAA,yBCME"})";
    const std::string bundle = "export default () => { 1;throw new Error('x') }\n";
    const std::string inlined = bundle +
                                "//# sourceMappingURL=data:application/json;charset=utf-8;base64," +
                                "eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbIndlYnBhY2s6Ly9hcHAvLi9zcmMvYi50cy"
                                "IsIi4uL3NyYy9hLnRzIl0sIm1h"
                                "cHBpbmdzIjoiQUFBQSx5QkNNRSJ9\n";
    EXPECT_THAT(run({{"dist/main.js", inlined}}, "dist/main.js"),
                StartsWith("Error: x\n    at default (src/a.ts:7:"));
    EXPECT_THAT(run({{"dist/main.js", bundle + "//# sourceMappingURL=main.js.map"},
                     {"dist/main.js.map", json}},
                    "dist/main.js"),
                StartsWith("Error: x\n    at default (src/a.ts:7:"));
    EXPECT_THAT(run({{"main.js", bundle + "//# sourceMappingURL=none.map"}}),
                StartsWith("Error: x\n    at default (main.js:1:"));
    EXPECT_THAT(
        run({{"main.js", bundle + "//# sourceMappingURL=data:application/json;base64,e30="}}),
        StartsWith("Error: x\n    at default (main.js:1:"));
}

TEST_F(ProgramTest, FilesKnowWhereTheyAre) {
    static constexpr FunctionSpec functions[] = {
        {"here", [](Isolate& js, Ref, Args, int) noexcept -> Value {
             return new_string(js, js.calling_file());
         }}};
    bindings_.add_globals({.functions = functions});
    EXPECT_EQ(
        run({{"a/main.ts",
              "import { f, g } from '../lib/x';\nexport default () => [here(), f(), g].join()"},
             {"lib/x.ts",
              "export const f = (): string => ['a'].map(() => here())[0];\n"
              "export const g = import.meta.resolve('./y.txt') + import.meta.resolve('k6/http')"}},
            "a/main.ts"),
        "/work/a/main.ts,/work/lib/x.ts,file:///work/lib/y.txtk6/http");
}

TEST_F(ProgramTest, SyntaxErrorsShowThePlace) {
    EXPECT_EQ(error_of({{"main.js", "const a = 1;\nconst b = = 2;\nexport default () => a"}}),
              "main.js:2:11: SyntaxError: unexpected token in expression: '='\n"
              "    const b = = 2;\n"
              "              ^");
    EXPECT_THAT(error_of({{"main.js", "import './lib.js'"}, {"lib.js", "\n\nlet x = {;"}}),
                StartsWith("lib.js:3:10: SyntaxError"));
    EXPECT_THAT(error_of({{"main.ts", "const a: number = 1;\nconst b: = 2;"}}, "main.ts"),
                StartsWith("main.ts:2:10: "));
    EXPECT_THAT(error_of({{"main.js", "exports.x = 1;\nlet y = ;"}}),
                StartsWith("main.js:2:9: SyntaxError"));
    EXPECT_THAT(error_of({{"main.js", "import x from './d.json'"}, {"d.json", "{\"a\": }"}}),
                StartsWith("d.json:1:"));
}

TEST_F(ProgramTest, MissingFilesAreNamedAtTheImport) {
    EXPECT_EQ(
        error_of({{"main.js", "import a from 'k6/test';\n\nimport { b } from './lib/b.js';"}}),
        "main.js:3:19: cannot import './lib/b.js': there is no file /work/lib/b.js");
    EXPECT_EQ(error_of({{"main.js", "/* 'x' */ const c = require('../c');"}}),
              "main.js:1:29: cannot import '../c': there is no file /c (nor with .js, .ts or "
              "/index.js added)");
    EXPECT_THAT(error_of({}),
                AllOf(StartsWith("reading the script main.js: "), HasSubstr("no such file")));
}

TEST_F(ProgramTest, ImportsThatCannotBeSayWhatToDo) {
    EXPECT_EQ(
        error_of({{"main.js", "import x from 'k6/nope'"}}),
        "main.js:1:15: cannot import 'k6/nope': there is no such module here; there are k6/test");
    EXPECT_THAT(error_of({{"main.js", "import x from 'k6/browser'"}}),
                HasSubstr("browsers are not driven here"));
    EXPECT_THAT(error_of({{"main.js", "import x from 'lodash'"}}),
                HasSubstr("npm packages are not looked up by name"));
    EXPECT_THAT(error_of({{"main.js", "import x from 'https://example.com/x.js'"}}),
                HasSubstr("not fetched from the network; download it"));
}

TEST_F(ProgramTest, MissingExportsAreNamedAtTheImport) {
    EXPECT_EQ(
        error_of(
            {{"main.js",
              "import { add,\n  subtract } from 'k6/test';\nexport default () => subtract()"}}),
        "main.js:2:3: 'k6/test' has no export named 'subtract'; it exports default, add, sub, "
        "answer");
    EXPECT_EQ(error_of({{"main.js", "import './a.js'"},
                        {"a.js", "export { x as y } from './b.js'"},
                        {"b.js", "export const z = 1"}}),
              "a.js:1:10: './b.js' has no export named 'x'");
    EXPECT_EQ(error_of({{"main.ts", "type A = 1; import b from './b.js'; export default () => b"},
                        {"b.js", "export const z = 1"}},
                       "main.ts"),
              "main.ts:1:20: './b.js' has no export named 'default'");
}

TEST_F(ProgramTest, NothingOfTheScriptRunsWhileCompiling) {
    const auto program = files({{"main.js", "import './a.js'; throw new Error('ran')"},
                                {"a.js", "throw new Error('ran too')"}})
                             .compile();
    EXPECT_TRUE(program.ok()) << program.error().text;
}

TEST_F(ProgramTest, TopLevelAwaitHoldsTheInitUp) {
    EXPECT_EQ(run({{"main.js", "const x = await Promise.resolve(5);\nexport default () => x"}}),
              "5");
    EXPECT_THAT(run({{"main.js", "await null;\nthrow new Error('late')"}}),
                StartsWith("Error: late\n    at main.js:2:11"));
}

TEST_F(ProgramTest, KnowsWhatItIsMadeOf) {
    const auto program =
        files({{"sub/main.ts",
                "import { add } from 'k6/test'; import './x'; export default () => add()"},
               {"sub/x.js", "1"}},
              "sub/main.ts")
            .compile();
    ASSERT_TRUE(program.ok()) << program.error().text;
    EXPECT_EQ(program.value()->entry_path(), "/work/sub/main.ts");
    EXPECT_EQ(program.value()->entry_directory(), "/work/sub");
    EXPECT_THAT(program.value()->native_modules(), ElementsAre("k6/test"));
    ASSERT_EQ(program.value()->sources().size(), 2U);
    EXPECT_EQ(program.value()->sources()[1].path, "/work/sub/x.js");
}

TEST_F(ProgramTest, TheEntryMayComeAsText) {
    ProgramRequest request;
    request.entry = "stdin.js";
    request.entry_text = "export default () => 1";
    request.directory = "/work";
    request.bindings = &bindings_;
    request.read = [](const std::string&) -> base::Result<std::string> { return base::Error{}; };
    EXPECT_TRUE(Program::compile(request).ok());
}

TEST_F(ProgramTest, WhatIsNotNamedIsNotThere) {
    // Users hold only the parts of the standard library that the source names; all of it, when it
    // looks names up.
    EXPECT_EQ(run({{"main.js",
                    "export default () => [new Date(0).getTime(), new Map([[1, 2]]).size, new "
                    "Uint8Array(2).length].join()"}}),
              "0,1,2");
    EXPECT_EQ(run({{"main.js",
                    "export default () => typeof globalThis['Uint8' + 'Array'] + typeof "
                    "globalThis['Ma' + 'p']"}}),
              "functionfunction");
    EXPECT_EQ(
        run({{"main.js", "export default () => 'a1b2'.replace(/\\d/g, '') + 'x'.match('x')[0]"}}),
        "abx");
}

TEST_F(ProgramTest, ImportsAtRunTimeReachCompiledModulesOnly) {
    EXPECT_EQ(run({{"main.js", "export default async () => (await import('./a.js')).a"},
                   {"a.js", "export const a = 7"}}),
              "7");
    EXPECT_THAT(run({{"main.js", "export default async () => (await import('./' + 'a.js')).a"},
                     {"a.js", "export const a = 7"}}),
                HasSubstr("only modules named in an import statement"));
}

}  // namespace
}  // namespace weir::script
