#!/usr/bin/env python3
"""weir history serve: what the team's page is told, by whom it may be asked, and what it does when it is asked for nonsense or its
store goes away."""
import http.client
import json
import os
import re
import signal
import socket
import threading
import unittest

from bypass import COMMIT, BypassTest
from past_runs import CONDITION, run_id, run_sql, story
from raw_server import RawServer
from stores import SqliteStore, both
from weir_program import WeirTest, newest_result

SUITE = """
[gate]
name = "cases"
results = "results"
[[journey]]
script = "journey.js"
[environment.preprod]
base_url = "http://cases.preprod.example"
[[condition]]
that = "at most 1 % errors"
[store]
url = "STORE"
"""
TOKEN = "a-token-of-the-whole-team"
CHANGED = ("from 212.", "with b5e20a9 in place of c3d95e1")


class Page:
    """A server that was started, and questions to it."""

    def __init__(self, process, line):
        self.process = process
        self.port = int(re.search(r"http://[^ ]*:(\d+)/ ", line)[1])

    def ask(self, target="/", method="GET", token=None, headers=None, host="localhost"):
        """Status, headers by lower-case name, body; exactly this target."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, target, skip_host=True)
            for name, value in {**({} if host is None else {"Host": host}), **(headers or {}),
                                **({} if token is None else {"Authorization": f"Bearer {token}"})}.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
        finally:
            connection.close()

    def json(self, target, status=200, **more):
        got, headers, body = self.ask(target, **more)
        assert got == status, f"{target}: {got}, {body}"
        assert headers["content-type"] == "application/json", headers
        return json.loads(body)

    def raw(self, request):
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(request)
            try:
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            return connection.makefile("rb").read()


class ServeTest(WeirTest):
    def configure(self, store):
        self.write("journey.js", "export default function () {}")
        self.write("weir.toml", SUITE.replace("STORE", store.url))

    def fill(self, store, sql):
        self.assertEqual(self.run_weir("history").code, 0)  # makes the tables
        store.change(sql)

    def serve(self, *flags, **more):
        process = self.start("history", "serve", "--listen", "127.0.0.1:0", *flags, **more)
        line = process.stdout.readline()
        self.assertIn("weir history serve: http://", line, line + (process.stdout.read() if "error" in line else ""))
        self.said_first = line
        return Page(process, line)

    def end(self, page, number=signal.SIGTERM):
        page.process.send_signal(number)
        ended = self.finish(page.process)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("weir history serve: ended", ended.said)
        return ended


class Documents(ServeTest):
    @both
    def test_a_suites_history_and_its_reports(self, store):
        self.configure(store)
        self.fill(store, story() + run_sql(60, "pass", "x", 5.0, suite="other", environment=""))
        reported = self.directory / "results" / run_id(30)
        reported.mkdir(parents=True, exist_ok=True)
        (reported / "report.html").write_text("<!doctype html><title>é</title>")
        (self.directory / "results" / run_id(31)).mkdir(exist_ok=True)
        page = self.serve()

        suites = page.json("/api/suites")
        self.assertEqual([(each["suite"], each["environment"], each["runs"]) for each in suites["suites"]],
                         [("other", "", 1), ("cases", "preprod", 40)])
        self.assertEqual(page.json("/api/history")["suite"], "other", "that with the newest run")
        self.assertEqual(page.json("/api/history?suite=cases")["environment"], "preprod")

        shown = page.json("/api/history?suite=cases&environment=preprod")
        self.assertEqual((shown["format"], shown["version"], shown["store"], len(shown["runs"])), ("weir.history", 1, "read", 40))
        self.assertEqual([run["id"] for run in shown["runs"]], [run_id(number) for number in range(40)])
        self.assertEqual(shown["runs"][33]["state"], "abandoned")
        self.assertEqual(shown["verdicts"], {"pass": 24, "fail": 14, "invalid": 1, "running": 0, "abandoned": 1, "bypassed": 0})
        self.assertEqual(shown["invalid"]["causes"], [{"name": "sign-in failed", "runs": 1}])
        self.assertEqual(shown["flaky"]["hits"], 1)
        trend = next(each for each in shown["conditions"] if each["condition"] == CONDITION)
        self.assertEqual([change["run"] for change in trend["changes"]], [22, 36])
        for words in CHANGED:
            self.assertIn(words, trend["changes"][0]["words"])
        self.assertEqual(shown["deployments"][trend["changes"][0]["deployment"]]["run"], 22)
        self.assertIsNone(trend["values"][8], "an invalid run measured nothing")
        self.assertEqual({len(trend[name]) for name in ("values", "limits", "intervals", "states", "samples")}, {40})
        self.assertNotIn("coverage", shown)

        self.assertEqual(shown["runs"][30]["report"], f"reports/{run_id(30)}/report.html")
        status, headers, body = page.ask("/" + shown["runs"][30]["report"])
        self.assertEqual((status, body, headers["content-type"]), (200, "<!doctype html><title>é</title>", "text/html; charset=utf-8"))
        self.assertIn("has no report.html", shown["runs"][31]["noReport"])
        self.assertIn("not in the results directory", shown["runs"][32]["noReport"])
        self.assertNotIn("noReport", shown["runs"][33])
        self.assertEqual(page.ask(f"/reports/{run_id(31)}/report.html")[0], 404)

        few = page.json("/api/history?suite=cases&environment=preprod&last=5")
        self.assertEqual(([run["id"] for run in few["runs"]], few["more"]), ([run_id(number) for number in range(35, 40)], True))
        late = page.json("/api/history?suite=cases&environment=preprod&since=2026-11-12T00:00:00")
        self.assertEqual(([run["id"] for run in late["runs"]], late["more"]), ([run_id(number) for number in range(36, 40)], False))
        self.assertEqual(page.json("/api/history?suite=nobody%27s&environment=x%22")["runs"], [])
        self.end(page)

    def test_the_page_asks_nobody_else_and_frames_nowhere(self):
        store = SqliteStore(self.directory)
        self.configure(store)
        page = self.serve()
        status, headers, body = page.ask("/")
        self.assertEqual(status, 200)
        self.assertIn("<title>", body)
        policy = headers["content-security-policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertRegex(policy, r"script-src 'sha256-[^']+'")
        self.assertNotIn("unsafe", policy)
        for target in ("/", "/api/suites", "/api/history?last=0", "/nothing", "/-/healthy"):
            _, headers, _ = page.ask(target)
            self.assertEqual((headers["x-content-type-options"], headers["referrer-policy"], headers["cache-control"]),
                             ("nosniff", "no-referrer", "no-store"), target)
            self.assertIn("frame-ancestors 'none'", headers["content-security-policy"], target)
        head = page.ask("/", method="HEAD")
        self.assertEqual((head[0], head[2], head[1]["content-length"]), (200, "", str(len(body.encode()))))
        self.end(page, signal.SIGINT)


class Bypasses(BypassTest):
    serve, end = ServeTest.serve, ServeTest.end

    @both
    def test_open_ones_used_ones_and_debts(self, store):
        self.use(store)
        page = self.serve("-c", "weir.toml", "-c", "weir.toml")
        self.assertEqual(page.json("/api/bypasses")["store"], "absent")
        self.end(page)
        found = self.request()
        page = self.serve()
        shown = page.json("/api/bypasses?suite=shop&environment=preprod")
        self.assertEqual([(each["id"], each["state"], each["approvers"]) for each in shown["open"]], [(found, "pending", [])])
        self.end(page)
        self.assertEqual(self.bypass("approve", found, who="bob").code, 0)
        page = self.serve()
        line, = page.json("/api/bypasses")["open"]
        self.assertEqual((line["state"], line["requester"], line["approvers"], line["impact"], line["commit"]),
                         ("valid", "Ann", ["Bob"], "nobody can pay", COMMIT))
        self.end(page)
        stranger = self.serve("--store", store.url, "-c", self.write("other.toml", SUITE.replace("STORE", store.url)))
        line, = stranger.json("/api/bypasses")["open"]
        self.assertEqual(line["state"], "not judged")
        self.assertIn("-c and the weir.toml of this suite", line["words"])
        self.end(stranger)

        self.assertEqual(self.gate().code, 13)
        page = self.serve()
        shown = page.json("/api/bypasses?suite=shop")
        self.assertEqual((shown["open"], shown["usedIn30Days"], shown["ledger"]["whole"]), ([], 1, True))
        self.assertEqual(shown["debts"][0]["conditions"], ["98 % of `page` under 20s"])
        run, = page.json("/api/history")["runs"]
        self.assertEqual((run["bypass"], run["verdict"], run["id"]), (found, "fail", newest_result(self.directory).name))
        self.end(page)

        store.allow_changes()
        store.change("UPDATE weir_audit SET body = replace(body, 'preprod', 'preproc') WHERE sequence = 2;")
        page = self.serve()
        ledger = page.json("/api/bypasses")["ledger"]
        self.assertEqual(ledger["whole"], False)
        self.assertIn("row 2", ledger["words"])
        self.end(page)


class Door(ServeTest):
    def setUp(self):
        super().setUp()
        self.store = SqliteStore(self.directory)
        self.configure(self.store)

    def test_others_than_this_machine_only_with_a_token(self):
        for listen in ("0.0.0.0:0", "[::]:0"):
            ended = self.run_weir("history", "serve", "--listen", listen)
            self.assertEqual(ended.code, 2, ended.said)
            self.assertIn("name a token, --token-env NAME or --token-file FILE", ended.said)

    def test_the_token_is_asked_for_and_said_to_nobody(self):
        self.fill(self.store, story())
        result = self.directory / "results" / run_id(39)
        result.mkdir(parents=True)
        (result / "report.html").write_text("the report")
        page = self.serve("--token-env", "TEAM_TOKEN", environment={"TEAM_TOKEN": TOKEN})
        self.assertIn("asks for the token", self.said_first)
        self.assertEqual(page.ask("/")[0], 200, "the page asks for it")
        for target in ("/api/history", "/api/suites", "/api/bypasses", "/nothing", f"/reports/{run_id(39)}/report.html"):
            for token in (None, "", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "é" * 9):
                headers = {} if token is None else {"Authorization": f"Bearer {token}".encode()}
                status, headers, body = page.ask(target, headers=headers)
                self.assertEqual(status, 401, f"{target} {token}")
                self.assertIn("Bearer", headers["www-authenticate"])
                self.assertNotIn("cases", body)
        shown = page.json("/api/history", token=TOKEN)
        link = shown["runs"][39]["report"]
        self.assertNotIn(TOKEN, json.dumps(shown))
        status, headers, body = page.ask("/" + link)
        self.assertEqual((status, body), (200, "the report"), "the link carries its own pass")
        self.assertIn("sandbox allow-scripts", headers["content-security-policy"])
        self.assertEqual(page.ask(f"/reports/{run_id(39)}/report.html", token=TOKEN)[0], 200)
        self.assertEqual(page.ask("/" + link[:-1] + ("0" if link[-1] != "0" else "1"))[0], 401)
        self.assertEqual(page.ask("/" + link.replace(run_id(39), run_id(38)))[0], 401)
        self.assertNotIn(TOKEN, self.end(page).said)

    def test_a_file_with_the_token(self):
        self.write("token", TOKEN + "\n")
        page = self.serve("--token-file", "token")
        self.assertEqual(page.ask("/api/suites")[0], 401)
        self.assertEqual(page.ask("/api/suites", token=TOKEN)[0], 200)
        self.end(page)

    def test_strangers_names_are_turned_away(self):
        page = self.serve("--host", "weir.team.example")
        for host in ("localhost", "127.0.0.1", f"localhost:{page.port}", "weir.team.example", "Weir.Team.Example:443"):
            self.assertEqual(page.ask("/api/suites", host=host)[0], 200, host)
        for host in ("evil.example", f"evil.example:{page.port}", "localhost.evil.example", "", "127.0.0.1.evil.example"):
            for target in ("/", "/api/suites", "/-/healthy"):
                self.assertEqual(page.ask(target, host=host)[0], 421, host)
        self.assertEqual(page.ask("/", host=None)[0], 400)
        self.assertIn(b" 400 ", page.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"))
        self.end(page)

    def test_it_only_shows(self):
        page = self.serve()
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            status, headers, _ = page.ask("/api/suites", method=method)
            self.assertEqual((status, headers["allow"]), (405, "GET, HEAD"), method)
        self.end(page)

    def test_nothing_but_reports_of_runs_can_be_had(self):
        secret = self.directory / "results" / run_id(0)
        secret.mkdir(parents=True)
        (secret / "record.json").write_text("{}")
        (self.directory / "results" / "report.html").write_text("secret")
        (self.directory / "report.html").write_text("secret")
        os.symlink(self.directory, self.directory / "results" / run_id(1))
        (self.directory / "results" / run_id(2)).mkdir()
        os.symlink(self.directory / "weir.toml", self.directory / "results" / run_id(2) / "report.html")
        page = self.serve()
        for target in ("/weir.toml", "/../weir.toml", "/results", f"/reports/{run_id(0)}", f"/reports/{run_id(0)}/record.json",
                       "/reports/../report.html", "/reports/%2e%2e/report.html", "/reports/./report.html", "/reports//report.html",
                       f"/reports/{run_id(0)}/../report.html", f"/reports/{run_id(0)}%2f..%2f/report.html",
                       f"/reports/{run_id(1)}/report.html", f"/reports/{run_id(2)}/report.html",
                       f"/reports/{run_id(0)}/report.html", "/reports/..\\..\\weir.toml", f"/reports/{run_id(0)}%00/report.html"):
            status, _, body = page.ask(target)
            self.assertEqual(status, 404, target)
            self.assertNotIn("secret", body)
            self.assertNotIn(str(self.directory), body)
        self.end(page)

    def test_nonsense_is_named_and_hurts_nobody(self):
        self.fill(self.store, story())
        page = self.serve()
        for query, words in (("last=0", "last is a whole number from 1 to 500"), ("last=x", "last is"), ("since=soon", "since is"),
                             ("suite=%ff", "suite is no name"), ("suite=a%00", "suite is no name"), ("colour=red", "takes no such parameter"),
                             ("suite=" + "a" * 201, "suite is no name"), ("suite=a&suite=b", "twice")):
            answer = page.json("/api/history?" + query, status=400)
            self.assertEqual((answer["format"], answer["status"]), ("weir.problem", 400))
            self.assertIn(words, answer["words"])
        for raw in (b"\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                    b"G\x00T / HTTP/1.1\r\n\r\n"):
            self.assertIn(b" 400 ", page.raw(raw), raw)
        self.assertIn(b" 431 ", page.raw(b"GET /?" + b"q" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        self.assertIn(b" 413 ", page.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n"))
        self.assertIn(b" 404 ", page.raw(b"GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        # Many questions at once, each another one, and connections that say nothing.
        silent = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(100)]
        statuses = []
        askers = [threading.Thread(target=lambda i=i: statuses.append(page.ask(f"/api/history?suite=s{i}")[0])) for i in range(60)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        self.assertLessEqual(set(statuses), {200, 503})
        self.assertIn(200, statuses)
        self.assertEqual(page.ask("/api/suites")[0], 200)
        for connection in silent:
            connection.close()
        self.assertLess(self.end(page).peak_kib, 200_000)

    def test_a_command_line_that_is_none(self):
        for flags, words in ((("--listen", "8780"), "not an address with a port"), (("-c", "absent.toml"), "absent.toml"),
                             (("--token-env", "WEIR_NOT_SET"), "the variable is not set"), (("--token-file", "absent"), "absent"),
                             (("--token", "x"), "--token"), (("--host", ":80"), "--host :80: not a name")):
            ended = self.run_weir("history", "serve", *flags)
            self.assertEqual(ended.code, 2, ended.said)
            self.assertIn(words, ended.said)
        ended = self.run_weir("history", "serve", "--token-env", "SHORT", environment={"SHORT": "brief-word"})
        self.assertEqual(ended.code, 2)
        self.assertIn("16 or more", ended.said)
        self.assertNotIn("brief-word", ended.said)

    def test_a_port_that_is_taken(self):
        page = self.serve()
        ended = self.run_weir("history", "serve", "--listen", f"127.0.0.1:{page.port}")
        self.assertEqual(ended.code, 12, ended.said)
        self.assertIn(f"127.0.0.1:{page.port}", ended.said)
        self.end(page)


class Store(ServeTest):
    def until(self, page, wanted, target="/api/history"):
        """Asks until it is so: what is known is kept for a moment."""
        for _ in range(600):
            status, _, body = page.ask(target)
            if wanted(status, json.loads(body)):
                return json.loads(body)
            threading.Event().wait(0.05)
        raise AssertionError(f"it never was so; last {status}: {body[:500]}")

    def test_comes_goes_and_comes_back(self):
        store = SqliteStore(self.directory)
        self.configure(store)
        page = self.serve()
        nothing = page.json("/api/history")
        self.assertEqual((nothing["store"], nothing["runs"]), ("absent", []))
        self.assertEqual(page.json("/api/suites")["store"], "absent")
        self.assertFalse(store.path.exists(), "who shows makes nothing")
        self.fill(store, story())
        self.assertEqual(len(self.until(page, lambda status, shown: shown.get("runs"))["runs"]), 40)
        for file in self.directory.glob("store.db*"):
            file.unlink()
        self.until(page, lambda status, shown: shown.get("store") == "absent")
        store.path.write_bytes(b"this is no database" * 100)
        failed = self.until(page, lambda status, shown: status == 503)
        self.assertEqual(failed["format"], "weir.problem")
        self.assertNotIn(str(self.directory), failed["words"])
        self.assertEqual(page.ask("/")[0], 200, "the page itself is there, and says so")
        store.path.unlink()
        self.fill(store, story())
        self.until(page, lambda status, shown: status == 200 and shown.get("runs"))
        ended = self.end(page)
        self.assertIn("the history store cannot be read: opening the history store sqlite:", ended.said)
        self.assertEqual(ended.said.count("no SQLite database"), 1, "once, not for each question")
        self.assertIn("can be read again", ended.said)

    @both
    def test_of_an_older_version_is_left_alone(self, store):
        self.configure(store)
        self.fill(store, "DELETE FROM weir_schema WHERE version = 3;")
        page = self.serve()
        self.assertEqual(page.ask("/api/history")[0], 503)
        self.assertIn("brings them up to date", self.end(page).said)
        self.assertEqual(store.rows("SELECT MAX(version) FROM weir_schema"), [("2",)])

    def test_that_hangs_holds_up_neither_others_nor_the_end(self):
        self.write("journey.js", "")
        self.configure(SqliteStore(self.directory))
        result = self.directory / "results" / run_id(0)
        result.mkdir(parents=True)
        (result / "report.html").write_text("the report")
        with RawServer() as silent:
            silent.serve = lambda connection: silent.open.add(connection)
            url = f"postgresql://user:not-for-eyes@127.0.0.1:{silent.port}/weir?connect_timeout=60"
            page = self.serve("--store", url)
            self.assertNotIn("not-for-eyes", self.said_first)
            asked, answers = threading.Event(), []

            def ask():
                asked.set()
                try:
                    answers.append(page.ask("/api/history")[0])
                except (OSError, http.client.HTTPException):
                    answers.append("cut off")
            asking = threading.Thread(target=ask)
            asking.start()
            asked.wait()
            self.assertEqual(page.ask("/")[0], 200)
            self.assertEqual(page.ask("/-/healthy")[0], 200)
            self.assertEqual(page.ask(f"/reports/{run_id(0)}/report.html")[2], "the report")
            status, _, body = page.ask("/api/history")
            self.assertEqual(status, 503)
            self.assertIn("did not answer in time", body)
            asking.join()
            # The connection attempt would go on for a minute.
            another = threading.Thread(target=ask)
            another.start()
            ended = self.end(page)
            another.join()
            self.assertEqual(answers[0], 503)
            self.assertNotIn("not-for-eyes", ended.said)


if __name__ == "__main__":
    unittest.main()
