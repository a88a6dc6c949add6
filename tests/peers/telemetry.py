#!/usr/bin/env python3
"""Telemetry against real receivers: Prometheus and InfluxDB as Debian ships them, OTLP decoded by Google's protobuf
with OpenTelemetry's own descriptions, StatsD by a receiver written from its specification; and against bad ones.

Percentiles, means and totals at the receiver must be those of the run's own summary."""
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import urllib.request

from real_alertmanager import get, until
from real_nginx import free_port
from told import Told
from weir_program import TRUST_A_BUSY_MACHINE, WeirTest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "build/third_party/opentelemetry-proto"))
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2  # noqa: E402

ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
JOURNEY = """import http from 'k6/http';
import exec from 'k6/execution';
import { check } from 'k6';
import { Trend, Counter } from 'k6/metrics';
const rows = new Trend('rows');
const seen = new Counter('seen');
export const options = { discardResponseBodies: true, scenarios: { load: { executor: 'constant-arrival-rate',
  rate: 40, timeUnit: '1s', duration: __ENV.DURATION || '3s', preAllocatedVUs: 10, maxVUs: 50 } } };
export default function () {
  const page = http.get(`${__ENV.TARGET}/page${__ENV.PAGES ? __ITER % 3 : ''}`, { tags: { name: 'page' } });
  check(page, { 'status is 200': (r) => r.status === 200, 'never: "so"': (r) => r.status === 999 });
  rows.add(exec.scenario.iterationInTest * 7.5 - 3);
  seen.add(2);
}
"""
STATS = "avg,min,med,max,p(90),p(95),p(99),count"


class Taker:
    """Records (path, headers, body) of each POST; answer(number) is (status, headers, body), or does with the
    connection what it likes and returns None."""

    def __init__(self, answer=lambda number, handler: (200, {}, b"")):
        self.taken, self.lock = [], threading.Condition()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with outer.lock:
                    outer.taken.append((self.path, dict(self.headers), body))
                    number = len(outer.taken)
                    outer.lock.notify_all()
                told = answer(number, self)
                if told is None:
                    self.close_connection = True
                    return
                status, headers, text = told
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(text))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def wait_for(self, count):
        with self.lock:
            if not self.lock.wait_for(lambda: len(self.taken) >= count, timeout=30):
                raise AssertionError(f"{len(self.taken)} pushes in 30 s, {count} were awaited")

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def hang(_number, handler):
    handler.rfile.read(1)  # until the other side gives up


def garbage(_number, handler):
    handler.wfile.write(b"\x00\x01 this is no HTTP\r\n\r\n" * 20)


def cut(_number, handler):
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class TelemetryTest(WeirTest):
    @classmethod
    def setUpClass(cls):
        cls.target = Told()
        cls.addClassCleanup(cls.target.close)

    def taker(self, *answer):
        taker = Taker(*answer)
        self.addCleanup(taker.close)
        return taker

    def start_load(self, *outs, duration="3s", pages="", environment=None):
        flags = [flag for out in outs for flag in ("--out", out)]
        return self.start_script(JOURNEY, *flags, "-e", f"TARGET={self.target.url}", "-e", f"DURATION={duration}",
                                 "-e", f"PAGES={pages}", "--summary-trend-stats", STATS,
                                 "--k6-strict-compat",  # exit code 0 on a busy machine, too
                                 environment=environment or {})

    def load(self, *outs, **more):
        ended = self.finish(self.start_load(*outs, **more))
        self.assertEqual(ended.code, 0, ended.said)
        return ended

    def deliveries(self, ended):
        return {each["output"].split()[0]: each for each in ended.record()["health"]["telemetry"]}

    def assert_whole(self, ended, kind):
        delivery = self.deliveries(ended)[kind]
        self.assertEqual(delivery.get("dropped", 0), 0, delivery)
        self.assertGreater(delivery["sent"], 1)


