#!/usr/bin/env python3
"""Real Prometheus and Alertmanager: alerts of a gate's run are told from real ones, silences name and end.

Debian's programs, started here on free ports of 127.0.0.1, with their data in a directory of the test."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.request

from real_nginx import free_port
from told import Told
from weir_program import TRUST_A_BUSY_MACHINE, WeirTest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = os.environ.get("WEIR_SAMPLE")
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}

PROMETHEUS = """
global: { scrape_interval: 500ms, scrape_timeout: 400ms, evaluation_interval: 500ms }
alerting: { alertmanagers: [{ static_configs: [{ targets: ["127.0.0.1:ALERTMANAGER"] }] }] }
rule_files: [rules.yml]
scrape_configs:
  - { job_name: cases, static_configs: [{ targets: ["127.0.0.1:CASES"], labels: { environment: local, service: cases } }] }
  - { job_name: payments, static_configs: [{ targets: ["127.0.0.1:PAYMENTS"], labels: { environment: local, service: payments } }] }
"""
RULES = """
groups:
  - name: test
    rules:
      - alert: CasesBusy
        expr: rate(process_cpu_seconds_total{job="cases"}[3s]) > 0.02
        labels: { severity: warning }
        annotations: { summary: "cases uses {{ $value }} of a CPU" }
      - alert: PaymentsDown
        expr: payments_up == 0
        labels: { severity: warning }
