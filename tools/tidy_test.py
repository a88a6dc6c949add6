#!/usr/bin/env python3
"""Each rule of tools/tidy.py catches what it is for, and lets pass what it must."""
import pathlib
import shutil
import tempfile
import unittest

from tidy import Tidy

LAYERS = "add_layer(base LIBS fmt::fmt)\nadd_layer(net DEPS base)\n"
LONG = "int f() {\n" + "    work();\n" * 69 + "}\n"

# rule: (path, text that is caught, words of the complaint, text or path that passes)
RULES = {
    "a layer above": ("src/base/a.cc", '#include "net/b.h"\n', "may not include net", '#include "base/b.h"\n'),
    "third party's owner": ("src/net/a.cc", "#include <quickjs.h>\n", "has an owner", "#include <ares.h>\n"),
    "a long source": ("src/net/a.cc", "int x;\n" * 501, "at most 500", "int x;\n" * 500),
    "a long header": ("src/net/a.h", "// It.\n" + "int x;\n" * 250, "at most 250", "// It.\n" + "int x;\n" * 249),
    "a long line": ("src/net/a.cc", "x" * 101 + "\n", "101 columns", "x" * 100 + "\n"),
    "a long function": ("src/net/a.cc", LONG.replace("work();\n", "work();\n    work();\n", 1), "72 lines", LONG[:-14] + "}\n"),
    "a header's first line": ("src/net/a.h", "#pragma once\n", "says in one sentence", "// What it is.\n#pragma once\n"),
    "many includes": ("src/net/a.h", "// It.\n" + "".join(f"#include <c{i}>\n" for i in range(16)), "at most 15",
                      "// It.\n" + "".join(f"#include <c{i}>\n" for i in range(15))),
    "throw": ("src/net/a.cc", "throw 1;\n", "base::Error", '// throw\nauto x = "throw";\n'),
    "a clock": ("src/net/a.cc", "std::chrono::steady_clock::now();\n", "rt::Clock", "std::chrono::seconds(1);\n"),
    "printing": ("src/net/a.cc", 'printf("x");\n', "base::Log", "snprintf(a, 1, b);\n"),
    "randomness": ("src/net/a.cc", "std::random_device d;\n", "base::Random", "base::Random r(1);\n"),
    "using namespace": ("src/net/a.cc", "using namespace std;\n", "qualified name", "using std::swap;\n"),
    "a TODO without issue": ("src/net/a.cc", "// TODO later\n", "names its issue", "// TODO(#12): later\n"),
    "a path of one machine": ("src/net/a.cc", "// see /home/me/notes\n", "one machine", "// see docs/notes\n"),
}


class TidyTest(unittest.TestCase):
    def complaints(self, files, layers=LAYERS):
        root = pathlib.Path(tempfile.mkdtemp(prefix="weir-tidy-"))
        self.addCleanup(shutil.rmtree, root)
        for name, text in {"src/CMakeLists.txt": layers, **files}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return Tidy(root).check()

    def test_rules(self):
        for rule, (path, caught, words, passes) in RULES.items():
            with self.subTest(rule):
                found = self.complaints({path: caught})
                self.assertEqual(len(found), 1, found)
                self.assertIn(words, found[0])
                self.assertTrue(found[0].startswith(path + ":"), found)
                self.assertEqual(self.complaints({path: passes}), [])

    def test_layers_are_said_from_the_bottom(self):
        self.assertIn("is not below it", self.complaints({}, "add_layer(a DEPS b)\nadd_layer(b)\n")[0])

    def test_names_that_say_nothing(self):
        for name in ("src/net/utils.cc", "src/net/common/x.cc", "src/net/io_helpers.cc"):
            self.assertIn("says nothing", self.complaints({name: "int x;\n"})[0])
        self.assertEqual(self.complaints({"src/net/commons.cc": "int x;\n"}), [])

    def test_folders_stay_small(self):
        many = {f"src/net/f{i}.cc": "int x;\n" for i in range(21)}
        self.assertIn("at most 20", self.complaints(many)[0])
        del many["src/net/f0.cc"]
        tests = {f"src/net/f{i}_test.cc": "int x;\n" for i in range(9)}
        headers = {f"src/net/f{i}.h": "// It.\n" for i in range(1, 9)}
        self.assertEqual(self.complaints({**many, **tests, **headers}), [])

    def test_one_title_a_page(self):
        self.assertIn("one title", self.complaints({"docs/a.md": "# A\n\n# B\n"})[0])
        self.assertEqual(self.complaints({"docs/a.md": "# A\n\n```\n# no title\n```\n"}), [])


if __name__ == "__main__":
    unittest.main()
