#include "script/compile/import_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/format.h"

namespace weir::script {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Each use as "line:column specifier[name@line:column …]".
std::vector<std::string> uses(std::string_view source) {
    std::vector<std::string> out;
    for (const ImportUse& use : scan_imports(source).uses) {
        std::string names;
        for (const auto& name : use.names) {
            names += base::format("{}{}@{}:{}", names.empty() ? "" : " ", name.text, name.at.line,
                                  name.at.column);
        }
        out.push_back(
            base::format("{}:{} {}[{}]", use.at.line, use.at.column, use.specifier, names));
    }
    return out;
}

TEST(ImportScan, FindsEveryFormOfImport) {
    EXPECT_THAT(uses("import a from 'x'"), ElementsAre("1:15 x[default@1:8]"));
    EXPECT_THAT(uses("import 'x';"), ElementsAre("1:8 x[]"));
    EXPECT_THAT(uses("import * as n from\n  \"x\""), ElementsAre("2:3 x[*@1:8]"));
    EXPECT_THAT(uses("import { a, b as c, default as d, } from 'x'"),
                ElementsAre("1:42 x[a@1:10 b@1:13 default@1:21]"));
    EXPECT_THAT(uses("import d, { a } from 'x'; import e, * as n from 'y'"),
                ElementsAre("1:22 x[default@1:8 a@1:13]", "1:49 y[default@1:34 *@1:37]"));
    EXPECT_THAT(uses("import { \"odd name\" as o } from 'x' with { type: 'json' }"),
                ElementsAre("1:33 x[odd name@1:10]"));
    EXPECT_THAT(uses("export { a as b } from './x'; export * from './y'; export * as z from './z'"),
                ElementsAre("1:24 ./x[a@1:10]", "1:45 ./y[*@1:38]", "1:71 ./z[*@1:59]"));
    EXPECT_THAT(uses("const a = require('x'), b = await import(\"y\")"),
                ElementsAre("1:19 x[]", "1:42 y[]"));
    EXPECT_THAT(uses("import{a}from'x'"), ElementsAre("1:14 x[a@1:8]"));
}

TEST(ImportScan, IsNotFooled) {
    EXPECT_THAT(uses("// import a from 'x'\n/* require('x') */ 'import b from \"x\"'"), IsEmpty());
    EXPECT_THAT(uses("`import a from 'x' ${ `${1}` } require('y')`"), IsEmpty());
    EXPECT_THAT(uses("const r = /require('x')/g; a.require('x'); a.import('x')"), IsEmpty());
    EXPECT_THAT(uses("const r = [/[/'\"`]/, /\\//, a / b / c]; require('yes')"),
                ElementsAre("1:48 yes[]"));
    EXPECT_THAT(uses("export { a }\nimport b from 'x'\nexport const c = 'from'"),
                ElementsAre("2:15 x[default@2:8]"));
    EXPECT_THAT(uses("require('a' + b); import('./' + name); require(c)"), IsEmpty());
    EXPECT_THAT(uses("`${ require('inside') }`"), ElementsAre("1:13 inside[]"));
    EXPECT_THAT(uses("const url = import.meta.url; require('x')"), ElementsAre("1:38 x[]"));
}

TEST(ImportScan, TellsModuleSystemsApart) {
    EXPECT_TRUE(scan_imports("export const a = 1").module_syntax);
    EXPECT_TRUE(scan_imports("import.meta").module_syntax);
    EXPECT_FALSE(scan_imports("import('x')").module_syntax);
    const ImportScan commonjs = scan_imports("exports.a = 1; module.exports.b = 2; module.x = 3");
    EXPECT_TRUE(commonjs.commonjs_syntax);
    EXPECT_FALSE(commonjs.module_syntax);
    EXPECT_THAT(commonjs.exported, ElementsAre("a", "b"));
    EXPECT_TRUE(scan_imports("module.exports = {}").commonjs_syntax);
    EXPECT_FALSE(scan_imports("const module = {}; my.exports.x = 1").commonjs_syntax);
}

TEST(ImportScan, EndsOnWhateverItIsGiven) {
    for (const std::string_view text : {"import",
                                        "import {",
                                        "import { a as",
                                        "import * as",
                                        "export {",
                                        "'",
                                        "\"\\",
                                        "`${",
                                        "`\\",
                                        "/",
                                        "/[",
                                        "/\\",
                                        "/*",
                                        "//",
                                        "require(",
                                        "require('",
                                        "import a from",
                                        "}}}}",
                                        "${",
                                        "\\",
                                        "exports.",
                                        "module."}) {
        EXPECT_THAT(uses(text), IsEmpty()) << text;
    }
}

}  // namespace
}  // namespace weir::script
