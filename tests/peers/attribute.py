#!/usr/bin/env python3
"""weir attribute: what it says of alerts, and what it does when it is fed garbage, a flood, or nothing but silence."""
import datetime
import json
import signal
import socket
import sqlite3
import threading
import unittest
import urllib.error
import urllib.request

from raw_server import RawServer
from told import Told
from weir_program import WeirTest

SUITE = """
[gate]
name = "cases"
[[journey]]
script = "journey.js"
[environment.preprod]
base_url = "http://cases.preprod.example"
alerts = ['namespace="cases-preprod"']
[[condition]]
that = "at most 1 % errors"
[store]
url = "sqlite:store.db"
[attribute]
always_real = ['severity="page"']
link = "https://ci.example/{run}"
"""
NOW = datetime.datetime.now(datetime.timezone.utc)


def at(seconds):
    return (NOW + datetime.timedelta(seconds=seconds)).isoformat(timespec="microseconds").replace("+00:00", "000Z")


def alert(name="Slow", starts=-20, status="firing", **labels):
    return {"status": status, "labels": {"alertname": name, "namespace": "cases-preprod", **labels},
            "annotations": {"summary": "é <b>"}, "startsAt": at(starts), "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus/graph?g0.expr=up", "fingerprint": name}


def payload(*alerts):
    return {"receiver": "weir", "status": "firing", "alerts": list(alerts), "groupLabels": {"alertname": "Slow"},
            "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://am", "version": "4",
            "groupKey": "{}:{}", "truncatedAlerts": 0}


