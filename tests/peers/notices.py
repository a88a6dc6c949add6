#!/usr/bin/env python3
"""Notices of a gate's run: who is told what, and that nobody who cannot be told changes the verdict."""
import json
import threading
import unittest

from gate_outcomes import JOURNEY, PAGE
from raw_server import RawServer, respond
from told import ANNOTATION, SLACK, Told
from weir_program import TRUST_A_BUSY_MACHINE, WeirTest

HOOK = "/services/T000/B000/not-for-anyones-eyes"
TOKEN = "glsa_not-for-anyones-eyes"
SUITE = """
[gate]
name = "cases"
rate = 40
duration = "1s"
[[journey]]
script = "journey.js"
[environment.test]
base_url = "URL"
[[condition]]
that = "at most 1 % errors of `page`"
min_samples = 20
""" + TRUST_A_BUSY_MACHINE


class NoticesTest(WeirTest):
    def gate(self, more, page=PAGE, slack=None, **more_environment):
        self.write("journey.js", JOURNEY)
        environment = {"GRAFANA_TOKEN": TOKEN, **more_environment}
        if slack is not None:
            environment["SLACK_HOOK"] = slack + HOOK
        with RawServer({"/": respond(b"up"), "/page": page}) as server:
            self.write("weir.toml", SUITE.replace("URL", server.url) + more)
            ended = self.run_weir("gate", "--quiet", environment=environment)
        self.assert_no_secrets(ended)
        return ended

    def assert_no_secrets(self, ended):
        self.assertNotIn("not-for-anyones-eyes", ended.said)
        for path in self.directory.rglob("*"):
            if path.is_file():
                self.assertNotIn(b"not-for-anyones-eyes", path.read_bytes(), path.name)

    def outbox(self):
        return sorted((self.directory / ".weir/outbox").glob("*"))


SLACK_ON = '[notify.slack]\nurl = { env = "SLACK_HOOK" }\n'


