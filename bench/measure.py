#!/usr/bin/env python3
"""Measures what Weir claims about itself, each figure beside a peer's or the truth from the same run.

    bench/measure.py [cpu] [memory] [start] [latency] [freeze] [spacing] [telemetry]     (all when none is named)

Prints one line per figure and writes build/bench.json. Judges nothing by one run: medians of RUNS.
"""
import http.server
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
WEIR = os.environ.get("WEIR", str(ROOT / "build/weir"))
JOURNEYS = ROOT / "bench/journeys"
RUNS = int(os.environ.get("RUNS", "5"))
FIGURES = {}


def note(name, **values):
    FIGURES[name] = values
    print(f"{name}: " + ", ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}"
                                  for k, v in values.items()), flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Nginx:
    """One worker pinned to the last core; a small static answer from memory."""

    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="weir-bench-")
        self.port = free_port()
        conf = f"""
daemon off; worker_processes 1; pid {self.dir}/pid; error_log {self.dir}/error.log crit;
events {{ worker_connections 20000; }}
http {{ access_log off; keepalive_requests 1000000000; keepalive_timeout 3600s;
  client_body_temp_path {self.dir}/b; proxy_temp_path {self.dir}/p; fastcgi_temp_path {self.dir}/f;
  uwsgi_temp_path {self.dir}/u; scgi_temp_path {self.dir}/s;
  server {{ listen 127.0.0.1:{self.port} backlog=16384;
    location / {{ default_type text/plain; return 200 "hello from the other side\\n"; }} }} }}
"""
        pathlib.Path(self.dir, "nginx.conf").write_text(conf)
        self.process = subprocess.Popen(
            ["taskset", "-c", last_core(), "nginx", "-c", f"{self.dir}/nginx.conf"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{self.port}/"
        wait_for(self.url)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.dir, ignore_errors=True)


class DelayServer:
    def __enter__(self):
        binary = ROOT / "build/bench-delay-server"
        subprocess.run(["g++", "-std=c++20", "-O2", "-o", binary, ROOT / "bench/delay_server.cc"],
                       check=True)
        self.process = subprocess.Popen(["taskset", "-c", last_core(), binary, "0"],
                                        stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        return self

    def get(self, path):
        return urllib.request.urlopen(self.url + path, timeout=30).read().decode()

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def last_core():
    return str(max(os.sched_getaffinity(0)))


def first_core():
    return str(min(os.sched_getaffinity(0)))


def wait_for(url):
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=1).read()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"{url} did not come up")


def timed(command, env=None):
    """CPU seconds and output of a finished command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True,
                          env={**os.environ, **(env or {})})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    return cpu, done


def weir_run(script, *flags, core=None):
    """Runs a script and returns (CPU seconds, the exported summary's metrics, the record)."""
    with tempfile.TemporaryDirectory(prefix="weir-bench-") as dir_:
        command = (["taskset", "-c", core] if core else []) + [
            WEIR, "run", str(script), "--quiet", "--summary-mode", "disabled",
            "--summary-export", f"{dir_}/summary.json", "--results", dir_, *flags]
        cpu, done = timed(command)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}\nexited with {done.returncode}\n{done.stdout}{done.stderr}")
        return cpu, json.loads(pathlib.Path(dir_, "summary.json").read_text())["metrics"]


def cpu():
    """CPU per request of a journey with two checks, as a ratio to wrk's; pairs, one core each."""
    ratios, ours, theirs = [], [], []
    with Nginx() as nginx:
        for _ in range(RUNS):
            cpu_seconds, metrics = weir_run(
                JOURNEYS / "two_checks.js", "--vus", "50", "--duration", "8s", "--workers", "1",
                "-e", f"TARGET={nginx.url}", core=first_core())
            ours.append(cpu_seconds / metrics["http_reqs"]["count"] * 1e6)
            cpu_seconds, done = timed(["taskset", "-c", first_core(), "wrk", "-t1", "-c50", "-d8s",
                                       nginx.url])
            requests = int(re.search(r"(\d+) requests in", done.stdout)[1])
            theirs.append(cpu_seconds / requests * 1e6)
            ratios.append(ours[-1] / theirs[-1])
    note("cpu_per_request", weir_us=statistics.median(ours), wrk_us=statistics.median(theirs),
         ratio=statistics.median(ratios), ratio_least=min(ratios), ratio_most=max(ratios))