class AttributeTest(WeirTest):
    """A run R1 of preprod that began 30 s ago and is under way."""

    def setUp(self):
        super().setUp()
        self.write("journey.js", "export default function () {}")
        self.write("weir.toml", SUITE)
        self.run_weir("history")  # makes the store
        self.add_run("R1", -30, 0)

    def add_run(self, name, start, beat, finished=0):
        store = sqlite3.connect(self.directory / "store.db")
        with store:
            columns = [row[1] for row in store.execute("PRAGMA table_info(weir_run)")]
            known = {"run_id": name, "suite": "cases", "environment": "preprod", "started_at": at(start),
                     "beat_at": at(beat), "finished": finished, "base_url": "http://cases.preprod.example",
                     "attempt": 1, "duration_ns": 0}
            store.execute(f"INSERT INTO weir_run ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                          [known.get(column, "") for column in columns])
        store.close()

    def receive(self, *flags, forward=True, answer=lambda request: (200, "ok")):
        self.told = Told(answer)
        self.addCleanup(self.told.close)
        where = ("--forward", self.told.url + "/hook") if forward else ()
        process = self.start("attribute", "--listen", "127.0.0.1:0", *where, *flags)
        line = process.stdout.readline()
        self.assertIn("listening on 127.0.0.1:", line)
        self.port = int(line.split("127.0.0.1:")[1].split(",")[0])
        return process

    def ask(self, path="/", body=None, headers=None):
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def metric(self, series):
        _, page = self.ask("/metrics")
        return int(next(line.split()[-1] for line in page.splitlines() if line.startswith(series + " ")))

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        ended = self.finish(process)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("weir attribute: ended", ended.said)
        return ended


class Attributes(AttributeTest):
    def test_a_runs_alerts_and_no_others(self):
        process = self.receive()
        alerts = [alert(), alert("Early", starts=-40), alert("Page", severity="page"),
                  alert("Elsewhere", namespace="payments-preprod"), {"odd": 1}]
        sent = payload(*alerts)
        status, _ = self.ask(body=sent, headers={"Authorization": "Bearer x", "User-Agent": "Alertmanager/0.25.0"})
        self.assertEqual(status, 200)
        method, path, headers, got = self.told.requests[0]
        self.assertEqual((method, path, headers["Authorization"], headers["User-Agent"]),
                         ("POST", "/hook", "Bearer x", "Alertmanager/0.25.0"))
        labels = got["alerts"][0]["labels"]
        self.assertEqual((labels.pop("weir_cause"), labels.pop("weir_run")), ("run", "R1"))
        notes = got["alerts"][0]["annotations"]
        self.assertEqual(notes.pop("weir_link"), "https://ci.example/R1")
        self.assertIn("into run R1 of cases in preprod", notes.pop("weir_why"))
        for each in got["alerts"][1:4]:
            self.assertEqual(each["labels"].pop("weir_cause"), "real")
        self.assertEqual(got, sent, "all else is as it came")
        self.assertEqual(self.metric('weir_attribute_alerts_total{cause="run"}'), 1)
        self.assertEqual(self.metric('weir_attribute_alerts_total{cause="real"}'), 4)
        self.assertEqual(self.metric("weir_attribute_alerts_unreadable_total"), 1)
        self.assertEqual(self.ask("/-/healthy")[0], 200)
        self.assertIn("Early: real: it began 10s before run R1", self.end(process).said)

    def test_resolved_alerts_as_their_firing(self):
        self.receive()
        self.ask(body=payload(alert()))
        store = sqlite3.connect(self.directory / "store.db")
        with store:
            store.execute("DELETE FROM weir_run")
        store.close()
        self.ask(body=payload(alert(status="resolved")))
        self.assertEqual([body["alerts"][0]["labels"].get("weir_run") for body in self.told.bodies()], ["R1", "R1"])
        self.ask(body=payload(alert("Other", status="resolved")))
        self.assertEqual(self.told.bodies()[2]["alerts"][0]["labels"]["weir_cause"], "real")

    def test_what_fires_long_after_the_run_as_real(self):
        self.add_run("R2", -7200, -3600, finished=1)
        self.receive()
        self.ask(body=payload(alert("Broken", starts=-5000)))
        self.ask(body=payload(alert("Mended", starts=-5000, status="resolved")))
        self.assertEqual([body["alerts"][0]["labels"]["weir_cause"] for body in self.told.bodies()], ["real", "run"])

    def test_runs_to_one_place_and_real_ones_to_another(self):
        with Told() as runs:
            self.receive("--forward-run", runs.url + "/quiet")
            self.ask(body=payload(alert(), alert("Disk", namespace="other")))
            self.ask(body=payload(alert("Disk2", namespace="other")))
        self.assertEqual([[a["labels"]["alertname"] for a in body["alerts"]] for body in runs.bodies()], [["Slow"]])
        self.assertEqual([[a["labels"]["alertname"] for a in body["alerts"]] for body in self.told.bodies()],
                         [["Disk"], ["Disk2"]])

    def test_the_runs_of_several_suites(self):
        """The other's store is no database: it explains nothing, and takes nothing away."""
        other = SUITE.replace("cases", "payments").replace("store.db", "broken.db").replace("page", "wake")
        self.write("payments.toml", other)
        (self.directory / "broken.db").write_bytes(b"this is no database" * 100)
        self.receive("-c", "payments.toml", "-c", "weir.toml")
        self.ask(body=payload(alert(), alert("Other", namespace="payments-preprod"), alert("Wake", severity="wake")))
        self.assertEqual([a["labels"]["weir_cause"] for a in self.told.bodies()[0]["alerts"]], ["run", "real", "real"])

    def test_nothing_to_a_run_without_the_store(self):
        """Garbage where the store was, then a PostgreSQL that takes connections and says nothing."""
        (self.directory / "broken.db").write_bytes(b"this is no database" * 100)
        self.receive("--store", "sqlite:broken.db")
        self.ask(body=payload(alert()))
        self.assertEqual(self.told.bodies()[0]["alerts"][0]["labels"]["weir_cause"], "real")
        with RawServer() as silent:
            silent.serve = lambda connection: silent.open.add(connection)
            self.receive("--store", f"postgresql://u:not-for-eyes@127.0.0.1:{silent.port}/weir?connect_timeout=9")
            status, _ = self.ask(body=payload(alert()))
            self.assertEqual(status, 200)
            self.assertEqual(self.told.bodies()[0]["alerts"][0]["labels"]["weir_cause"], "real")
            self.assertEqual(self.metric("weir_attribute_store_failures_total"), 1)


class Explain(AttributeTest):
    def test_says_what_it_would_do_and_why(self):
        self.write("payload.json", json.dumps(payload(alert(), alert("A\nB", namespace="x"), 5)))
        ended = self.run_weir("attribute", "--explain", "payload.json")
        self.assertEqual(ended.code, 0)
        self.assertIn("Slow: run R1\n    it began 10s into run R1", ended.said)
        self.assertIn("A B: real\n    a run was under way, but its namespace is 'x'", ended.said)
        self.assertIn("?: real\n    it cannot be read", ended.said)

    def test_refuses_what_is_none(self):
        self.write("payload.json", "[")
        ended = self.run_weir("attribute", "--explain", "payload.json")
        self.assertEqual(ended.code, 2)
        self.assertIn("it would be refused (400): not JSON at line 1", ended.said)


class CommandLine(AttributeTest):
    def test_names_what_is_missing_or_wrong(self):
        for flags, words in (((), "--forward URL says"), (("--forward", "ftp://x"), "must begin with http"),
                             (("--forward", "http://127.0.0.1:9095/x"), "is this receiver itself"),
                             (("--forward", "@absent"), "absent"),
                             (("--forward", "http://x", "--listen", "9095"), "not an address with a port"),
                             (("--forward", "http://x", "-c", "absent.toml"), "absent.toml")):
            ended = self.run_weir("attribute", *flags)
            self.assertEqual(ended.code, 2, ended.said)
            self.assertIn(words, ended.said)


class Trouble(AttributeTest):
    def test_where_alerts_go_makes_alertmanager_try_again(self):
        answers = iter([(500, "no"), (500, "no"), (400, "never")])
        self.receive(answer=lambda request: next(answers, (200, "ok")))
        self.assertEqual(self.ask(body=payload(alert()))[0], 502)
        self.assertEqual(self.ask(body=payload(alert()))[0], 502, "a 400 of another must not end Alertmanager's tries")
        self.assertEqual(self.ask(body=payload(alert()))[0], 200)
        self.told.close()
        self.assertEqual(self.ask(body=payload(alert()))[0], 502)
        self.assertEqual(self.metric("weir_attribute_forward_failures_total"), 3)

    def test_garbage_is_refused_and_other_versions_pass(self):
        self.receive("--body-limit", "100kB")
        for body in (b"", b"\x00\xff", b"[1]", b"{" * 50_000, json.dumps(payload(alert())).encode()[:-9]):
            self.assertEqual(self.ask(body=body)[0], 400, body[:20])
        self.assertEqual(self.ask(body=b"x" * 100_001)[0], 413)
        self.assertEqual(self.told.requests, [])
        self.assertEqual(self.ask(body={"version": "5", "alerts": [1]})[0], 200)
        self.assertEqual(self.told.bodies(), [{"version": "5", "alerts": [1]}])
        self.assertEqual(self.ask("/nowhere")[0], 404)
        for raw in (b"\x16\x03\x01\x02\x00\x01\x00\x01", b"GET\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", self.port)) as connection:
                connection.sendall(raw + b"\r\n\r\n")
                self.assertIn(b" 400 ", connection.makefile("rb").read())

    def test_a_flood_holds_no_alert_up_and_fills_no_memory(self):
        process = self.receive("--connections", "8", "--quiet")
        silent = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(300)]
        self.assertEqual(self.ask(body=payload(alert()))[0], 200, "who says nothing makes room")
        busy = []
        for _ in range(8):
            connection = socket.create_connection(("127.0.0.1", self.port))
            connection.sendall(b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4000000\r\n\r\n")
            self.assertIn(b"100 Continue", connection.recv(100))  # it has been heard
            connection.sendall(b"{" * 100_000)
            busy.append(connection)
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            said = connection.makefile("rb").read()
        self.assertIn(b"HTTP/1.1 503 ", said)
        self.assertIn(b"Retry-After: ", said)
        for connection in busy + silent:
            connection.close()
        status = 0
        while status != 200:
            try:
                status = self.ask(body=payload(alert("After")))[0]
            except (ConnectionError, urllib.error.URLError):
                pass  # turned away with a reset
        ended = self.end(process)
        self.assertLess(ended.peak_kib, 300_000)

    def test_what_is_under_way_at_the_end_is_still_passed_on(self):
        come, go = threading.Event(), threading.Event()

        def slowly(request):
            come.set()
            go.wait(20)
            return 200, "ok"
        process = self.receive(answer=slowly)
        statuses = []
        asking = threading.Thread(target=lambda: statuses.append(self.ask(body=payload(alert()))[0]))
        asking.start()
        come.wait(20)
        process.send_signal(signal.SIGTERM)
        go.set()
        asking.join()
        ended = self.finish(process)
        self.assertEqual((statuses, ended.code), ([200], 0), ended.said)


if __name__ == "__main__":
    unittest.main()
