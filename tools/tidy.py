#!/usr/bin/env python3
"""Checks what compilers do not: layers, sizes, first lines and banned words. Run by ctest as the test `tidy`.

    tools/tidy.py ROOT        prints path:line: what is wrong and what to do; exit 1 when anything is
"""
import pathlib
import re
import sys

SOURCE_LINES, HEADER_LINES, FUNCTION_LINES = 500, 250, 70
COLUMNS, HEADER_INCLUDES, FOLDER_FILES = 100, 15, 20

# (pattern, where it is allowed, what to use instead); code only: comments and strings do not count.
BANNED = [
    (r"\bstd::chrono::(steady|high_resolution)_clock\b", r"src/rt/clock", "rt::Clock"),
    (r"\bclock_gettime\b", r"src/rt/clock", "rt::Clock"),
    (r"\b(s?rand\(|std::random_device|std::mt19937\w*)", r"src/base/random", "base::Random with a seed"),
    (r"\bJS_UpdateStackTop\b", r"src/script/", "script::Isolate::enter()"),
    (r"\bjump_fcontext\b", r"src/rt/fiber", "rt::Fiber"),
    (r"\bthread_local\b", r"src/rt/", "a member of what the worker owns"),
    (r"\bthrow\b(?!\s*\(\))", r"$^", "return base::Error"),
    (r"\busing namespace\b", r"$^", "a qualified name"),
    (r"\bstd::(cout|cerr)\b|\b(std::)?f?printf\(", r"src/(app|base/assert)", "base::Log or a returned string"),
]
# A third-party header has one owner.
OWNERS = [
    (r"quickjs\.h|list\.h|cutils\.h", r"src/script/"),
    (r"openssl/", r"src/net/tls|src/net/testing|src/net/.*_test|src/http/auth|src/journey/|src/http/credentials|src/net/self_contained"
     r"|src/attest/(keys|digest)\.cc"),
    (r"md4\.h", r"src/journey/api/digest"),
    (r"llhttp\.h", r"src/http/"),
    (r"ada\.h", r"src/base/url"),
    (r"utf8proc\.h", r"src/base/display"),
    (r"boost/", r"src/rt/fiber"),
    (r"ares\.h", r"src/net/"),
    (r"fmt/", r"src/base/format"),
    (r"CLI/", r"src/app/"),
    (r"toml\+\+/", r"src/plan/"),
    (r"pugixml\.hpp", r"src/report/"),
    (r"protozero/", r"src/telemetry/(prometheus_write|otlp|protobuf_test)"),
    (r"snappy\.h", r"src/telemetry/(prometheus_write|protobuf_test)"),
    (r"re2/", r"src/plan/notices/alert_matcher"),
]
BANNED_NAMES = {"utils", "helpers", "common", "manager", "impl"}
NEVER = [r"(?<![\w.])/(home|root|Users)/\w+/"]  # paths of one machine