def memory():
    """Resident bytes per idle user at 10,000 users, over those of a run with one user."""
    def resident(users, target):
        process = subprocess.Popen(
            [WEIR, "run", str(JOURNEYS / "idle.js"), "--quiet", "--summary-mode", "disabled",
             "--vus", str(users), "--duration", "600s", "-e", f"TARGET={target}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            previous, stable = 0, 0
            while stable < 4:
                time.sleep(1)
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
                now = int(re.search(r"VmRSS:\s+(\d+)", status)[1])
                stable = stable + 1 if now == previous else 0
                previous = now
            return previous
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with Nginx() as nginx:
        one, many = resident(1, nginx.url), resident(10_000, nginx.url)
    note("memory_per_idle_user", kib=(many - one) / 9_999, total_mib=many / 1024)


def start():
    """From exec to the first request's arrival at a listening socket."""
    took = []
    for _ in range(max(RUNS, 10)):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            began = time.monotonic()
            process = subprocess.Popen(
                [WEIR, "run", str(JOURNEYS / "two_checks.js"), "--quiet", "--iterations", "1", "-e",
                 f"TARGET=http://127.0.0.1:{listener.getsockname()[1]}/"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            client, _ = listener.accept()
            client.recv(10)
            took.append((time.monotonic() - began) * 1e3)
            client.close()
            process.kill()
            process.wait()
    note("start_to_first_request", median_ms=statistics.median(took), most_ms=max(took))


def latency():
    """Reported quantiles at 1,000 requests a second against what the server says it did."""
    worst = {}
    for _ in range(RUNS):
        with DelayServer() as server:
            _, metrics = weir_run(JOURNEYS / "arrivals.js", "-e", f"TARGET={server.url}/delay",
                                  "-e", "RATE=1000", "-e", "DURATION=20s", "-e", "USERS=400",
                                  "--summary-trend-stats", "med,p(99),p(99.9)", core=first_core())
            truth = json.loads(server.get("/truth"))
        reported = metrics["weir_service_time"]
        for name, ours in (("p50", "med"), ("p99", "p(99)"), ("p99.9", "p(99.9)")):
            worst.setdefault(name, []).append((reported[ours] - truth[name], truth[name]))
    for name, pairs in worst.items():
        errors = sorted(pairs, key=lambda p: abs(p[0]))
        middle = errors[len(errors) // 2]
        note(f"latency_{name}", truth_ms=middle[1], median_error_ms=middle[0],
             largest_error_ms=errors[-1][0], within=all(
                 abs(e) <= max(0.2, 0.01 * t) for e, t in pairs))


def freeze():
    """p99 of response time with a 2 s freeze in a 20 s run at 500 arrivals a second."""
    off = []
    for _ in range(RUNS):
        with DelayServer() as server:
            process = subprocess.Popen(["sh", "-c", f"sleep 8; curl -s '{server.url}/freeze?ms=2000'"],
                                       stdout=subprocess.DEVNULL)
            _, metrics = weir_run(JOURNEYS / "arrivals.js", "-e", f"TARGET={server.url}/now",
                                  "-e", "RATE=500", "-e", "DURATION=20s", "-e", "USERS=1500",
                                  "--summary-trend-stats", "p(99)", core=first_core())
            process.wait()
        # 1,000 of 10,000 arrivals fall into the freeze and wait evenly from 2 s to 0: the slowest
        # hundredth of all is the slowest tenth of those.
        off.append(metrics["weir_response_time"]["p(99)"] / 1800 - 1)
    note("freeze_p99", schedule_implies_ms=1800, median_error=statistics.median(off),
         largest_error=max(off, key=abs))


def spacing():
    """p99 of (actual start - intended start) at 1,000 arrivals a second."""
    found = []
    with Nginx() as nginx:
        for _ in range(RUNS):
            _, metrics = weir_run(JOURNEYS / "arrivals.js", "-e", f"TARGET={nginx.url}",
                                  "-e", "RATE=1000", "-e", "DURATION=15s", "-e", "USERS=100",
                                  "--summary-trend-stats", "med,p(99),max", core=first_core())
            found.append(metrics["weir_start_delay"]["p(99)"])
    note("arrival_spacing_p99", median_ms=statistics.median(found), most_ms=max(found))


class Sink:
    """Takes all that telemetry sends and forgets it."""

    def __enter__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.outs = {"prometheus": [f"prometheus-rw={url}/api/v1/write"],
                     "otlp": [f"opentelemetry={url}/v1/metrics"], "influxdb": [f"influxdb={url}/k6"],
                     "statsd": [f"statsd=127.0.0.1:{self.udp.getsockname()[1]}"], "json": ["telemetry-json=/dev/null"]}
        self.outs["all"] = [out for outs in list(self.outs.values()) for out in outs]
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.udp.close()


def telemetry():
    """CPU per request at 10,000 arrivals a second with telemetry over that without, in turns; by output, at its
    default interval. NAMES tells of that many request names (each has series of its own), by default 1."""
    names = os.environ.get("NAMES", "1")
    outputs = os.environ.get("OUTPUTS", "all prometheus").split()
    found = {name: [] for name in outputs}
    off = []

    def per_request(*outs):
        flags = [flag for out in outs for flag in ("--out", out)]
        cpu_seconds, metrics = weir_run(
            JOURNEYS / "named_arrivals.js", "-e", f"TARGET={nginx.url}", "-e", "RATE=10000", "-e", "DURATION=10s",
            "-e", "USERS=200", "-e", f"NAMES={names}", "--workers", "1",
            "--k6-strict-compat", *flags, core=first_core())  # a busy machine changes the rate, hardly the cost
        return cpu_seconds / metrics["http_reqs"]["count"] * 1e6

    with Nginx() as nginx, Sink() as sink:
        for run in range(RUNS):
            for name in outputs:
                # Each beside its own: what else the machine does then is the same for both.
                pair = [per_request(), per_request(*sink.outs[name])] if run % 2 == 0 else \
                       [per_request(*sink.outs[name]), per_request()][::-1]
                off.append(pair[0])
                found[name].append((pair[1], pair[1] / pair[0]))
    for name in outputs:
        ratios = [ratio for _, ratio in found[name]]
        note(f"telemetry_{name}_names_{names}", off_us=statistics.median(off),
             on_us=statistics.median(cost for cost, _ in found[name]), ratio=statistics.median(ratios),
             ratio_least=min(ratios), ratio_most=max(ratios))


def main():
    chosen = sys.argv[1:] or ["cpu", "memory", "start", "latency", "freeze", "spacing", "telemetry"]
    for name in chosen:
        globals()[name]()
    out = ROOT / "build/bench.json"
    known = json.loads(out.read_text()) if out.exists() else {}
    out.write_text(json.dumps({**known, **FIGURES}, indent=2) + "\n")


if __name__ == "__main__":
    main()
