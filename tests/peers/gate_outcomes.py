#!/usr/bin/env python3
"""The gate's known false passes, each provoked by a service that plays it: none may pass."""
import json
import threading
import unittest

from raw_server import RawServer, respond
from weir_program import WeirTest, newest_result

SUITE = """
[gate]
name = "peers"
rate = 20
duration = "3s"
graceful_stop = "4s"

[[journey]]
script = "journey.js"

[environment.test]
base_url = "URL"
secrets = { PASSWORD = { file = "password" } }

[[sign_in]]
method = "*"
url = "/sign-in*"

[[condition]]
that = "98 % of `page` under 1 s"
min_samples = 30
"""
PASSWORD = "correct-horse-battery"
JOURNEY = """import http from 'k6/http';
import { check } from 'k6';
export default function () {
  const page = http.get(`${__ENV.BASE_URL}/page`, { tags: { name: 'page' } });
  check(page, { 'is the page': (r) => r.body.includes('the page') });
}
"""
PAGE = respond(b"this is the page")


class GateTest(WeirTest):
    def gate(self, answers, journey=JOURNEY, suite="", replace=()):
        """Runs the gate on a server with these answers: (how it ended, verdict.json, the server's requests)."""
        self.write("journey.js", journey)
        self.write("password", PASSWORD + "\n")
        with RawServer({"/": respond(b"up"), **answers}) as server:
            text = SUITE.replace("URL", server.url) + suite
            for old, new in replace:
                self.assertIn(old, text)
                text = text.replace(old, new)
            self.write("weir.toml", text)
            ended = self.run_weir("gate", "--quiet", "--results", "results")
            requests = list(server.requests)
        verdict = json.loads(next(self.directory.glob("results/*/verdict.json")).read_text())
        return ended, verdict, requests

    def assert_ended(self, ended, kind, code, words):
        self.assertIn(f"verdict: {kind}", ended.said)
        self.assertEqual(ended.code, code, ended.said)
        self.assertIn(words, ended.said)


class FalsePasses(GateTest):
    def test_a_good_service_passes(self):
        ended, verdict, requests = self.gate({"/page": PAGE})
        self.assert_ended(ended, "pass", 0, "hold")
        pages = [head for _, path, head in requests if path == "/page"]
        self.assertEqual(len(pages), 60)
        for mark in ("X-Weir-Run: ", "traceparent: 00-", "baggage: ", "User-Agent: weir/"):
            self.assertTrue(all(mark.lower() in head.lower() for head in pages), mark)
        self.assertEqual(len({head.lower().split("traceparent: ")[1][:36] for head in pages}), 60, "each has its own")

    def test_an_expired_session_that_ends_at_a_sign_in_page(self):
        ended, _, _ = self.gate({"/page": respond(status="302 Found", headers=[("Location", "/sign-in")]),
                                 "/sign-in": respond(b"<h1>please sign in</h1>")},
                                journey=JOURNEY.replace("  check", "  if (0) check"))
        self.assertIn(ended.code, (10, 11), ended.said)
        self.assertIn("sign-in page", ended.said)

    def test_an_empty_page(self):
        """200, fast, and not what was asked for: the journey's own check is a condition by one line."""
        ended, _, _ = self.gate({"/page": respond(b"0 results")},
                                suite='[[condition]]\nthat = "at least 99 % checks"\nmin_samples = 30\n')
        self.assert_ended(ended, "fail", 10, "checks passed")

    def test_fast_errors_are_no_fast_pages(self):
        ended, _, _ = self.gate({"/page": respond(b"oh no, the page", status="500 Internal Server Error")})
        self.assert_ended(ended, "fail", 10, "failed")

    def test_unfinished_requests_count(self):
        """One in ten never answers: at the end they are failures, not forgotten."""
        count = iter(range(1 << 30))

        def some_hang(connection, head):
            if next(count) % 10 == 9:
                return threading.Event().wait(60)
            return PAGE(connection, head)
        ended, _, _ = self.gate({"/page": some_hang})
        self.assert_ended(ended, "fail", 10, "unfinished at the end")

    def test_a_rate_that_was_not_reached(self):
        """Two users, each page half a second: four a second of twenty. Too few users is no finding about the service."""
        def slow(connection, head):
            threading.Event().wait(0.5)
            return PAGE(connection, head)
        ended, _, _ = self.gate({"/page": slow}, replace=[("rate = 20", "rate = 20\nusers_ready = 2\nusers_max = 2")])
        self.assert_ended(ended, "invalid", 11, "raise users_max")

    def test_a_condition_on_nothing(self):
        ended, _, _ = self.gate({"/page": PAGE}, suite='[[condition]]\nthat = "98 % of `misspelt` under 1 s"\n')
        self.assert_ended(ended, "invalid", 11, "there were: `page`")

    def test_nobody_home(self):
        ended, _, requests = self.gate({"/": respond(status="503 Service Unavailable"), "/page": PAGE})
        self.assert_ended(ended, "invalid", 11, "status 503")
        self.assertEqual([path for _, path, _ in requests if path == "/page"], [])

    def test_a_service_that_dies_of_it(self):
        with_server = {}

        def last_words(connection, head):
            if len(with_server["server"].requests) > 20:
                with_server["server"].close()
                return "close"
            return PAGE(connection, head)
        original = RawServer.__init__

        def remember(server, *args, **more):
            original(server, *args, **more)
            with_server["server"] = server
        RawServer.__init__ = remember
        self.addCleanup(setattr, RawServer, "__init__", original)
        ended, _, _ = self.gate({"/page": last_words})
        self.assert_ended(ended, "fail", 10, "did not survive the offered load")