class Launched(TelemetryTest):
    @classmethod
    def launch(cls, *command):
        with open(cls.home / (pathlib.Path(command[0]).name + ".log"), "w") as log:
            process = subprocess.Popen(command, cwd=cls.home, env=ENVIRONMENT, stdout=log, stderr=log)
        cls.addClassCleanup(process.wait)
        cls.addClassCleanup(process.kill)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = pathlib.Path(tempfile.mkdtemp(prefix="weir-telemetry-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.port = free_port()
        cls.url = f"http://127.0.0.1:{cls.port}"


class RealPrometheus(Launched):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.home / "prometheus.yml").write_text("global: { scrape_interval: 1h }\n")
        cls.launch("prometheus", f"--config.file={cls.home}/prometheus.yml", f"--storage.tsdb.path={cls.home}/data",
                   f"--web.listen-address=127.0.0.1:{cls.port}", "--web.enable-remote-write-receiver",
                   "--enable-feature=native-histograms")
        until(lambda: get(cls.url + "/-/ready"), "Prometheus is ready")

    def query(self, promql):
        """The one value of a query, or None."""
        found = json.loads(get(f"{self.url}/api/v1/query?query={urllib.parse.quote(promql)}"))["data"]["result"]
        self.assertLessEqual(len(found), 1, found)
        return float(found[0]["value"][1]) if found else None

    def push(self, run, **variables):
        return self.load("experimental-prometheus-rw", environment={
            "K6_PROMETHEUS_RW_SERVER_URL": self.url + "/api/v1/write", "K6_PROMETHEUS_RW_PUSH_INTERVAL": "1s",
            "K6_PROMETHEUS_RW_LABELS": f"testid={run}", **variables})

    def test_statistics_are_those_of_the_summary(self):
        ended = self.push("stats", K6_PROMETHEUS_RW_TREND_STATS="p(95),p(99),min,max,avg,med,count,sum")
        self.assert_whole(ended, "prometheus")
        duration = ended.metric("http_req_duration")
        self.assertEqual(self.query('sum(k6_http_reqs_total{testid="stats"})'), ended.metric("http_reqs")["count"])
        self.assertEqual(self.query('sum(k6_iterations_total{testid="stats"})'), ended.metric("iterations")["count"])
        self.assertEqual(self.query('sum(k6_data_sent_total{testid="stats"})'), ended.metric("data_sent")["count"])
        self.assertEqual(self.query('sum(k6_seen_total{testid="stats"})'), ended.metric("seen")["count"])
        for stat, figure in (("p95", "p(95)"), ("p99", "p(99)"), ("min", "min"), ("max", "max"), ("avg", "avg"),
                             ("med", "med")):
            self.assertAlmostEqual(self.query(f'k6_http_req_duration_{stat}{{testid="stats"}}'),
                                   duration[figure] / 1000, places=9, msg=stat)
        self.assertEqual(self.query('k6_http_req_duration_count{testid="stats"}'), ended.metric("http_reqs")["count"])
        self.assertAlmostEqual(self.query('k6_rows_max{testid="stats"}'), ended.metric("rows")["max"])
        self.assertEqual(self.query('k6_checks_rate{testid="stats",check="status is 200"}'), 1)
        self.assertEqual(self.query('k6_checks_rate{testid="stats",check="never: \\"so\\""}'), 0)
        self.assertEqual(self.query('k6_http_req_failed_rate{testid="stats"}'), 0)
        self.assertGreaterEqual(self.query('k6_vus{testid="stats"}'), 0)
        series, = json.loads(get(f"{self.url}/api/v1/series?match[]=k6_http_reqs_total%7Btestid%3D%22stats%22%7D"))["data"]
        self.assertEqual({k: series[k] for k in ("name", "method", "status", "scenario", "expected_response")},
                         {"name": "page", "method": "GET", "status": "200", "scenario": "load",
                          "expected_response": "true"})
        # While it lasted there was something to see, too.
        steps = json.loads(get(f"{self.url}/api/v1/query?query=" +
                               urllib.parse.quote('count_over_time(k6_http_reqs_total{testid="stats"}[1m])')))
        self.assertGreaterEqual(float(steps["data"]["result"][0]["value"][1]), 3)

    def test_native_histograms(self):
        ended = self.push("native", K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM="true")
        self.assert_whole(ended, "prometheus")
        duration = ended.metric("http_req_duration")
        histogram = 'k6_http_req_duration_seconds{testid="native"}'
        self.assertEqual(self.query(f"histogram_count({histogram})"), ended.metric("http_reqs")["count"])
        self.assertAlmostEqual(self.query(f"histogram_sum({histogram})"),
                               duration["avg"] * duration["count"] / 1000, places=6)
        rows = ended.metric("rows")  # evenly spread: a quantile of theirs is one thing to everybody
        for q, figure in ((0.5, "med"), (0.95, "p(95)"), (0.99, "p(99)")):
            found = self.query(f'histogram_quantile({q}, k6_rows{{testid="native"}})')
            self.assertAlmostEqual(found, rows[figure], delta=rows[figure] * 0.04, msg=figure)
        self.assertAlmostEqual(self.query('histogram_sum(k6_rows{testid="native"})'),
                               ended.metric("rows")["avg"] * ended.metric("rows")["count"], places=4)

    def test_stale_markers_end_the_series(self):
        ended = self.push("stale", K6_PROMETHEUS_RW_STALE_MARKERS="true")
        self.assert_whole(ended, "prometheus")
        until(lambda: self.query('sum(k6_http_reqs_total{testid="stale"})') is None, "the series are stale")
        self.assertEqual(self.query('max_over_time(k6_http_reqs_total{testid="stale"}[1m])'),
                         ended.metric("http_reqs")["count"])

    def test_of_a_gate(self):
        self.write("journey.js", "import http from 'k6/http';\n"
                                 "export default function () { http.get(__ENV.BASE_URL + '/page'); }\n")
        self.write("weir.toml", f"""
[gate]
name = "cases"
rate = 20
duration = "2s"
[[journey]]
script = "journey.js"
[environment.local]
base_url = "{self.target.url}"
[[condition]]
that = "at most 1 % errors"
min_samples = 20
{TRUST_A_BUSY_MACHINE}[decision]
early_stop = false
[telemetry]
run_tag = "testid"
[telemetry.prometheus]
url = "{self.url}/api/v1/write"
interval = "1s"
tags = {{ team = "cases" }}
[telemetry.otlp]
url = "http://127.0.0.1:{free_port()}/v1/metrics"
token = {{ env = "NO_SUCH_TOKEN" }}
[telemetry.json]
path = "telemetry.jsonl"
""")
        gate = self.run_weir("gate", "--quiet")
        self.assertEqual(gate.code, 0, gate.said)
        self.assertIn("telemetry to otlp is off", gate.said)
        record = json.loads(next(self.directory.glob(".weir/results/*/record.json")).read_text())
        lines = [json.loads(line) for line in (self.directory / "telemetry.jsonl").read_text().splitlines()]
        last = [each for each in lines if each["metric"] == "http_reqs"][-1]
        self.assertEqual(last["run"], record["run_id"])
        self.assertEqual(self.query(f'k6_http_reqs_total{{testid="{record["run_id"]}",team="cases"}}'),
                         last["total"]["count"])
        self.assertEqual(sum(each["new"]["count"] for each in lines if each["metric"] == "http_reqs"),
                         last["total"]["count"])
        (self.directory / "telemetry.jsonl").unlink()
        self.assertEqual(self.run_weir("gate", "--quiet", "--no-telemetry", "--duration", "1s").code, 0)
        self.assertFalse((self.directory / "telemetry.jsonl").exists())


class RealInfluxDb(Launched):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.home / "influxdb.conf").write_text(f"""
reporting-disabled = true
bind-address = "127.0.0.1:{free_port()}"
[meta]
dir = "{cls.home}/meta"
[data]
dir = "{cls.home}/data"
wal-dir = "{cls.home}/wal"
[http]
bind-address = "127.0.0.1:{cls.port}"
log-enabled = false
[monitor]
store-enabled = false
""")
        cls.launch("influxd", "run", "-config", str(cls.home / "influxdb.conf"))
        until(lambda: urllib.request.urlopen(cls.url + "/ping", timeout=5).status == 204, "InfluxDB is ready")

    def query(self, influxql, database):
        answer = json.loads(get(f"{self.url}/query?db={database}&q={urllib.parse.quote(influxql)}"))
        result = answer["results"][0]
        return result["series"][0]["values"][0][1] if "series" in result else None

    def assert_agrees(self, ended, database, spread):
        self.assert_whole(ended, "influxdb")
        duration = ended.metric("http_req_duration")
        self.assertEqual(self.query('SELECT sum("value") FROM "http_reqs"', database), duration["count"])
        self.assertEqual(self.query('SELECT sum("value") FROM "seen"', database), ended.metric("seen")["count"])
        self.assertEqual(self.query('SELECT sum("count") FROM "http_req_duration"', database), duration["count"])
        self.assertAlmostEqual(self.query('SELECT sum("sum") FROM "http_req_duration"', database),
                               duration["avg"] * duration["count"], places=3)
        self.assertAlmostEqual(self.query('SELECT mean("value") FROM "http_req_duration"', database),
                               duration["avg"], delta=duration["avg"] * spread)
        self.assertAlmostEqual(self.query('SELECT mean("value") FROM "checks"', database),
                               ended.metric("checks")["value"], delta=spread)
        self.assertGreaterEqual(self.query('SELECT last("value") FROM "vus"', database), 0)
        return duration

    def test_queries_of_dashboards(self):
        ended = self.load(f"influxdb={self.url}/myk6db", pages="3")
        duration = self.assert_agrees(ended, "myk6db", 0.002)
        self.assertEqual(self.query('SELECT count("value") FROM "http_req_duration"', "myk6db"), duration["count"])
        rows = ended.metric("rows")
        for percent, figure in ((50, "med"), (90, "p(90)"), (95, "p(95)"), (99, "p(99)")):
            found = self.query(f'SELECT percentile("value", {percent}) FROM "rows"', "myk6db")
            # InfluxQL takes the nearest rank, k6 interpolates: they are neighbours, 7.5 apart.
            self.assertAlmostEqual(found, rows[figure], delta=7.5 + rows[figure] * 0.001, msg=figure)
        self.assertAlmostEqual(self.query('SELECT max("value") FROM "rows"', "myk6db"), rows["max"],
                               delta=rows["max"] * 0.001)
        tags = json.loads(get(f"{self.url}/query?db=myk6db&q=" +
                              urllib.parse.quote('SHOW TAG KEYS FROM "http_reqs"')))["results"][0]["series"][0]["values"]
        self.assertNotIn(["url"], tags, "as k6, which makes it a field")
        self.assertIn(["name"], tags)

    def test_with_a_user_in_the_address(self):
        ended = self.load(f"influxdb=http://weir:hidden-word@127.0.0.1:{self.port}/other")
        self.assert_agrees(ended, "other", 0.002)
        self.assertNotIn("hidden-word", ended.record_path().read_text() + ended.said)


