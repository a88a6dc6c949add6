#!/usr/bin/env python3
"""What each version of the sample's dashboard costs its heaviest and its smallest user.

    bench/small_user.py        prints the table of docs/sample-service.md, as Markdown

Each figure is the median of RUNS (3) runs, each against a service started for it. The versions take turns, so that
what the machine does otherwise falls on all of them alike.
"""
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
WEIR = os.environ.get("WEIR", str(ROOT / "build/weir"))
SAMPLE = os.environ.get("WEIR_SAMPLE", str(ROOT / "build/weir-sample"))
RUNS = int(os.environ.get("RUNS", "3"))
VERSIONS = ["paginated", "in-memory-paging", "unbounded"]
USERS = {"heavy": 9900, "small": 150}
JOURNEY = ROOT / "journeys/dashboard.js"
SUITE = f"""
[gate]
rate = 25
duration = "20s"
[[journey]]
script = "{JOURNEY}"
[[sign_in]]
method = "*"
url = "/sign-in*"
[[sign_in]]
method = "*"
url = "/auth/*"
[[sign_in]]
method = "*"
url = "/oauth/*"
[[condition]]
that = "98 % of `dashboard` under 2 s"
[[condition]]
that = "50 % of `dashboard` under 2 s"
"""


class Service:
    def __init__(self, folder, version):
        ready = folder / "ready"
        ready.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [SAMPLE, "--port", "0", "--auth-port", "0", "--dashboard", version, "--memory-limit",
             "512MiB", "--data-dir", folder / "data", "--ready-file", ready],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1200):
            if ready.exists() and ready.stat().st_size:
                break
            if self.process.poll() is not None:
                sys.exit("weir-sample did not start")
            time.sleep(0.05)
        self.url = json.loads(ready.read_text())["url"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.died = self.process.poll() is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def milliseconds(text):
    """"1.5s", "8.86ms", "1m2s", as Weir writes them."""
    units = {"µs": 0.001, "ms": 1, "s": 1000, "m": 60_000}
    return sum(float(number) * units[unit]
               for number, unit in re.findall(r"([\d.]+)(µs|ms|s|m)", text))


def alone(folder, version, user):
    """Median response time, one user after another."""
    with Service(folder, version) as service:
        subprocess.run(
            [WEIR, "run", JOURNEY, "--vus", "1", "--iterations", "20", "--quiet",
             "--summary-mode", "disabled", "--summary-export", folder / "summary.json",
             "-e", f"BASE_URL={service.url}", "-e", f"SAMPLE_USER={user}",
             "-e", f"MIN_CASES={USERS[user]}"], capture_output=True, check=True)
    metrics = json.loads((folder / "summary.json").read_text())["metrics"]
    return metrics["http_req_duration{name:dashboard}"]["med"]


def loaded(folder, version, user):
    """The gate at 25 journeys a second."""
    (folder / "weir.toml").write_text(SUITE)
    with Service(folder, version) as service:
        done = subprocess.run(
            [WEIR, "gate", "-c", folder / "weir.toml", "--results", folder / "results", "--quiet",
             "-e", f"BASE_URL={service.url}", "-e", f"SAMPLE_USER={user}",
             "-e", f"MIN_CASES={USERS[user]}"], capture_output=True, text=True)
    result = re.search(r"^result\s+(.*)$", done.stdout, re.M)
    if result is None:
        sys.exit(done.stdout + done.stderr)
    verdict = json.loads(pathlib.Path(result[1], "verdict.json").read_text())
    by_share = {finding["limit"]: finding for finding in verdict["findings"]
                if finding["condition"].endswith("of `dashboard` under 2s")}

    def within(share):
        found = re.search(r"of the answers came within (\S+?)(;|$)", by_share[share]["words"])
        return milliseconds(found[1]) if found else float("nan")

    return {"verdict": verdict["verdict"], "share": by_share[0.98]["value"], "median": within(0.5),
            "p98": within(0.98), "died": service.died}


def shown(ms):
    return f"{ms / 1000:.2f} s" if ms >= 1000 else f"{ms:.0f} ms" if ms >= 20 else f"{ms:.1f} ms"


def main():
    single, under_load = {}, {}
    with tempfile.TemporaryDirectory(prefix="weir-small-user-") as name:
        folder = pathlib.Path(name)
        print(f"load average before: {os.getloadavg()[0]:.2f}; {os.cpu_count()} cores; "
              f"{RUNS} runs", file=sys.stderr)
        for _ in range(RUNS):
            for user in USERS:
                for version in VERSIONS:
                    key = (user, version)
                    single.setdefault(key, []).append(alone(folder, version, user))
                    under_load.setdefault(key, []).append(loaded(folder, version, user))
                    print(key, single[key][-1], under_load[key][-1], file=sys.stderr, flush=True)
    print("| user | dashboard | one user: median | ratio | 25 a second: median | ratio | 98 % within "
          "| under 2 s | verdict |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for user in USERS:
        def middle(version, figure):
            return statistics.median(run[figure] for run in under_load[user, version])
        base_alone = statistics.median(single[user, "paginated"])
        base_loaded = middle("paginated", "median")
        for version in VERSIONS:
            one = statistics.median(single[user, version])
            runs = under_load[user, version]
            verdicts = sorted({run["verdict"] for run in runs})
            died = sum(run["died"] for run in runs)
            print(f"| {user} | {version} | {shown(one)} | {one / base_alone:.1f} "
                  f"| {shown(middle(version, 'median'))} "
                  f"| {middle(version, 'median') / base_loaded:.1f} "
                  f"| {shown(middle(version, 'p98'))} | {middle(version, 'share') * 100:.1f} % "
                  f"| {' or '.join(verdicts)}{f'; died {died}×' if died else ''} |")


main()