class ReadOnly(GateTest):
    def test_a_post_is_not_sent(self):
        journey = JOURNEY.replace("  check", "  http.post(`${__ENV.BASE_URL}/orders`, 'one');\n  check")
        ended, _, requests = self.gate({"/page": PAGE}, journey=journey)
        self.assert_ended(ended, "invalid", 11, "it was not sent")
        self.assertIn("journey.js:5", ended.said)
        self.assertNotIn("POST", {method for method, _, _ in requests})

    def test_a_post_to_sign_in_is(self):
        journey = JOURNEY.replace("  const page", "  http.post(`${__ENV.BASE_URL}/sign-in`, { password: __ENV.PASSWORD });\n"
                                  "  const page")
        ended, verdict, requests = self.gate({"/page": PAGE, "/sign-in": respond(b"welcome")}, journey=journey)
        self.assert_ended(ended, "pass", 0, "hold")
        self.assertEqual(sum(1 for method, _, _ in requests if method == "POST"), 60)
        for finding in verdict["findings"]:
            self.assertEqual(finding["samples"], 60, "signing in is not judged")


class SigningIn(GateTest):
    def test_an_exported_sign_in_is_awaited_and_done_once_a_user(self):
        journey = """import http from 'k6/http';
let token;
export async function signIn() {
  const answer = await http.asyncRequest('POST', `${__ENV.BASE_URL}/sign-in`, { password: __ENV.PASSWORD });
  token = answer.json('token');
}
export default function () {
  http.get(`${__ENV.BASE_URL}/page?${token}`, { tags: { name: 'page' } });
}
"""
        ended, _, requests = self.gate({"/page": PAGE, "/sign-in": respond(b'{"token": "let-me-in"}')}, journey=journey)
        self.assert_ended(ended, "pass", 0, "hold")
        pages = [path for _, path, _ in requests if path.startswith("/page")]
        self.assertEqual(set(pages), {"/page?let-me-in"})
        self.assertLess(sum(1 for method, _, _ in requests if method == "POST"), 60)