class Tidy:
    def __init__(self, root):
        self.root = root
        self.errors = []
        self.layers = self.read_layers()

    def error(self, path, line, text):
        self.errors.append(f"{path}:{line}: {text}")

    def read_layers(self):
        """The order and the allowed dependencies, from the one place where they are said."""
        file = self.root / "src/CMakeLists.txt"
        layers = {}
        for found in re.finditer(r"add_layer\((\w+)([^)]*)\)", file.read_text()):
            named = re.search(r"\bDEPS\s+((?:(?!LIBS)\w+\s*)+)", found[2])
            layers[found[1]] = set(named[1].split()) if named else set()
            for lower in layers[found[1]] - set(layers):
                self.error("src/CMakeLists.txt", 1, f"layer {found[1]} depends on {lower}, which is not below it")
        return layers

    def check(self):
        for part in ("src", "sample", "tests", "bench"):
            for path in sorted((self.root / part).rglob("*")):
                if path.suffix in (".h", ".cc"):
                    self.check_file(path.relative_to(self.root).as_posix(), path.read_text())
        self.check_folders()
        self.check_documents()
        return self.errors

    def check_file(self, name, text):
        lines = text.splitlines()
        test = name.endswith("_test.cc") or name.startswith(("tests/", "bench/"))
        limit = HEADER_LINES if name.endswith(".h") else SOURCE_LINES
        if len(lines) > limit and not test:
            self.error(name, len(lines), f"{len(lines)} lines, at most {limit}: split it by subject")
        if name.endswith(".h") and not (lines and lines[0].startswith("// ")):
            self.error(name, 1, "the first line says in one sentence what this is")
        if BANNED_NAMES & set(re.split(r"[/._]", name)):
            self.error(name, 1, "a name that says nothing: name the subject")
        self.check_lines(name, lines, test)
        if name.startswith("src/"):
            self.check_includes(name, lines)
        if not test:
            self.check_functions(name, lines)

    def check_lines(self, name, lines, test):
        for number, line in enumerate(lines, 1):
            if len(line) > COLUMNS and "http" not in line and 'R"' not in line and not test:
                self.error(name, number, f"{len(line)} columns, at most {COLUMNS}")
            if re.search(r"\b(TODO|FIXME|XXX)\b(?!\(#\d+\))", line):
                self.error(name, number, "a TODO names its issue: TODO(#12)")
            for pattern in NEVER:
                if re.search(pattern, line):
                    self.error(name, number, "a path of one machine has no place in the repository")
            if test or not name.startswith("src/"):
                continue
            code = re.sub(r'//.*|"(\\.|[^"\\])*"', "", line)
            for pattern, allowed, instead in BANNED:
                if re.search(pattern, code) and not re.search(allowed, name):
                    self.error(name, number, f"banned here: use {instead}")

    def check_includes(self, name, lines):
        layer, includes = name.split("/")[1], 0
        for number, line in enumerate(lines, 1):
            found = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
            if not found:
                continue
            includes += 1
            other = found[1].split("/")[0]
            if "/" in found[1] and other in self.layers and other != layer:
                if other not in self.layers.get(layer, set()):
                    self.error(name, number, f"layer {layer} may not include {other}")
            for pattern, owner in OWNERS:
                if re.match(pattern, found[1]) and not re.search(owner, name):
                    self.error(name, number, f"<{found[1]}> has an owner: {owner}")
        if name.endswith(".h") and includes > HEADER_INCLUDES and "/testing/" not in name:
            self.error(name, 1, f"{includes} includes, at most {HEADER_INCLUDES}")

    def check_functions(self, name, lines):
        """Function bodies as clang-format leaves them: a line that ends in '{', closed at its own indent."""
        start, indent = None, ""
        for number, line in enumerate(lines, 1):
            if start is None:
                opens = re.match(r"^(\s{0,4})(?!namespace|class|struct|enum|union|extern|using)[\w:~<].*[)\w] \{$", line)
                if opens and "(" in " ".join(lines[max(0, number - 6):number]) and " = {" not in line:
                    start, indent = number, opens[1]
            elif line.startswith(indent + "}") and not line.startswith(indent + "} "):
                if number - start + 1 > FUNCTION_LINES:
                    self.error(name, start, f"a function of {number - start + 1} lines, at most {FUNCTION_LINES}")
                start = None

    def check_folders(self):
        for part in ("src", "sample"):
            for folder in sorted(p for p in (self.root / part).rglob("*") if p.is_dir()):
                files = [f for f in folder.iterdir() if f.suffix in (".h", ".cc") and not f.name.endswith("_test.cc")]
                stems = {f.stem for f in files}
                if len(stems) > FOLDER_FILES:
                    self.error(folder.relative_to(self.root), 1, f"{len(stems)} subjects, at most {FOLDER_FILES}")

    def check_documents(self):
        for path in [self.root / "README.md", *sorted((self.root / "docs").rglob("*.md"))]:
            if not path.exists():
                continue
            text = re.sub(r"```.*?```", "", path.read_text(), flags=re.S)
            name = path.relative_to(self.root).as_posix()
            if len(re.findall(r"^# ", text, flags=re.M)) != 1:
                self.error(name, 1, "one title a page")
            for pattern in NEVER:
                if re.search(pattern, text):
                    self.error(name, 1, "a path of one machine has no place in the repository")


if __name__ == "__main__":
    found = Tidy(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()).check()
    print("\n".join(found) or "tidy")
    sys.exit(bool(found))
