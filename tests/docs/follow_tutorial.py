#!/usr/bin/env python3
"""docs/write-a-journey.md, followed step by step on the sample service: what it says happens.

    follow_tutorial.py WEIR WEIR_SAMPLE
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEIR, SAMPLE = (str(pathlib.Path(each).resolve()) for each in sys.argv[1:3])
PASSWORD = "SERVICE_PASSWORD=sample-password"


def blocks(kind):
    page = (ROOT / "docs/write-a-journey.md").read_text()
    return re.findall(rf"^```{kind}\n(.*?)^```$", page, re.M | re.S)


class Tutorial:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        ready = self.folder / "ready"
        self.service = subprocess.Popen(
            [SAMPLE, "--port", "0", "--auth-port", "0", "--ready-file", ready],
            stdout=subprocess.DEVNULL)
        while not (ready.exists() and ready.stat().st_size):
            if self.service.poll() is not None:
                sys.exit("the sample service did not start")
            time.sleep(0.05)
        self.url = json.loads(ready.read_text())["url"]
        shutil.copy(ROOT / "journeys/sign-in.js", self.folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.service.terminate()
        self.service.wait()

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def weir(self, *arguments, code=0, **env):
        done = subprocess.run([WEIR, *arguments], cwd=self.folder, capture_output=True, text=True,
                              timeout=100, env={**os.environ, "BASE_URL": self.url, **env})
        output = done.stdout + done.stderr
        if done.returncode != code:
            sys.exit(f"weir {' '.join(arguments)}: exit code {done.returncode}, not {code}\n{output}")
        return output

    def run(self, script, iterations, *flags):
        return self.weir("run", script, "--vus", "1", "--iterations", str(iterations), *flags)


def expect(output, *lines):
    for line in lines:
        if line not in output:
            sys.exit(f"the page says: {line}\nthe program: {output}")


def main():
    unsigned, signed = blocks("js")
    with tempfile.TemporaryDirectory(prefix="weir-tutorial-") as name, Tutorial(name) as tutorial:
        tutorial.write("cases.js", unsigned)
        expect(tutorial.run("cases.js", 1), *blocks("text")[0].rstrip("\n").splitlines())

        tutorial.write("cases.js", signed)
        output = tutorial.run("cases.js", 2, "-e", PASSWORD)
        # Two checks of the one sign-in, three of each of the two pages.
        expect(output, "100.00% 8 out of 8", "✓ sign-in: form is shown", "✓ cases: 9,000 at least")
        # What section 7 asks for: the checks fail when they should.
        expect(tutorial.run("cases.js", 1, "-e", PASSWORD, "-e", "SERVICE_USER=small"),
               "✗ cases: 9,000 at least")

        tutorial.write("cases.ts", blocks("ts")[0])
        expect(tutorial.run("cases.ts", 1), "✓ health: up")

        tutorial.write("weir.toml", blocks("toml")[0].replace("http://127.0.0.1:8080", tutorial.url))
        expect(tutorial.weir("inspect", "weir.toml", code=2), "SERVICE_PASSWORD, which is not set")
        secret = {"SERVICE_PASSWORD": "sample-password"}
        expect(tutorial.weir("inspect", "weir.toml", **secret), "25 a second for 20s",
               "condition    98 % of `cases` under 2s")
        # Too short for a verdict on the service, long enough to see that the gate gets to its pages.
        output = tutorial.weir("gate", "--env", "local", "--rate", "5", "--duration", "2s", "--quiet",
                               code=11, **secret)
        expect(output, "samples, 100 are needed")
        if "sample-password" in output:
            sys.exit("the gate shows the secret")
    print("the tutorial holds")


main()