class Secrets(GateTest):
    def test_reach_no_output_and_no_file(self):
        """The journey does its worst: the password in a URL, a header, a tag-less name, a log line, an exception."""
        journey = """import http from 'k6/http';
export default function () {
  const secret = __ENV.PASSWORD;
  http.get(`${__ENV.BASE_URL}/page?password=${secret}`, { tags: { name: 'page' }, headers: { Authorization: `Bearer ${secret}` } });
  http.get(`${__ENV.BASE_URL}/missing/${secret}`);
  console.log('the password is ' + secret);
  if (__ITER === 1) throw new Error('cannot sign in with ' + secret);
}
"""
        ended, _, _ = self.gate({"/page": PAGE, f"/missing/{PASSWORD}": respond(status="404 Not Found")}, journey=journey)
        self.assertNotIn(PASSWORD, ended.said)
        self.assertIn("***", ended.said)
        for path in self.directory.glob("results/**/*"):
            if path.is_file():
                self.assertNotIn(PASSWORD.encode(), path.read_bytes(), path.name)


class DataDrift(GateTest):
    FACTS = JOURNEY + "export function facts() { return { cases: 12 }; }\n"

    def test_offers_no_load(self):
        ended, verdict, requests = self.gate({"/page": PAGE}, journey=self.FACTS,
                                             suite='[[fact]]\nname = "cases"\nat_least = 3000\n')
        self.assert_ended(ended, "invalid", 11, "cases: 12, pinned at 3000 or more")
        self.assertEqual([path for _, path, _ in requests if path == "/page"], [])
        self.assertEqual(len(verdict["reasons"]), 1, "that nothing was measured goes without saying")
        judged = self.run_weir("judge", "--json", str(next(self.directory.glob("results/*"))))
        self.assertEqual(json.loads(judged.said), verdict)

    def test_data_as_pinned_is_none(self):
        ended, _, _ = self.gate({"/page": PAGE}, journey=self.FACTS,
                                suite='[[fact]]\nname = "cases"\nat_least = 3\nat_most = 12\n')
        self.assert_ended(ended, "pass", 0, "hold")


class SlowerThanBefore(GateTest):
    """Five runs of a fast page; then it takes a fifth of a second, far under the condition's limit."""

    def after_fast_runs(self, policy):
        seconds = [0.0]

        def page(connection, head):
            threading.Event().wait(seconds[0])
            return PAGE(connection, head)
        self.write("journey.js", JOURNEY)
        with RawServer({"/": respond(b"up"), "/page": page}) as server:
            text = SUITE.replace("URL", server.url).replace('secrets = { PASSWORD = { file = "password" } }\n', "")
            self.write("weir.toml", text + f'[baseline]\non_slower = "{policy}"\n')
            gate = ["gate", "--quiet", "--results", "results", "--rate", "40", "--duration", "2s"]
            for i in range(5):
                ended = self.run_weir(*gate)
                self.assert_ended(ended, "pass", 0, f"the history has {i} runs")
            seconds[0] = 0.2
            return self.run_weir(*gate), self.run_weir(*gate)

    def test_is_a_fail_as_often_as_it_is_tried_and_can_be_judged_again(self):
        for ended in self.after_fast_runs("fail"):
            self.assert_ended(ended, "fail", 10, "median of `page` as in the last runs")
        result = newest_result(self.directory)
        (self.directory / ".weir" / "history.db").unlink()
        judged = self.run_weir("judge", "--json", str(result))
        self.assertEqual(judged.said, (result / "verdict.json").read_text())

    def test_can_be_reported_alone(self):
        ended, _ = self.after_fast_runs("report")
        self.assert_ended(ended, "pass", 0, "slower than the last runs")


class Again(GateTest):
    def test_the_stored_record_gives_the_same_bytes(self):
        for answer in (PAGE, respond(b"no")):
            with self.subTest(answer):
                ended, _, _ = self.gate({"/page": answer}, suite='[[condition]]\nthat = "at least 99 % checks"\nmin_samples = 30\n')
                result = newest_result(self.directory)
                judged = self.run_weir("judge", "--json", str(result))
                self.assertEqual(judged.said, (result / "verdict.json").read_text())
                self.assertEqual(judged.code, ended.code)


if __name__ == "__main__":
    unittest.main()