class OpenTelemetry(TelemetryTest):
    def read(self, taker):
        """The last push: {metric: [(attributes, point)]}, the metrics and the resource."""
        path, headers, body = taker.taken[-1]
        self.assertEqual((path, headers["Content-Type"]), ("/v1/metrics", "application/x-protobuf"))
        if headers.get("Content-Encoding") == "gzip":
            import gzip
            body = gzip.decompress(body)
        request = metrics_service_pb2.ExportMetricsServiceRequest()
        request.ParseFromString(body)
        whole = len(request.SerializeToString())
        request.DiscardUnknownFields()
        self.assertEqual(len(request.SerializeToString()), whole, "there is nothing that it does not know")
        resource, = request.resource_metrics
        scope, = resource.scope_metrics
        self.assertEqual(scope.scope.name, "weir")
        return ({m.name: m for m in scope.metrics},
                {a.key: a.value.string_value for a in resource.resource.attributes})

    @staticmethod
    def attributes(point):
        return {a.key: a.value.string_value for a in point.attributes}

    def test_metrics_are_those_of_the_summary(self):
        taker = self.taker()
        ended = self.load("opentelemetry", environment={
            "K6_OTEL_EXPORTER_TYPE": "http", "K6_OTEL_HTTP_EXPORTER_ENDPOINT": f"127.0.0.1:{taker.port}",
            "K6_OTEL_HTTP_EXPORTER_INSECURE": "true", "K6_OTEL_METRIC_PREFIX": "k6_", "K6_OTEL_EXPORT_INTERVAL": "1s",
            "K6_OTEL_HEADERS": "x-key=hidden-word", "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip"})
        self.assert_whole(ended, "otlp")
        metrics, resource = self.read(taker)
        self.assertEqual(resource["service.name"], "k6")
        self.assertEqual(resource["service.instance.id"], ended.record()["run_id"])
        reqs, = metrics["k6_http_reqs"].sum.data_points
        self.assertEqual(reqs.as_double, ended.metric("http_reqs")["count"])
        self.assertEqual(self.attributes(reqs)["name"], "page")
        self.assertTrue(metrics["k6_http_reqs"].sum.is_monotonic)
        self.assertEqual(metrics["k6_http_reqs"].sum.aggregation_temporality, 2)
        self.assertEqual((metrics["k6_http_req_duration"].unit, metrics["k6_data_sent"].unit), ("ms", "By"))
        duration = ended.metric("http_req_duration")
        point, = metrics["k6_http_req_duration"].histogram.data_points
        self.assertEqual(point.count, duration["count"])
        self.assertEqual(sum(point.bucket_counts), point.count)
        self.assertEqual(len(point.bucket_counts), len(point.explicit_bounds) + 1)
        self.assertAlmostEqual(point.sum, duration["avg"] * duration["count"], places=3)
        self.assertAlmostEqual(point.max, duration["max"], places=6)
        self.assertLess(point.start_time_unix_nano, point.time_unix_nano)
        checks = {(self.attributes(p)["check"], self.attributes(p)["condition"]): p.as_int
                  for p in metrics["k6_checks"].sum.data_points}
        self.assertEqual(checks, {("status is 200", "nonzero"): duration["count"], ("status is 200", "zero"): 0,
                                  ('never: "so"', "nonzero"): 0, ('never: "so"', "zero"): duration["count"]})
        self.assertEqual(len(metrics["k6_vus"].gauge.data_points), 1)
        self.assertEqual({k.lower(): v for k, v in taker.taken[-1][1].items()}["x-key"], "hidden-word")
        self.assertNotIn("hidden-word", ended.said + ended.record_path().read_text())

    def test_deltas_add_up_and_exponential_histograms_are_fine(self):
        taker = self.taker()
        ended = self.load(f"experimental-opentelemetry={taker.url}/v1/metrics", pages="3", environment={
            "K6_OTEL_EXPORT_INTERVAL": "1s", "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "delta",
            "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION": "base2_exponential_bucket_histogram",
            "K6_OTEL_SINGLE_COUNTER_FOR_RATE": "false"})
        self.assert_whole(ended, "otlp")
        counted, totals, occurred, until_now = 0, 0, 0, {}
        for number in range(len(taker.taken)):
            taker_then = type("Then", (), {"taken": taker.taken[:number + 1]})
            metrics, _ = self.read(taker_then)
            for point in metrics["http_req_duration"].exponential_histogram.data_points if \
                    "http_req_duration" in metrics else ():
                key = tuple(sorted(self.attributes(point).items()))
                self.assertGreaterEqual(point.start_time_unix_nano, until_now.get(key, 0), "they do not overlap")
                until_now[key] = point.time_unix_nano
                self.assertEqual(sum(point.positive.bucket_counts) + sum(point.negative.bucket_counts)
                                 + point.zero_count, point.count)
                self.assertLessEqual(len(point.positive.bucket_counts), 160)
                counted += point.count
            if "checks.total" in metrics:
                totals += sum(p.as_int for p in metrics["checks.total"].sum.data_points)
                occurred += sum(p.as_int for p in metrics["checks.occurred"].sum.data_points)
        checks = ended.metric("checks")
        self.assertEqual(counted, ended.metric("http_reqs")["count"])
        self.assertEqual((totals, occurred), (checks["passes"] + checks["fails"], checks["passes"]))


