#!/usr/bin/env python3
"""The fault matrix: for each fault of the sample service, does the gate say what it should, for the right reason?

    WEIR=… WEIR_SAMPLE=… tests/matrix/fault_matrix.py [--runs 20] [--only NAME]… [--at-least 0.95] [--journal FILE]

Faults of the service must be a fail, faults of its surroundings invalid, with the reason named; without a fault the
gate passes. Prints a table; exits with 1 when a row is right less often than asked.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]

# fault, what the gate must say, words of which one must be in the first reason
ROWS = [
    ("", "pass", [""]),
    ("n-plus-one", "fail", ["`dashboard` under", "errors of `dashboard`"]),
    ("missing-index", "fail", ["`dashboard` under", "errors of `dashboard`"]),
    ("lock-contention", "fail", ["`dashboard` under", "errors of `dashboard`"]),
    ("memory-growth", "fail", ["answered", "errors of `dashboard`"]),
    ("slow-dependency", "invalid", ["dependency risk"]),
    ("failing-dependency", "invalid", ["dependency risk"]),
    ("restart", "invalid", ["another process answered"]),
    ("version-change", "invalid", ["several versions"]),
    ("data-drift", "invalid", ["cases of the heavy user"]),
    ("cpu-hog", "invalid", ["others used"]),
    ("sign-in-broken", "invalid", ["sign", "set-up"]),
]

EXTRA = """
[[dependency]]
name = "risk"
health_url = "${RISK_URL}/health"

[[fact]]
name = "cases of the heavy user"
at_least = 9000
"""


def suite(directory):
    """journeys/weir.toml, told what there is to watch."""
    text = (ROOT / "journeys" / "weir.toml").read_text()
    text = text.replace('health_url = "/health"', 'health_url = "/health"\nmetrics_url = "/metrics"')
    path = directory / "weir.toml"
    path.write_text(text.replace('script = "', f'script = "{ROOT}/journeys/') + EXTRA)
    return path


class Sample:
    def __init__(self, program, fault, directory):
        ready = directory / "ready"
        ready.unlink(missing_ok=True)
        command = [program, "--port", "0", "--auth-port", "0", "--version-label", "1.1",
                   "--data-dir", directory / "data", "--ready-file", ready]
        if fault == "memory-growth":
            command += ["--memory-limit", "512MiB"]
        if fault:
            command += ["--fault", fault]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1200):
            if ready.exists() and ready.read_text().strip():
                break
            if self.process.poll() is not None:
                sys.exit(f"the sample service with fault '{fault}' ended by itself")
            time.sleep(0.05)
        self.facts = json.loads(ready.read_text())

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def verdict_of(weir, config, facts, directory):
    results = pathlib.Path(tempfile.mkdtemp(dir=directory))
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    ended = subprocess.run(
        [weir, "gate", "-c", config, "-e", f"BASE_URL={facts['url']}", "-e", f"RISK_URL={facts['dependencyUrl']}",
         "--results", results, "--store", "", "--quiet"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
    found = list(results.glob("*/verdict.json"))
    if not found:
        return {"verdict": "error", "reasons": [ended.stdout.strip()[-400:]], "signals": []}
    return json.loads(found[0].read_text())


def is_right(verdict, kind, words):
    """The first reason is the one that people act on."""
    first = verdict["reasons"][0] if verdict["reasons"] else ""
    return verdict["verdict"] == kind and any(word in first for word in words)


def trial(row, options, config, directory):
    """One run of a row: what the gate said, and whether that is right."""
    fault, kind, words = row
    sample = Sample(options.sample, fault, directory)
    try:
        verdict = verdict_of(options.weir, config, sample.facts, directory)
    finally:
        sample.stop()
    return {"fault": fault or "none", "right": is_right(verdict, kind, words), "verdict": verdict["verdict"],
            "reasons": [reason[:300] for reason in verdict["reasons"]]}


def earlier(journal):
    """What a journal that was begun before has; a matrix of twenty runs a row takes two hours."""
    if not journal or not journal.exists():
        return []
    return [json.loads(line) for line in journal.read_text().splitlines()]


def table(rows, trials, at_least):
    """Prints it; whether each row is right often enough."""
    good = True
    print(f"{'fault':<20} {'asked':<8} {'right':>10}   wrong ones", flush=True)
    for fault, kind, _ in rows:
        own = [each for each in trials if each["fault"] == (fault or "none")]
        right = sum(each["right"] for each in own)
        good = good and bool(own) and right >= len(own) * at_least
        print(f"{fault or 'none':<20} {kind:<8} {right:>3} of {len(own)}", flush=True)
        for each in own:
            if not each["right"]:
                print(f"    {each['verdict']}: {' | '.join(each['reasons'])[:300]}", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--only", action="append", help="'none' for the row without a fault")
    parser.add_argument("--at-least", type=float, default=0.95)
    parser.add_argument("--journal", type=pathlib.Path, help="a line for each run; goes on where it ends")
    parser.add_argument("--weir", default=os.environ.get("WEIR", ROOT / "build/weir"))
    parser.add_argument("--sample", default=os.environ.get("WEIR_SAMPLE", ROOT / "build/weir-sample"))
    options = parser.parse_args()
    rows = [row for row in ROWS if not options.only or (row[0] or "none") in options.only]
    trials = earlier(options.journal)
    with tempfile.TemporaryDirectory(prefix="weir-matrix-") as name:
        directory = pathlib.Path(name)
        config = suite(directory)
        for turn in range(options.runs):  # rows take turns: what the machine does meanwhile meets all of them
            for row in rows:
                done = sum(each["fault"] == (row[0] or "none") for each in trials)
                if done > turn:
                    continue
                trials.append(trial(row, options, config, directory))
                if options.journal:
                    with options.journal.open("a") as journal:
                        journal.write(json.dumps(trials[-1]) + "\n")
    sys.exit(0 if table(rows, trials, options.at_least) else 1)


main()
