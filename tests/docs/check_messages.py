#!/usr/bin/env python3
"""The messages that docs/when-it-goes-wrong.md explains are those that the program gives, with the exit codes it names.

    check_messages.py WEIR

Each row of its tables on what needs no target has a case here that provokes the message; what stands between the page's
dots must be in the output.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEIR = pathlib.Path(sys.argv[1]).resolve()
OK = "export default function () {}\n"
SUITE = '[[journey]]\nscript = "ok.js"\n[[condition]]\nthat = "98 % of `x` under 2 s"\n'
REFUSED = "http://127.0.0.1:1/"
GET = "import http from 'k6/http';\nexport default function () {{ http.get({!r}); }}\n"


def script(text, *flags, **more):
    return {"files": {"case.js": text}, "command": ["run", "case.js", *flags], **more}


def suite(text, *flags, **more):
    return {"files": {"weir.toml": text, "ok.js": OK}, "command": ["gate", *flags], **more}


# What the page quotes begins with one of these: how to provoke it.
CASES = {
    "syntax.js": {"files": {"syntax.js": "import http from 'k6/http';\nexport default function () {\n"
                            "  const x = ;\n}\n"}, "command": ["run", "syntax.js"]},
    "cannot import './nothere.js'": script("import x from './nothere.js';\n" + OK),
    "cannot import 'k6/x/sql'": script("import x from 'k6/x/sql';\n" + OK),
    "cannot import 'k6/browser'": script("import x from 'k6/browser';\n" + OK),
    "cannot import 'https://": script("import x from 'https://example.com/x.js';\n" + OK),
    "Making http requests": script("import http from 'k6/http';\nhttp.get('http://127.0.0.1:1');\n" + OK),
    "open():": script("open('./data.csv');\n" + OK),
    "dashboard.js has no default": {
        "files": {"weir.toml": SUITE.replace("ok.js", "dashboard.js"),
                  "dashboard.js": "export const x = 1;\n"},
        "command": ["inspect", "weir.toml", "-e", f"BASE_URL={REFUSED}"]},
    "reading the script absent.js": {"files": {}, "command": ["run", "absent.js"]},
    "the script's options: vus": script("export const options = { vus: 'many' };\n" + OK),
    'threshold on "nosuch"': script(
        "export const options = { thresholds: { nosuch: ['avg<1'] } };\n" + OK),
    "threshold 'p95<1'": script(
        "export const options = { thresholds: { http_reqs: ['p95<1'] } };\n" + OK),
    "scenario 'a' wants": {
        "files": {"exec.js": "export const options = { scenarios: { a: { executor: 'shared-iterations',"
                  " exec: 'go' } } };\n" + OK}, "command": ["run", "exec.js"]},
    "opening …": script(OK, "--out", "json=/nowhere/x.json"),
    "option '…' is unknown": script("export const options = { durration: '1s' };\n" + OK, code=0),
    "weir.toml:2:1": suite("[gate]\nrte = 5\n"),
    "condition '98 of x": suite(SUITE.replace("98 % of `x`", "98 of x")),
    "the gate's configuration": {"files": {}, "command": ["gate"]},
    "weir.toml has no environment": suite(SUITE, "--env", "nosuch"),
    "no base_url": suite(SUITE),
    "the secret X": suite(SUITE + '[environment.a.secrets]\nX = { env = "Y" }\n'),
    "only [environment.NAME]": {**suite(SUITE), "files": {"weir.toml": SUITE, "ok.js": OK,
                                                          "weir.local.toml": "[gate]\n"}},
    "environments extend each other": suite(SUITE + '[environment.a]\nextends = "a"\n'),
    "a name is followed by =": {**suite(SUITE), "files": {"weir.toml": SUITE, "ok.js": OK, ".env": "X\n"}},
    "gate.graceful_stop": suite('[gate]\ngraceful_stop = "1s"\n' + SUITE.replace("2 s", "30 s")),
    "The following arguments": script(OK, "--vuss", "3"),
    "the target does not answer": suite(SUITE, "-e", f"BASE_URL={REFUSED}"),
    "warning: request failed": script(GET.format(REFUSED), code=0),
    "not a URL": script("import http from 'k6/http';\nexport default function () {\n"
                        "  console.log(http.get('not-a-url').error); }\n", code=0),
    "TypeError": script("export default function () { null.x; }\n", code=99),
    "out of memory": script("export default function () {\n  const kept = [];\n"
                            "  while (true) kept.push(new Array(10000).fill(1));\n}\n", code=99),
    "further ones": script("export default function () { null.x; }\n", code=99),
    "making the result directory": script(OK, "--results", "/proc/nowhere"),
    "writing samples": script(OK, "--out", "json=/dev/full", code=0),
    "… holds no record.json": {"files": {}, "command": ["judge", "."]},
    "this is not a result": {"files": {"record.json": "{}"}, "command": ["judge", "."]},
}
# These need a target, a resolver or much time.
ELSEWHERE = {"lookup: no such host", "the script ran for 10 s"}
SECTIONS = ["Nothing was run", "While it runs", "Files"]


def rows(page):
    """(message, exit code of its section) of each row of the sections that are checked here."""
    section, code = "", None
    for line in page.splitlines():
        heading = re.match(r"#+ (.*)", line)
        if heading:
            if line.startswith("## "):
                section, code = heading[1], None
            named = re.search(r"exit code (\d+)", heading[1])
            code = int(named[1]) if named else code
        row = re.match(r"\| `+(.*?)`+ (?:\(|\|)", line)
        if row and any(section.startswith(each) for each in SECTIONS):
            yield row[1], code


def run(case):
    with tempfile.TemporaryDirectory(prefix="weir-messages-") as folder:
        for name, text in case["files"].items():
            pathlib.Path(folder, name).write_text(text)
        env = {key: value for key, value in os.environ.items()
               if not key.lower().endswith("_proxy") and not key.startswith("K6_")}
        done = subprocess.run([WEIR, *case["command"]], capture_output=True, text=True, timeout=60,
                              cwd=folder, env=env)
    return done.stdout + done.stderr, done.returncode


def main():
    page = (ROOT / "docs/when-it-goes-wrong.md").read_text()
    wrong, checked = [], 0
    asked = list(rows(page)) + [("the target does not answer: GET …: connecting to …: "
                                 "Connection refused", 11)]
    used = set()
    for message, code in asked:
        start = next((each for each in CASES if message.startswith(each)), None)
        if start is None:
            if not any(message.startswith(each) for each in ELSEWHERE):
                wrong.append(f"no case provokes: {message}")
            continue
        used.add(start)
        output, ended = run(CASES[start])
        checked += 1
        for piece in filter(None, (each.strip() for each in message.split("…"))):
            if piece not in output:
                wrong.append(f"the page says: {message}\n  the program: {output.strip()}")
                break
        wanted = CASES[start].get("code", code)
        if wanted is not None and ended != wanted:
            wrong.append(f"{message}: exit code {ended}, not {wanted}")
    wrong += [f"the page no longer explains: {each}" for each in CASES.keys() - used]
    print("\n".join(wrong) or f"{checked} messages are as the page has them")
    sys.exit(bool(wrong))


main()
