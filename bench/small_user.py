#!/usr/bin/env python3
"""What each version of the sample's dashboard costs its heaviest and its smallest user.

    bench/small_user.py        prints the table of docs/sample-service.md, as Markdown

Each figure is the median of RUNS (3) runs, each against a service started for it; the versions take turns. A run during
which others used more than a tenth of the machine is done again.
"""
import json
import os
import pathlib
import re
import resource
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


def busy_seconds():
    """CPU time that the whole machine spent, and what of it was ours and has ended."""
    fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().split()[1:9]]
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    idle = fields[3] + fields[4]
    return (sum(fields) - idle) / os.sysconf("SC_CLK_TCK"), own.ru_utime + own.ru_stime


def wait_for_quiet():
    while True:
        before, _ = busy_seconds()
        time.sleep(4)
        after, _ = busy_seconds()
        if (after - before) / 4 / os.cpu_count() < 0.05:
            return


def undisturbed(measure, *arguments):
    """The figures, and the share of the machine that others used meanwhile."""
    while True:
        wait_for_quiet()
        all_before, own_before = busy_seconds()
        began = time.monotonic()
        figures = measure(*arguments)
        all_after, own_after = busy_seconds()
        others = (all_after - all_before) - (own_after - own_before)
        share = others / (time.monotonic() - began) / os.cpu_count()
        if share <= 0.1:
            return figures, share
        print(f"others used {share:.0%} of the machine: again", file=sys.stderr, flush=True)


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
    if ms != ms:
        return "none"
    return f"{ms / 1000:.2f} s" if ms >= 1000 else f"{ms:.0f} ms" if ms >= 20 else f"{ms:.1f} ms"


def ratio(ms, base):
    return "" if ms != ms else f"{ms / base:.1f}"


def main():
    single, under_load = {}, {}
    with tempfile.TemporaryDirectory(prefix="weir-small-user-") as name:
        folder = pathlib.Path(name)
        for _ in range(RUNS):
            for user in USERS:
                for version in VERSIONS:
                    key = (user, version)
                    for figures, measure in ((single, alone), (under_load, loaded)):
                        found, others = undisturbed(measure, folder, version, user)
                        figures.setdefault(key, []).append(found)
                        print(key, found, f"others {others:.0%}", file=sys.stderr, flush=True)
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
                  f"| {ratio(middle(version, 'median'), base_loaded)} "
                  f"| {shown(middle(version, 'p98'))} | {middle(version, 'share') * 100:.1f} % "
                  f"| {' or '.join(verdicts)}{f'; died {died}×' if died else ''} |")


main()