"""
ALERTMANAGER = """
route: { receiver: attribute, group_by: [alertname], group_wait: 100ms, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: attribute
    webhook_configs: [{ url: "http://127.0.0.1:ATTRIBUTE/", send_resolved: true }]
"""
SUITE = """
[gate]
name = "cases"
rate = 20
duration = "6s"
[[journey]]
script = "dashboard.js"
[environment.local]
base_url = "URL"
health_url = "/health"
alerts = ['environment="local"', 'service="cases"']
[environment.local.variables]
SAMPLE_USER = "heavy"
MIN_CASES = "10"
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
that = "98 % of `dashboard` under 5 s"
min_samples = 20
""" + TRUST_A_BUSY_MACHINE + """[decision]
early_stop = false
"""


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def until(wanted, what, seconds=30):
    """Polls what has no other way to tell; what it found."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = wanted()
        except OSError:
            found = None
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


class RealTest(WeirTest):
    @classmethod
    def setUpClass(cls):
        cls.home = pathlib.Path(tempfile.mkdtemp(prefix="weir-alerts-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.ports = {name: free_port() for name in ("ALERTMANAGER", "PROMETHEUS", "ATTRIBUTE")}
        cls.am = f"http://127.0.0.1:{cls.ports['ALERTMANAGER']}"
        cls.config("alertmanager.yml", ALERTMANAGER)
        cls.launch("prometheus-alertmanager", f"--config.file={cls.home}/alertmanager.yml",
                   f"--storage.path={cls.home}/am", "--cluster.listen-address=",
                   f"--web.listen-address=127.0.0.1:{cls.ports['ALERTMANAGER']}")
        until(lambda: get(cls.am + "/-/ready"), "Alertmanager is ready")

    @classmethod
    def config(cls, name, text):
        for port, number in cls.ports.items():
            text = text.replace(port, str(number))
        (cls.home / name).write_text(text)

    @classmethod
    def launch(cls, *command):
        with open(cls.home / (pathlib.Path(command[0]).name + ".log"), "w") as log:
            process = subprocess.Popen(command, cwd=cls.home, env=ENVIRONMENT, stdout=log, stderr=log)
        cls.addClassCleanup(process.wait)
        cls.addClassCleanup(process.kill)
        return process

    def silences(self, *flags):
        said = subprocess.run(["amtool", f"--alertmanager.url={self.am}", "silence", "query", "-o", "json", *flags],
                              capture_output=True, text=True, check=True, timeout=30, env=ENVIRONMENT)
        return json.loads(said.stdout or "[]") or []


@unittest.skipUnless(SAMPLE, "the sample service is not part of this build")
class Attributed(RealTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ready = cls.home / "ready"
        cls.launch(SAMPLE, "--port", "0", "--auth-port", "0", "--ready-file", ready, "--referrals", "2000")
        cls.url = json.loads(until(lambda: ready.exists() and ready.read_text(), "the sample is ready"))["url"]
        cls.up = ["1"]
        cls.payments = Told(lambda request: (200, f"payments_up {cls.up[0]}\n"))
        cls.addClassCleanup(cls.payments.close)
        cls.ports |= {"CASES": cls.url.rsplit(":", 1)[1], "PAYMENTS": cls.payments.url.rsplit(":", 1)[1]}
        cls.config("rules.yml", RULES)
        cls.config("prometheus.yml", PROMETHEUS)
        subprocess.run(["promtool", "check", "config", cls.home / "prometheus.yml"], check=True,
                       stdout=subprocess.DEVNULL, timeout=30)
        cls.launch("prometheus", f"--config.file={cls.home}/prometheus.yml", f"--storage.tsdb.path={cls.home}/data",
                   f"--web.listen-address=127.0.0.1:{cls.ports['PROMETHEUS']}")
        prometheus = f"http://127.0.0.1:{cls.ports['PROMETHEUS']}"
        until(lambda: get(prometheus + "/-/ready"), "Prometheus is ready")
        # The service was busy with its data a moment ago; that is nobody's alert.
        quiet = prometheus + "/api/v1/query?query=rate(process_cpu_seconds_total%7Bjob=%22cases%22%7D%5B3s%5D)%3C0.01"
        until(lambda: json.loads(get(quiet))["data"]["result"], "the sample is idle")

    def test_a_runs_alert_and_a_real_one_at_the_same_time(self):
        for name in ("dashboard.js", "sign-in.js"):
            shutil.copy(ROOT / "journeys" / name, self.directory)
        self.write("weir.toml", SUITE.replace("URL", self.url))
        with Told() as people:
            receiver = self.start("attribute", "--listen", f"127.0.0.1:{self.ports['ATTRIBUTE']}",
                                  "--forward", people.url + "/hook")
            self.assertIn("listening", receiver.stdout.readline())
            gate = self.start("gate", "--quiet", "-e", "SERVICE_PASSWORD=sample-password")

            def alerts_of(bodies):
                return {a["labels"]["alertname"]: a for body in bodies if body for a in body["alerts"]
                        if a["status"] == "firing"}
            people.wait_for(lambda bodies: "CasesBusy" in alerts_of(bodies))
            self.up[0] = "0"  # something else breaks while the run lasts
            people.wait_for(lambda bodies: len(alerts_of(bodies)) == 2)
            ended = self.finish(gate)
            self.assertEqual(ended.code, 0, ended.said)
            found = alerts_of(people.bodies())
            run = json.loads(next(self.directory.glob(".weir/results/*/record.json")).read_text())["run_id"]
            self.assertEqual(found["CasesBusy"]["labels"]["weir_cause"], "run")
            self.assertEqual(found["CasesBusy"]["labels"]["weir_run"], run)
            self.assertEqual(found["PaymentsDown"]["labels"],
                             {"alertname": "PaymentsDown", "environment": "local", "instance": self.payments.url[7:],
                              "job": "payments", "service": "payments", "severity": "warning", "weir_cause": "real"})
            self.assertEqual(found["PaymentsDown"]["annotations"], {})
            people.wait_for(lambda bodies: any(
                a["status"] == "resolved" and a["labels"].get("weir_run") == run
                for body in bodies if body for a in body["alerts"]))
            receiver.terminate()
            self.assertEqual(self.finish(receiver).code, 0)


class Silenced(RealTest):
    GATE = """
[gate]
name = "cases"
rate = 20
duration = "4s"
[[journey]]
script = "journey.js"
[environment.local]
base_url = "URL"
alerts = ['environment="local"', 'service=~"cases|web"', 'severity!="page"']
[[condition]]
that = "at most 1 % errors"
min_samples = 20
""" + TRUST_A_BUSY_MACHINE + """[decision]
early_stop = false
[notify.alertmanager]
url = "ALERTMANAGER"
margin = "1h"
"""

    def start_gate(self, more=""):
        self.write("journey.js", "import http from 'k6/http';\n"
                                 "export default function () { http.get(__ENV.BASE_URL + '/page'); }\n")
        target = Told()
        self.addCleanup(target.close)
        self.write("weir.toml", self.GATE.replace("URL", target.url).replace("ALERTMANAGER", self.am) + more)
        return self.start("gate", "--quiet")

    def test_lasts_as_long_as_the_run(self):
        gate = self.start_gate()
        silence, = until(self.silences, "the silence is active")
        self.assertEqual({(m["name"], m["value"], m["isRegex"], m["isEqual"]) for m in silence["matchers"]},
                         {("environment", "local", False, True), ("service", "cases|web", True, True),
                          ("severity", "page", False, False)})
        self.assertEqual(silence["status"]["state"], "active")
        ended = self.finish(gate)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertEqual(self.silences(), [])
        self.assertEqual([s["id"] for s in self.silences("--expired")], [silence["id"]])

    def test_of_a_killed_gate_ends_by_itself(self):
        gate = self.start_gate('settle = "1m"\n')
        silence, = until(self.silences, "the silence is active")
        gate.kill()
        gate.wait()
        gate.stdout.close()
        start, end = (time.mktime(time.strptime(silence[key][:19], "%Y-%m-%dT%H:%M:%S"))
                      for key in ("startsAt", "endsAt"))
        self.assertTrue(3600 + 60 + 4 <= end - start <= 3600 + 60 + 120, silence)
        subprocess.run(["amtool", f"--alertmanager.url={self.am}", "silence", "expire", silence["id"]], check=True,
                       timeout=30, env=ENVIRONMENT)

    def test_may_last_a_little_longer(self):
        gate = self.start_gate('settle = "1h"\n')
        until(self.silences, "the silence is active")
        ended = self.finish(gate)
        self.assertEqual(ended.code, 0, ended.said)
        left = self.silences()
        self.assertEqual(len(left), 1, "it is shortened, not ended, and there is no second one")
        subprocess.run(["amtool", f"--alertmanager.url={self.am}", "silence", "expire", left[0]["id"]], check=True,
                       timeout=30, env=ENVIRONMENT)

    def test_or_an_alert_that_says_that_a_run_lasts(self):
        gate = self.start_gate('during = "alert"\n')
        alert, = until(lambda: json.loads(get(self.am + "/api/v2/alerts?filter=alertname=WeirRun")), "the alert fires")
        self.assertEqual((alert["labels"]["environment"], alert["labels"]["weir_suite"]), ("local", "cases"))
        self.assertEqual(self.finish(gate).code, 0)
        until(lambda: get(self.am + "/api/v2/alerts?filter=alertname=WeirRun").strip() == "[]", "the alert has ended")
        self.assertEqual(self.silences(), [])


class Page(unittest.TestCase):
    """docs/alerts.md gives files for Alertmanager and Prometheus: their own tools take them."""

    def test_examples(self):
        page = (ROOT / "docs/alerts.md").read_text()
        configurations = re.findall(r"^```yaml\n(.*?)^```$", page, re.M | re.S)
        self.assertGreaterEqual(len(configurations), 2)
        with tempfile.TemporaryDirectory(prefix="weir-page-") as folder:
            for number, text in enumerate(configurations):
                path = pathlib.Path(folder, f"{number}.yml")
                path.write_text(text)
                tool = ["promtool", "check", "rules"] if text.startswith("groups:") else ["amtool", "check-config"]
                said = subprocess.run([*tool, path], capture_output=True, text=True, timeout=30)
                self.assertEqual(said.returncode, 0, said.stdout + said.stderr + text)
            routes = [path for path in pathlib.Path(folder).glob("*.yml") if "weir_cause" in path.read_text()]
            self.assertTrue(routes)
            for labels, receiver in ((["weir_cause=run"], "test-channel"), (["weir_cause=real"], "people"),
                                     (["severity=page"], "people")):
                for path in routes:
                    said = subprocess.run(["amtool", "config", "routes", "test", f"--config.file={path}", *labels],
                                          capture_output=True, text=True, timeout=30)
                    self.assertEqual(said.stdout.strip(), receiver, labels)


if __name__ == "__main__":
    unittest.main()