class Slack(NoticesTest):
    def test_hears_of_the_start_and_the_verdict(self):
        with Told(schema=SLACK) as slack:
            ended = self.gate(SLACK_ON, respond(b"no", status="500 Sorry"), slack.url,
                              CIRCLE_BUILD_URL="https://ci.example/jobs/7")
        self.assertEqual(ended.code, 10, ended.said)
        self.assertEqual(slack.broken, [])
        self.assertEqual([request[1] for request in slack.requests], [HOOK, HOOK])
        start, verdict = (json.dumps(body, ensure_ascii=False) for body in slack.bodies())
        self.assertIn("cases in test", start)
        self.assertIn("a performance test starts: 40/s", start)
        run = json.loads(next(self.directory.glob(".weir/results/*/record.json")).read_text())["run_id"]
        for words in (run, ":no_entry:", "deployment blocked", "at most 1 % errors", "<https://ci.example/jobs/7|more>"):
            self.assertIn(words, verdict)
        self.assertEqual(self.outbox(), [])

    def test_that_is_not_there_changes_nothing_and_hears_later(self):
        """Refused, 500, and a server that takes the message and never answers."""
        hang = threading.Event()
        self.addCleanup(hang.set)
        with Told(lambda request: (500, "rollup_error")) as failing, \
                Told(lambda request: (hang.wait(60), (200, "ok"))[1]) as hanging:
            for url in ("http://127.0.0.1:1", failing.url, hanging.url):
                with self.subTest(url):
                    ended = self.gate(SLACK_ON, PAGE, url)
                    self.assertEqual(ended.code, 0, ended.said)
                    self.assertIn("verdict: pass", ended.said)
                    self.assertIn("Slack was not told", ended.said)
            hang.set()
        kept = self.outbox()
        self.assertEqual(len(kept), 6, "a start and a verdict of each")
        kept[0].write_text("{")  # as a full disk leaves it
        with Told(schema=SLACK) as slack:
            ended = self.gate(SLACK_ON, PAGE, slack.url)
        self.assertEqual(slack.broken, [])
        self.assertIn("is dropped: not JSON", ended.said)
        late = [body for body in slack.bodies() if "told late" in json.dumps(body)]
        self.assertEqual((len(late), len(slack.bodies())), (5, 7), ended.said)
        self.assertEqual(self.outbox(), [])

    def test_that_refuses_is_not_asked_again(self):
        with Told(lambda request: (403, "action_prohibited")) as slack:
            ended = self.gate(SLACK_ON + "start = false\n", PAGE, slack.url)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("Slack refuses it, so it is dropped: status 403: action_prohibited", ended.said)
        self.assertEqual((len(slack.requests), self.outbox()), (1, []))

    def test_without_its_secret_is_off(self):
        ended = self.gate(SLACK_ON)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("notify.slack.url is off", ended.said)
        self.assertIn("SLACK_HOOK", ended.said)

    def test_is_shown_by_inspect(self):
        self.write("journey.js", JOURNEY)
        more = SLACK_ON + 'start = false\n[notify.alertmanager]\nurl = "http://am.example"\n[notify.grafana]\n' \
                          'url = "http://g.example"\ntoken = { env = "NOT_SET" }\n'
        suite = SUITE.replace("URL", "http://127.0.0.1:1").replace("[[cond", "alerts = ['env=\"test\"']\n[[cond")
        self.write("weir.toml", suite + more)
        ended = self.run_weir("inspect", "weir.toml", environment={"SLACK_HOOK": "https://hooks.example" + HOOK})
        self.assertEqual(ended.code, 0, ended.said)
        for line in ('alerts       env="test"', "Slack: verdict, bypass, debt",
                     "http://am.example: a silence of these alerts, until 5m",
                     "an annotation of the organisation; off: the secret notify.grafana.token comes from the variable"):
            self.assertIn(line, ended.said)
        self.assert_no_secrets(ended)

    def test_a_token_with_a_line_break_is_no_header(self):
        with Told() as grafana:
            ended = self.gate(f'[notify.grafana]\nurl = "{grafana.url}"\ntoken = {{ env = "GRAFANA_TOKEN" }}\n',
                              GRAFANA_TOKEN="a\nX-Evil: not-for-anyones-eyes")
        self.assertEqual((ended.code, grafana.requests), (0, []), ended.said)


class Grafana(NoticesTest):
    def gate_with(self, answer):
        with Told(answer, schema=ANNOTATION) as grafana:
            ended = self.gate(f'[notify.grafana]\nurl = "{grafana.url}/grafana/"\n'
                              'token = { env = "GRAFANA_TOKEN" }\ndashboard_uid = "d1"\ntags = ["weir", "gate"]\n')
        self.assertEqual(ended.code, 0, ended.said)
        self.assertEqual(grafana.broken, [])
        for _, _, headers, _ in grafana.requests:
            self.assertEqual(headers["Authorization"], f"Bearer {TOKEN}")
        return grafana.requests

    def test_has_a_mark_that_becomes_a_region(self):
        mark, region = self.gate_with(lambda request: (200, '{"message": "Annotation added", "id": 17}'))
        self.assertEqual(mark[:2], ("POST", "/grafana/api/annotations"))
        self.assertEqual(region[:2], ("PATCH", "/grafana/api/annotations/17"))
        self.assertEqual(mark[3]["dashboardUID"], "d1")
        self.assertEqual(mark[3]["time"], region[3]["time"])
        self.assertGreater(region[3]["timeEnd"], region[3]["time"])
        self.assertIn("suite:cases", region[3]["tags"])
        self.assertIn("pass", region[3]["text"])

    def test_gets_the_whole_region_when_it_missed_the_start(self):
        answers = iter([(503, ""), (503, ""), (503, "")])
        *_, last = self.gate_with(lambda request: next(answers, (200, '{"id": 1}')))
        self.assertEqual(last[:2], ("POST", "/grafana/api/annotations"))
        self.assertGreater(last[3]["timeEnd"], last[3]["time"])


if __name__ == "__main__":
    unittest.main()
