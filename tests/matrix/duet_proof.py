#!/usr/bin/env python3
"""Proves weir duet on two sample services: finds a 5 % slowdown, and does not cry wolf.

    tests/matrix/duet_proof.py --weir build/dev/src/weir --sample build/dev/weir-sample

Both deployments stand behind a small proxy of the same kind; the candidate's delays one page by 5 %
of its median response time, measured first. Then null duets, both sides without a delay, whose
recorded pairs are kept; their sides are exchanged at random, block by block, and judged again, which
gives as many null runs as one likes. Prints a summary as JSON; exits 1 when the promise is broken.
"""
import argparse
import asyncio
import json
import os
import pathlib
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = b"GET /service-provider/dashboard"


class Proxy:
    """Forwards bytes; what begins with PAGE waits `delay` seconds first. Lives on its own thread."""

    def __init__(self):
        self.target_port = None
        self.delay = 0.0
        self.port = None
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self._run, args=(ready,), daemon=True).start()
        ready.wait(10)

    def _run(self, ready):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()

    async def _accept(self, reader, writer):
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._pump(reader, back, True), self._pump(there, writer, False))

    async def _wait(self):
        """A loop's timers are a millisecond coarse; 5 % of a fast page is less."""
        until = time.perf_counter() + self.delay
        if self.delay > 0.005:
            await asyncio.sleep(self.delay - 0.003)
        while time.perf_counter() < until:
            pass

    async def _pump(self, source, sink, delaying):
        try:
            while chunk := await source.read(1 << 16):
                if delaying and self.delay > 0 and chunk.startswith(PAGE):
                    await self._wait()
                sink.write(chunk)
                await sink.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            sink.close()


def start_sample(program, directory, name, arguments):
    """The process and the port of its pages."""
    ready = pathlib.Path(directory) / f"{name}.ready"
    with socket.socket() as free:  # the ready file names the public address alone
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [program, "--port", str(port), "--auth-port", "0", "--ready-file", str(ready), *arguments],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(600):
        if ready.exists() and ready.read_text().strip():
            return process, port
        if process.poll() is not None:
            break
        threading.Event().wait(0.1)
    raise SystemExit(f"{name}: the sample service did not start")


def duet(options, directory, sides, seconds, slower_than):
    """Exit code, findings and result directory of one duet."""
    command = [options.weir, "duet", "-c", str(ROOT / "journeys/weir.toml"), "--baseline", sides[0],
               "--candidate", sides[1], "--duration", f"{seconds}s", "--rate", str(options.rate),
               "--slower-than", slower_than, "--json", "-q", "--results", str(directory),
               "-e", f"SAMPLE_USER={options.user}", "-e", "MIN_CASES=1"]
    before = set(pathlib.Path(directory).iterdir())
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 120)
    if not done.stdout.startswith("{"):
        raise SystemExit(f"weir duet said: {done.stdout}{done.stderr}")
    made = next(p for p in pathlib.Path(directory).iterdir() if p not in before and p.is_dir())
    return done.returncode, json.loads(done.stdout), made


def exchanged(record, chance):
    """The record with the sides of whole blocks of five seconds exchanged at random: if nothing
    changed, it could as well have been measured so."""
    swapped = {}
    other = {0: 0, 1: 2, 2: 1, 3: 3}
    for series in record["pairs"]:
        for i, at in enumerate(series["at_ns"]):
            block = at // 5_000_000_000
            if swapped.setdefault(block, chance.random() < 0.5):
                series["baseline_ns"][i], series["candidate_ns"][i] = (
                    series["candidate_ns"][i], series["baseline_ns"][i])
                series["failed_sides"][i] = other[series["failed_sides"][i]]
    return record


