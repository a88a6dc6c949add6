#!/usr/bin/env python3
"""A long run: is Weir's memory flat, and how large is what it leaves?

    bench/long_run.py [--rate 1000] [--duration 1h] [--results DIR]

Requests per second against the server of known delays; reads the program's resident memory every ten seconds and
prints it at a few moments, its trend over the second half, and the sizes of the files in the result's directory.
"""
import argparse
import pathlib
import statistics
import subprocess
import time

import measure

SECOND = 1.0


def resident_kib(process):
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def watch(process):
    """(seconds since the start, KiB), every ten seconds until the process ends."""
    began, seen = time.monotonic(), []
    while process.poll() is None:
        seen.append((time.monotonic() - began, resident_kib(process)))
        try:
            process.wait(10 * SECOND)
        except subprocess.TimeoutExpired:
            pass
    return seen[:-1]  # the last one may be of a program that is ending


def per_hour_kib(points):
    """Least squares."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return statistics.linear_regression(xs, ys).slope * 3600 if len(points) > 2 else 0.0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--duration", default="1h")
    parser.add_argument("--users", type=int, default=400)
    parser.add_argument("--results", type=pathlib.Path, default=measure.ROOT / "build/long-run")
    options = parser.parse_args()
    with measure.DelayServer() as server:
        process = subprocess.Popen(
            [measure.WEIR, "run", measure.JOURNEYS / "pages.js", "-e", f"TARGET={server.url}",
             "-e", f"RATE={options.rate}", "-e", f"DURATION={options.duration}", "-e", f"USERS={options.users}",
             "--results", options.results, "--quiet"])
        points = watch(process)
    for share in (0.02, 0.1, 0.25, 0.5, 0.75, 1):
        at, kib = points[max(0, int(len(points) * share) - 1)]
        print(f"{at:6.0f} s: {kib / 1024:.1f} MiB resident")
    half = points[len(points) // 2:]
    print(f"second half: {per_hour_kib(half) / 1024:+.2f} MiB an hour, most {max(k for _, k in half) / 1024:.1f} MiB")
    newest = max(options.results.iterdir(), key=lambda each: each.stat().st_mtime)
    for file in sorted(newest.iterdir()):
        print(f"{file.stat().st_size:>10} {file}")


main()
