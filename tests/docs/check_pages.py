#!/usr/bin/env python3
"""What the documents say holds: links lead somewhere, journeys compile, configurations parse, commands exist.

    check_pages.py WEIR      WEIR is the program; `weir inspect` is asked

Checked of every page under the repository: relative links and their #anchors; fenced `json`. Of README.md and docs/:
fenced `js` and `ts` (a piece without `import` becomes the body of a journey), fenced `toml` (what is missing for a whole
weir.toml is added), and in `sh` and `console` blocks the flags that `weir` and `weir-sample` are given. Of the handbook:
each signal of docs/verdict.md and each exit code that a gate can have is explained, each one who should look is somebody.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEIR = pathlib.Path(sys.argv[1]).resolve()
SKIPPED = {"build", ".git", "node_modules"}
FENCE = re.compile(r"^(```+)([\w-]*)[^\n]*\n(.*?)^\1\s*$", re.M | re.S)
BODY = """import http from 'k6/http';
import {{ check, fail, group, sleep }} from 'k6';
const baseUrl = __ENV.BASE_URL;
export default function () {{
{}
}}
"""


def pages():
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(set(folders) - SKIPPED)
        yield from (pathlib.Path(folder, file) for file in sorted(files) if file.endswith(".md"))


def anchors_of(page):
    """As GitHub makes them from headings."""
    found = set()
    for heading in re.findall(r"^#+ +(.*?)\s*$", FENCE.sub("", page.read_text()), re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found


class Check:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.wrong = []
        self.counts = {"pages": 0, "links": 0, "journeys": 0, "configurations": 0, "flags": 0}
        self.known_help = {}

    def page(self, page):
        text = page.read_text()
        self.counts["pages"] += 1
        self.links(page, FENCE.sub("", text))
        ours = page.name == "README.md" or "docs" in page.relative_to(ROOT).parts[:1]
        for fence in FENCE.finditer(text):
            line = text.count("\n", 0, fence.start()) + 1
            place, kind, content = f"{page.relative_to(ROOT)}:{line}", fence[2], fence[3]
            if kind == "json":
                self.parses(place, json.loads, content)
            elif ours and kind in ("js", "ts"):
                self.journey(place, kind, content)
            elif ours and kind == "toml":
                self.configuration(place, content)
            elif ours and kind in ("sh", "console", "bash"):
                self.commands(place, content)

    def links(self, page, text):
        text = re.sub(r"`[^`\n]*`", "", text)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            self.counts["links"] += 1
            path, _, anchor = target.partition("#")
            there = (page.parent / path) if path else page
            if not there.exists():
                self.wrong.append(f"{page.relative_to(ROOT)}: {target} leads nowhere")
            elif anchor and there.suffix == ".md" and anchor not in anchors_of(there):
                self.wrong.append(f"{page.relative_to(ROOT)}: {target}: no such heading")

    def parses(self, place, parse, content):
        try:
            return parse(content)
        except ValueError as error:
            self.wrong.append(f"{place}: {error}")
            return None

    def inspect(self, place, file, *flags):
        done = subprocess.run([WEIR, "inspect", file, *flags], capture_output=True, text=True,
                              timeout=60, cwd=self.folder,
                              env={**os.environ, "BASE_URL": "http://127.0.0.1"})
        if done.returncode != 0:
            self.wrong.append(f"{place}: {done.stderr.strip()}")

    def journey(self, place, kind, content):
        self.counts["journeys"] += 1
        whole = "import " in content or "export " in content
        # Pages name local modules and data files: those of journeys/ are real, others are made up.
        for name in re.findall(r"from '\./([\w./-]+)'", content):
            if not (ROOT / "journeys" / name).exists():
                self.wrong.append(f"{place}: imports ./{name}, which is not in journeys/")
        if whole and "export default" not in content:
            content += "\nexport default function () {}\n"
        file = self.folder / f"page.{kind}"
        file.write_text(content if whole else BODY.format(content))
        self.inspect(place, file)

    def configuration(self, place, content):
        parsed = self.parses(place, tomllib.loads, content)
        if parsed is None:
            return
        self.counts["configurations"] += 1
        if "journey" not in parsed:
            content += '\n[[journey]]\nscript = "any.js"\nname = "any"\n'
        if "condition" not in parsed:
            content += '\n[[condition]]\nthat = "at least 99 % checks"\n'
        for journey in [*parsed.get("journey", []), {"script": "any.js"}]:
            script = self.folder / journey["script"]
            if not script.exists():
                script.parent.mkdir(parents=True, exist_ok=True)
                script.write_text("export default function () {}\n")
        for environment in parsed.get("environment", {}).values():
            for name, secret in environment.get("secrets", {}).items():
                if "file" in secret:
                    content = content.replace(secret["file"], "a-secret")
                else:
                    os.environ.setdefault(secret["env"], "a secret")
        (self.folder / "a-secret").write_text("a secret\n")
        file = self.folder / "weir.toml"
        file.write_text(content)
        self.inspect(place, file, "-e", "BASE_URL=http://127.0.0.1")

    def help_of(self, command):
        if command not in self.known_help:
            done = subprocess.run([WEIR, *command.split(), "--help"], capture_output=True, text=True)
            self.known_help[command] = done.stdout + done.stderr
        return self.known_help[command]

    def flags_of(self, command):
        return set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", self.help_of(command)))

    def command_in(self, command, rest):
        """Of a command of commands, such as `weir bypass list`, both words."""
        second = re.match(r" ([a-z]+)\b", rest)
        both = f"{command} {second[1]}" if second else ""
        return both if second and f"weir {both}" in self.help_of(command) else command

    def commands(self, place, content):
        for line in re.sub(r"\\\n", " ", content).splitlines():
            found = re.match(r"(?:\$ )?(?:build/)?weir (\w+)(.*)", line)
            if not found or found[1] == "demo":
                continue
            command = self.command_in(found[1], found[2])
            known = self.flags_of(command)
            if not known and found[1] != "version":
                self.wrong.append(f"{place}: there is no command `weir {command}`")
            for flag in re.findall(r"(?<= )--?[a-zA-Z][\w-]*", found[2].split("#")[0]):
                self.counts["flags"] += 1
                if flag not in known:
                    self.wrong.append(f"{place}: `weir {command}` has no flag {flag}")


def rows_under(page, heading):
    """The cells of the tables behind a heading, up to the next one of its rank."""
    text = (ROOT / page).read_text()
    begin = re.search(rf"^(#+) {re.escape(heading)}$", text, re.M)
    if begin is None:
        return []
    end = re.search(rf"^#{{1,{len(begin[1])}}} ", text[begin.end():], re.M)
    part = text[begin.end():][:end.start() if end else None]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")]
            for line in part.splitlines() if line.startswith("| ")]
    return [row for row in rows if not set(row[0]) <= set("-: ")]


def handbook():
    """What the handbook lacks, or explains though it is not there."""
    red = "docs/handbook/when-the-gate-is-red.md"
    signals = {row[0]: row[-1] for row in rows_under("docs/verdict.md", "Signals")[1:]}
    explained = {row[0]: row for row in rows_under(red, "Invalid")[1:]}
    if len(signals) < 40:
        yield f"docs/verdict.md: only {len(signals)} signals were found: is the check blind?"
    for name in signals.keys() - explained.keys():
        yield f"{red} does not say what to do about the signal '{name}'"
    for name in explained.keys() - signals.keys():
        yield f"{red} explains the signal '{name}', which docs/verdict.md does not have"
    people = {row[0] for row in rows_under("docs/handbook/roles.md", "Whom a verdict names")}
    named = {row[3] for row in explained.values() if len(row) == 5} | set(signals.values()) - {"the same"}
    for who in {re.sub(r"^or | if .*", "", each) for text in named for each in text.split(", ")}:
        if who not in people:
            yield f"docs/handbook/roles.md does not say who '{who}' is"
    codes = {row[0] for row in rows_under("docs/formats/exit-codes.md", "Exit codes")
             if len(row) > 1 and re.search(r"\bgate\b", row[1])}
    told = " ".join(row[0] for row in rows_under(red, "When the gate is red"))
    for code in codes - set(re.findall(r"\d+", told)):
        yield f"{red} does not say what to do about exit code {code}"


def main():
    with tempfile.TemporaryDirectory(prefix="weir-pages-") as folder:
        for file in (ROOT / "journeys").iterdir():
            shutil.copy(file, folder)
        check = Check(folder)
        for page in pages():
            check.page(page)
    none = [what for what, count in check.counts.items() if count == 0]
    check.wrong += handbook()
    check.wrong += [f"no {what} were found: is the check blind?" for what in none]
    print("\n".join(check.wrong) or ", ".join(f"{n} {what}" for what, n in check.counts.items()))
    sys.exit(bool(check.wrong))


main()