class StatsdServer:
    """As github.com/statsd/statsd, docs/metric_types.md, and DogStatsD's protocol say; for one flush."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.counters, self.gauges, self.timers, self.tags, self.largest, self.broken = {}, {}, {}, {}, 0, []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                datagram = self.socket.recv(65536)
            except OSError:
                return
            self.largest = max(self.largest, len(datagram))
            for line in datagram.decode().split("\n"):
                self.take(line)

    def take(self, line):
        found = re.fullmatch(r"([^:|@#]+):(-?[0-9.e+-]+)\|(c|g|ms)(?:\|@([0-9.]+))?(?:\|#(.*))?", line)
        if not found:
            return self.broken.append(line)
        name, value, kind, rate, tags = found.groups()
        rate = float(rate or 1)
        if tags:
            self.tags.setdefault(name, set()).add(tags)
        if kind == "c":
            self.counters[name] = self.counters.get(name, 0) + float(value) / rate
        elif kind == "g":
            self.gauges[name] = float(value)
        else:
            self.timers.setdefault(name, []).append((float(value), 1 / rate))

    def close(self):
        self.socket.close()


class Statsd(TelemetryTest):
    def listen(self):
        server = StatsdServer()
        self.addCleanup(server.close)
        return server

    def assert_agrees(self, server, ended):
        self.assert_whole(ended, "statsd")
        self.assertEqual(server.broken, [])
        self.assertLessEqual(server.largest, 1432)
        duration = ended.metric("http_req_duration")
        self.assertEqual(server.counters["k6.http_reqs"], duration["count"])
        self.assertEqual(server.counters["k6.check.status_is_200.pass"], duration["count"])
        self.assertEqual(server.counters["k6.check.never___so_.fail"], duration["count"])
        self.assertEqual(server.counters["k6.checks"], ended.metric("checks")["passes"])
        self.assertIn("k6.vus", server.gauges)
        values = sorted(server.timers["k6.http_req_duration"])
        self.assertAlmostEqual(sum(weight for _, weight in values), duration["count"], delta=0.01)
        self.assertAlmostEqual(sum(value * weight for value, weight in values),
                               duration["avg"] * duration["count"], delta=0.01 * duration["count"])
        return duration, values

    def test_each_value_while_there_is_room(self):
        server = self.listen()
        ended = self.load(f"statsd=127.0.0.1:{server.port}")
        duration, values = self.assert_agrees(server, ended)
        self.assertEqual(len(values), duration["count"])
        rows = sorted(value for value, _ in server.timers["k6.rows"])
        self.assertAlmostEqual(rows[len(rows) // 2], ended.metric("rows")["med"], delta=8)
        self.assertEqual(server.tags, {})

    def test_dogstatsd_by_the_environment(self):
        server = self.listen()
        ended = self.load("statsd", pages="3", environment={
            "K6_STATSD_ADDR": f"127.0.0.1:{server.port}", "K6_STATSD_ENABLE_TAGS": "true"})
        self.assert_agrees(server, ended)
        tags, = server.tags["k6.http_req_duration"]
        self.assertIn("name:page", tags.split(","))
        self.assertNotIn("url:", tags)


class Trouble(TelemetryTest):
    """Whatever the receiver does, the run and its verdict are as without it; what did not arrive is said."""

    def test_receivers_that_do_not_take_it(self):
        def status(code, **headers):
            return self.taker(lambda *_: (code, {k.replace("_", "-"): v for k, v in headers.items()}, b"no such luck"))
        receivers = {"refused": f"http://127.0.0.1:{free_port()}", "401": status(401).url,
                     "429": status(429, Retry_After="60").url, "500": status(500).url, "hang": self.taker(hang).url,
                     "garbage": self.taker(garbage).url, "cut": self.taker(cut).url}
        words = {"refused": "refused", "401": "status 401", "429": "status 429", "500": "status 500: no such luck"}
        for kind, out in (("prometheus", "prometheus-rw={}/api/v1/write"), ("influxdb", "influxdb={}/db")):
            runs = {}
            for name, url in receivers.items():
                self.directory = pathlib.Path(tempfile.mkdtemp(dir=self.directories()))
                runs[name] = (self.directory, self.start_load(out.format(url), duration="2s", environment={
                    "K6_PROMETHEUS_RW_BEARER_TOKEN": "hidden-word", "K6_INFLUXDB_USERNAME": "weir",
                    "K6_INFLUXDB_PASSWORD": "hidden-word"}))
            for name, (directory, run) in runs.items():
                with self.subTest(kind=kind, receiver=name):
                    self.directory = directory
                    ended = self.finish(run)
                    self.assertEqual(ended.code, 0, ended.said)
                    delivery = self.deliveries(ended)[kind]
                    self.assertEqual(delivery.get("sent", 0), 0, delivery)
                    self.assertGreater(delivery["dropped"], 0)
                    self.assertIn(words.get(name, ""), delivery["words"])
                    self.assertIn("it has nothing of this run", delivery["words"])
                    self.assertIn(f"telemetry: {kind}", ended.said)
                    self.assertNotIn("hidden-word", ended.said + ended.record_path().read_text())
                    self.assert_valid_record(ended)

    def directories(self):
        if not hasattr(self, "root"):
            self.root = self.directory
        return self.root

    def points(self, taker):
        """InfluxDB's own rule: a point of one series and time is one point."""
        points = {}
        for _, _, body in taker.taken:
            for line in body.decode().splitlines():
                key, fields, at = re.fullmatch(r"((?:\\.|[^ ])+) (\S+) (\d+)", line).groups()
                points[key, fields.partition("=")[0], at] = float(fields.partition("=")[2].split(",")[0].rstrip("i"))
        return points

    def test_increments_arrive_once_though_answers_are_lost(self):
        taker = self.taker(lambda number, handler: cut(number, handler) if number in (1, 2, 4) else (204, {}, b""))
        ended = self.load(f"influxdb={taker.url}/db", duration="4s")
        arrived = sum(value for (key, field, _), value in self.points(taker).items()
                      if key.startswith("http_reqs") and field == "value")
        self.assertEqual(arrived, ended.metric("http_reqs")["count"])

    def test_a_receiver_that_comes_back_gets_all(self):
        # What a 503 was said of was not taken: a server that parsed it would have kept it.
        taker = self.taker(lambda number, _: (503, {}, b"") if number <= 3 else (204, {}, b""))
        ended = self.load(f"influxdb={taker.url}/db", duration="4s")
        accepted = type("Accepted", (), {"taken": taker.taken[3:]})
        arrived = sum(value for (key, field, _), value in self.points(accepted).items()
                      if key.startswith("http_reqs") and field == "value")
        self.assertEqual(arrived, ended.metric("http_reqs")["count"])

    def test_nobody_listens_on_udp(self):
        ended = self.load(f"statsd=127.0.0.1:{free_port()}")
        delivery = self.deliveries(ended)["statsd"]
        self.assertEqual(delivery.get("sent", 0), 0)
        self.assertIn("nobody listens", delivery["words"])

    def test_interrupted_runs_are_told_to_the_end(self):
        taker = self.taker()
        run = self.start_load(f"prometheus-rw={taker.url}/api/v1/write", "telemetry-json=out.jsonl", duration="60s")
        taker.wait_for(1)
        run.send_signal(signal.SIGINT)
        ended = self.finish(run)
        self.assertEqual(ended.code, 105, ended.said)
        self.assert_file_agrees(ended)
        self.assertGreaterEqual(self.deliveries(ended)["prometheus"]["sent"], 2, "and once more at the end")

    def assert_file_agrees(self, ended):
        lines = [json.loads(line) for line in (self.directory / "out.jsonl").read_text().splitlines()]
        reqs = [each for each in lines if each["metric"] == "http_reqs"]
        self.assertEqual(sum(each["new"]["count"] for each in reqs), ended.metric("http_reqs")["count"])
        return lines

    def test_lines_of_a_file(self):
        ended = self.load("telemetry-json=out.jsonl", "telemetry-json=out.jsonl")
        lines = self.assert_file_agrees(ended)
        last = [each for each in lines if each["metric"] == "http_req_duration"][-1]
        duration = ended.metric("http_req_duration")
        for figure in ("avg", "min", "med", "max", "p(90)", "p(95)", "p(99)"):
            self.assertAlmostEqual(last["total"][figure], duration[figure], places=9, msg=figure)

    def test_what_cannot_be_meant_is_said_before_the_run(self):
        for out, environment, words in (
                ("promtheus-rw", {}, "did you mean prometheus-rw?"), ("kafka", {}, "there is no such output"),
                ("prometheus-rw=localhost:9090", {}, "http://"),
                ("opentelemetry", {"K6_OTEL_EXPORTER_TYPE": "grpc"}, "4318"),
                ("prometheus-rw", {"K6_PROMETHEUS_RW_CLIENT_CERTIFICATE": "absent.pem",
                                   "K6_PROMETHEUS_RW_CLIENT_CERTIFICATE_KEY": "absent.key"}, "absent.pem"),
                ("statsd=127.0.0.1:port", {}, "host:port"), ("telemetry-json=no/such/dir/x", {}, "no/such/dir/x")):
            with self.subTest(out=out):
                run = self.run_script(JOURNEY, "--out", out, "-e", f"TARGET={self.target.url}",
                                      environment=environment)
                self.assertIn(run.code, (2, 104), run.said)
                self.assertIn(words, run.said)


if __name__ == "__main__":
    unittest.main()