def replay(options, kept, count):
    """How many of `count` null duets, made from the kept ones, are judged as worse."""
    chance = random.Random(1)
    alarms = 0
    for i in range(count):
        source = kept[i % len(kept)]
        with tempfile.TemporaryDirectory() as copy:
            for file in source.iterdir():
                text = file.read_text()
                if file.name == "record.json":
                    text = json.dumps(exchanged(json.loads(text), chance))
                (pathlib.Path(copy) / file.name).write_text(text)
            code = subprocess.run([options.weir, "judge", copy], capture_output=True).returncode
            if code not in (0, 10):
                raise SystemExit(f"weir judge ended with {code} on a replayed duet")
            alarms += code == 10
    return alarms


def request(found, name="dashboard"):
    return next((r for r in found["requests"] if r["name"] == name), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weir", default=str(ROOT / "build/dev/src/weir"))
    parser.add_argument("--sample", default=str(ROOT / "build/dev/weir-sample"))
    parser.add_argument("--rate", type=float, default=25)
    parser.add_argument("--user", default="heavy")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--slowdown", type=float, default=0.05)
    parser.add_argument("--found", type=int, default=1, help="duets with the slowdown")
    parser.add_argument("--null", type=int, default=2, help="duets without")
    parser.add_argument("--null-seconds", type=int, default=20)
    parser.add_argument("--slower-than", default="0%")
    parser.add_argument("--warm-seconds", type=int, default=10)
    parser.add_argument("--replays", type=int, default=200, help="null duets made from those")
    options = parser.parse_args()
    kept = []
    summary = {"slowdown": options.slowdown, "runs": [], "null": []}
    running = []
    with tempfile.TemporaryDirectory() as directory:
        try:
            proxies, sides = [], []
            for name in ("baseline", "candidate"):
                proxy = Proxy()
                url = f"http://127.0.0.1:{proxy.port}"
                process, proxy.target_port = start_sample(
                    options.sample, directory, name, ["--referrals", "20000", "--public-url", url])
                running.append(process)
                proxies.append(proxy)
                sides.append(url)
            results = pathlib.Path(directory) / "results"
            results.mkdir()
            # Warms both up and measures.
            _, found, made = duet(options, results, sides, options.warm_seconds, options.slower_than)
            if request(found) is None:
                raise SystemExit(f"no pairs of the dashboard: {found['reasons']}")
            pairs = json.loads((made / "record.json").read_text())["pairs"]
            times = [t for s in pairs if s["name"] == "dashboard" for t in s["baseline_ns"]]
            median = statistics.median(times) / 1e9
            summary["median_ms"] = median * 1e3
            for _ in range(options.null):
                code, found, made = duet(options, results, sides, options.null_seconds,
                                         options.slower_than)
                page = request(found)
                summary["null"].append({"exit": code, "reasons": found["reasons"], **(page or {})})
                kept.append(made)
            proxies[1].delay = options.slowdown * median
            for _ in range(options.found):
                code, found, made = duet(options, results, sides, options.seconds,
                                         options.slower_than)
                page = request(found)
                record = json.loads((made / "record.json").read_text())
                summary["runs"].append({"exit": code, "seconds": record["duration_ns"] / 1e9,
                                        "reasons": found["reasons"], **(page or {})})
        finally:
            for process in running:
                process.send_signal(signal.SIGTERM)
            for process in running:
                process.wait(20)
        if kept and options.replays:
            summary["replayed_false_alarms"] = replay(options, kept, options.replays)
            summary["replayed"] = options.replays
    found = sum(r["exit"] == 10 and r.get("state") == "slower" for r in summary["runs"])
    alarms = sum(r["exit"] == 10 for r in summary["null"])
    summary["found"] = f"{found} of {len(summary['runs'])}"
    summary["false_alarms"] = f"{alarms} of {len(summary['null'])}"
    print(json.dumps(summary, indent=1))
    promised = (found == len(summary["runs"]) and alarms <= 0.01 * len(summary["null"]) and
                summary.get("replayed_false_alarms", 0) <= 0.01 * options.replays)
    return 0 if promised else 1


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
