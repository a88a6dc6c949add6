#!/usr/bin/env python3
"""Reports of every kind of result: the page, the document against its schema, and what job pages are told."""
import csv
import html.parser
import io
import json
import pathlib
import re
import signal
import subprocess
import threading
import unittest

import jsonschema
from raw_server import RawServer, respond
from weir_program import TRUST_A_BUSY_MACHINE, WeirTest, newest_result

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs/formats/report.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SUITE = """[gate]
name = "cases"
rate = 40
duration = "1s"
graceful_stop = "25s"
results = "results"

[[journey]]
script = "journey.js"

[environment.preprod]
base_url = "URL"

[[condition]]
that = "98 % of `page` under 20 s"
min_samples = 10

[store]
url = "sqlite:history.db"

[report]
trace_url = "https://traces.example/trace/{trace_id}"
""" + TRUST_A_BUSY_MACHINE
JOURNEY = """import http from 'k6/http';
import { check } from 'k6';
import { Trend } from 'k6/metrics';
const rows = new Trend('rows');
export default function () {
  const page = http.get(`${__ENV.BASE_URL}/page`, { tags: { name: 'page' } });
  check(page, { 'is the page': (r) => r.body.includes('the page') });
  rows.add(3);
  http.get(`${__ENV.BASE_URL}/other`, { tags: { name: NAME, kind: 'ajax' } });
}
"""
GOOD = respond(b"this is the page", headers=[("Server-Timing", 'db;dur=12.5;desc="cases, open", app;dur=3')])
BAD = respond(b"oh no", status="500 Internal Server Error")
# Nobody names a request so by chance; a team's page names one after what a user typed.
HOSTILE = "</script><script>alert(1)</script>|`*_ \u2028 \"'&<!--\n::error::no"
PLAIN = {"GITHUB_ACTIONS": "", "GITHUB_STEP_SUMMARY": ""}  # also where these tests run on GitHub


class Page(html.parser.HTMLParser):
    """The elements of a page, and what is in the script that holds the document."""

    def __init__(self, text):
        super().__init__(convert_charrefs=False)
        self.tags, self.data, self.inside = [], "", False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.inside = tag == "script" and dict(attrs).get("id") == "weir-report"

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.data += data


class ReportTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.answer = [GOOD]
        self.server = RawServer({"/": respond(b"up"), "/page": lambda *each: self.answer[0](*each)})
        self.addCleanup(self.server.close)
        self.suite()

    def suite(self, replace=(), name="other", url=None):
        self.write("journey.js", JOURNEY.replace("NAME", json.dumps(name)))
        text = SUITE.replace("URL", url or self.server.url)
        for old, new in replace:
            self.assertIn(old, text)
            text = text.replace(old, new)
        self.write("weir.toml", text)

    def gate(self, *more, **environment):
        return self.run_weir("gate", "--quiet", "--no-lease", "--commit", "c0ffee1", *more,
                             environment={**PLAIN, **environment})

    def report(self, result, *more):
        ended = self.run_weir("report", str(result), *more)
        self.assertEqual(ended.code, 0, ended.said)
        return ended.said

    def checked(self, result):
        """The document of a result: by the schema, the same in each of its places, with lists of one length."""
        said = self.report(result, "--format", "json")
        document = json.loads(said)
        wrong = [f"{'.'.join(map(str, each.absolute_path))}: {each.message[:300]}" for each in VALIDATOR.iter_errors(document)]
        self.assertEqual(wrong, [])
        kept = pathlib.Path(result) / "report.json"
        self.assertEqual(kept.read_text(), said, "rendered later it is the same")
        page = Page((kept.with_name("report.html")).read_text())
        self.assertEqual(json.loads(page.data), document)
        self.report(result)
        again = Page((kept.with_name("report.html")).read_text())
        self.assertEqual((again.tags, again.data), (page.tags, page.data))
        windows = len(document["timeline"]["started"])
        for one in [document["timeline"], *(row["timeline"] for row in document["requests"])]:
            self.assertEqual({len(each) for each in one.values() if isinstance(each, list)}, {windows})
        self.assertEqual(document["requests"][0]["journey"] + document["requests"][0]["request"], "")
        return document


class Gates(ReportTest):
    def test_one_that_passed(self):
        ended = self.gate("--subject", "sha256:" + "ab" * 32, CI_MERGE_REQUEST_SOURCE_BRANCH_NAME="fix/paging",
                          CI_JOB_URL="https://ci.example/job/7", GITHUB_HEAD_REF="", GITHUB_REF_NAME="",
                          CIRCLE_BUILD_URL="")
        self.assertEqual(ended.code, 0, ended.said)
        result = newest_result(self.directory)
        self.assertIn(f"report    {result.relative_to(self.directory)}/report.html", ended.said)
        document = self.checked(result)
        self.assertEqual(document["verdict"], {"kind": "pass", "allowed": True, "sentence": "deployment may go on",
                                               "reasons": document["verdict"]["reasons"]})
        run = document["run"]
        self.assertEqual((run["suite"], run["environment"], run["commit"], run["branch"], run["artefact"], run["attempt"]),
                         ("cases", "preprod", "c0ffee1", "fix/paging", "ab" * 32, 1))
        self.assertEqual((run["pipelineUrl"], run["load"]),
                         ("https://ci.example/job/7", "40 journeys per second for 1s"))
        self.assertEqual(document["traceUrl"], "https://traces.example/trace/{trace_id}")
        everything, page, other = document["requests"]
        self.assertEqual((page["request"], other["request"], other["tags"]), ("page", "other", {"kind": "ajax"}))
        self.assertEqual((page["count"], everything["count"]), (40, 80))
        self.assertEqual(sum(page["timeline"]["count"]), 40)
        self.assertEqual(page["statuses"], [[200, 40]])
        self.assertEqual(page["responseTime"]["count"], 40)
        self.assertEqual([each["name"] for each in page["phases"]],
                         ["blocked", "connecting", "tls_handshaking", "sending", "waiting", "receiving"])
        self.assertEqual([(each["name"], each["count"], each["meanMs"]) for each in page["serverTiming"]],
                         [("db", 40, 12.5), ("app", 40, 3)])
        self.assertEqual(sum(document["timeline"]["intended"]), 40)
        self.assertIn({"name": "is the page", "group": "", "passed": 40, "failed": 0}, document["checks"])
        self.assertIn("rows", [each["name"] for each in document["metrics"]])
        slow = next(each for each in document["slowest"] if each["request"] == "page")
        self.assertRegex(slow["traceId"], "^[0-9a-f]{32}$")
        self.assertEqual(slow["serverTiming"][0], {"name": "db", "ms": 12.5, "description": "cases, open"})

    def test_one_that_failed_says_since_when(self):
        self.suite(replace=[("[report]", '[baseline]\non_slower = "report"\n[report]')])
        for _ in range(5):
            self.assertEqual(self.gate("--rate", "100").code, 0)
        good = newest_result(self.directory)

        def slow(connection, head):
            threading.Event().wait(0.25)
            return GOOD(connection, head)
        self.answer[0] = slow
        self.suite(replace=[("98 % of `page` under 20 s", "98 % of `page` under 100 ms")])
        ended = self.run_weir("gate", "--quiet", "--no-lease", "--commit", "badcafe", "--rate", "100", environment=PLAIN)
        self.assertEqual(ended.code, 10, ended.said)
        result = newest_result(self.directory)
        document = self.checked(result)
        self.assertEqual((document["verdict"]["kind"], document["verdict"]["allowed"]), ("fail", False))
        self.assertEqual(document["findings"][0]["state"], "missed")
        baseline = document["baseline"]
        self.assertEqual(baseline["runs"], 5)
        self.assertEqual((baseline["lastGood"]["id"], baseline["lastGood"]["commit"]), (good.name, "c0ffee1"))
        median = next(each for each in baseline["changes"] if (each["request"], each["figure"]) == ("page", "median"))
        self.assertEqual(median["word"], "slower")
        self.assertGreater(median["nowMs"], 200)
        self.assertGreater(median["nowMs"], median["limitMs"])
        summary = (result / "summary.md").read_text()
        self.assertIn("### ❌ fail: deployment blocked", summary)
        self.assertIn(f"Last known to be good: run `{good.name}`, commit `c0ffee1`", summary)
        self.assertIn("](https://traces.example/trace/", summary)
        self.assertIn("https://traces.example/trace/", (result / "junit.xml").read_text())

    def test_one_that_cannot_be_trusted(self):
        """The condition asks for more samples than there are."""
        self.suite(replace=[("min_samples = 10", "min_samples = 1000")])
        ended = self.gate()
        self.assertEqual(ended.code, 11, ended.said)
        document = self.checked(newest_result(self.directory))
        self.assertEqual((document["verdict"]["kind"], document["findings"][0]["state"]), ("invalid", "undecided"))

    def test_one_whose_target_was_not_there(self):
        self.suite(url="http://127.0.0.1:1")
        ended = self.gate()
        self.assertEqual(ended.code, 11, ended.said)
        document = self.checked(newest_result(self.directory))
        self.assertEqual((document["verdict"]["kind"], document["run"]["ending"]["kind"]), ("invalid", "unreachable"))
        self.assertFalse(document["run"]["started"].startswith("1970"))
        self.assertEqual(document["requests"][0]["count"], 0)
        self.assertEqual(document["signals"][0]["weight"], "hard")

    def test_one_that_was_interrupted(self):
        self.suite(replace=[('duration = "1s"', 'duration = "5m"'), ("[store]", "[decision]\nearly_stop = false\n[store]")])
        process = self.start("gate", "--quiet", "--no-lease", environment=PLAIN)
        self.server.wait_for(30)
        process.send_signal(signal.SIGINT)
        ended = self.finish(process)
        self.assertEqual(ended.code, 11, ended.said)
        document = self.checked(newest_result(self.directory))
        self.assertEqual((document["verdict"]["kind"], document["run"]["ending"]["kind"]), ("invalid", "aborted_by_signal"))

    def test_one_that_was_bypassed(self):
        (self.directory / "keys").mkdir()
        for name in ("ann", "bob"):
            key = self.directory / "keys" / name
            subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, capture_output=True)
            subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", f"{key}.pub"], check=True)
        people = "".join(f'[[bypass.person]]\nname = "{name.title()}"\nkey = "keys/{name}.pub"\n' for name in ("ann", "bob"))
        self.suite(replace=[("[report]", people + "[report]")])
        self.answer[0] = BAD
        asked = self.run_weir("bypass", "request", "--reason", "users wait", "--incident", "INC-7", "--impact", "no case opens",
                              "--commit", "c0ffee1", "--json", "--key", "keys/ann")
        allowed = self.run_weir("bypass", "approve", json.loads(asked.said)["id"], "--key", "keys/bob")
        self.assertEqual(allowed.code, 0, allowed.said)
        ended = self.gate()
        self.assertEqual(ended.code, 13, ended.said)
        document = self.checked(newest_result(self.directory))
        self.assertEqual((document["verdict"]["kind"], document["verdict"]["allowed"]), ("bypassed", True))
        self.assertIn("asked for by Ann, approved by Bob", document["verdict"]["sentence"])
        self.assertEqual(document["findings"][0]["state"], "missed", "what was found stays")

    def test_what_a_report_knows_changes_no_verdict(self):
        self.assertEqual(self.gate().code, 0)
        result = newest_result(self.directory)
        before = self.run_weir("judge", "--json", str(result))
        self.assertEqual(before.said, (result / "verdict.json").read_text())
        (result / "provenance.json").write_text("not JSON")
        again = self.run_weir("judge", "--json", str(result))
        self.assertEqual((again.said, again.code), (before.said, before.code))
        broken = self.run_weir("report", str(result))
        self.assertEqual(broken.code, 12, broken.said)
        self.assertIn("provenance.json: not JSON at line 1", broken.said)
        (result / "provenance.json").unlink()  # as a Weir of before left it
        document = json.loads(self.report(result, "--format", "json"))
        self.assertEqual(document["verdict"]["kind"], "pass")
        self.assertNotIn("commit", document["run"])
        VALIDATOR.validate(document)


class Others(ReportTest):
    def test_a_plain_run(self):
        script = JOURNEY.replace("NAME", '"other"')
        ended = self.run_script(script, "--iterations", "5", "-e", f"BASE_URL={self.server.url}", environment=PLAIN)
        self.assertEqual(ended.code, 0, ended.said)
        result = ended.record_path().parent
        document = self.checked(result)
        self.assertEqual(document["verdict"]["kind"], "none")
        self.assertEqual(document["verdict"]["sentence"], "nothing was asked of the service")
        self.assertEqual(document["requests"][0]["count"], 10)
        self.assertNotIn("suite", document["run"])
        self.assertEqual(json.loads(self.report(result / "record.json", "--format", "json")), document)

    def test_a_run_with_thresholds(self):
        script = ("export const options = { thresholds: { http_reqs: ['count<1'], checks: ['rate>0.9'] } };\n" +
                  JOURNEY.replace("NAME", '"other"'))
        ended = self.run_script(script, "--iterations", "5", "-e", f"BASE_URL={self.server.url}", environment=PLAIN)
        self.assertEqual(ended.code, 99, ended.said)
        document = self.checked(ended.record_path().parent)
        self.assertEqual((document["verdict"]["kind"], document["verdict"]["sentence"]),
                         ("fail", "the run misses what was asked of it"))
        self.assertEqual([each["state"] for each in document["findings"]], ["missed", "held"])

    def test_a_duet(self):
        with RawServer({"/": respond(b"up"), "/page": GOOD}) as candidate:
            ended = self.run_weir("duet", "--quiet", "--baseline", self.server.url, "--candidate", candidate.url,
                                  "--duration", "2s", "--rate", "40", environment=PLAIN)
        self.assertIn(ended.code, (0, 11), ended.said)
        result = newest_result(self.directory)
        self.assertIn(f"report    {result.relative_to(self.directory)}/report.html", ended.said)
        document = self.checked(result)
        sides = {(row["journey"], row["request"], row.get("side")) for row in document["requests"][1:]}
        self.assertEqual(sides, {("journey", name, side) for name in ("page", "other") for side in ("baseline", "candidate")})
        self.assertIn("words", document["baseline"])

    def test_what_is_no_result(self):
        for words, code, said in [
                (["."], 12, "holds no record.json"), (["nowhere"], 12, "holds no record.json"),
                ([".", "--format", "pdf"], 2, "pdf"), ([], 2, "result")]:
            ended = self.run_weir("report", *words)
            self.assertEqual(ended.code, code, ended.said)
            self.assertIn(said, ended.said)
        self.write("record.json", "{}")
        ended = self.run_weir("report", ".")
        self.assertEqual(ended.code, 12, ended.said)
        self.assertIn("this is not a result that Weir wrote", ended.said)


class HostileNames(ReportTest):
    def test_stay_names(self):
        self.suite(name=HOSTILE)
        ended = self.gate()
        self.assertEqual(ended.code, 0, ended.said)
        result = newest_result(self.directory)
        document = self.checked(result)
        self.assertEqual(document["requests"][2]["request"], HOSTILE)
        page = Page((result / "report.html").read_text())
        self.suite()
        self.gate()
        tame = Page((newest_result(self.directory) / "report.html").read_text())
        self.assertEqual(page.tags, tame.tags, "no element comes from the data")
        rows = list(csv.DictReader(io.StringIO(self.report(result, "--format", "csv"), newline="")))
        self.assertEqual([row["request"] for row in rows], ["page", HOSTILE])
        self.assertEqual((rows[0]["count"], rows[1]["tags"]), ("40", "kind=ajax"))
        self.assertGreater(float(rows[0]["p95_ms"]), 0)
        for line in (result / "summary.md").read_text().splitlines():
            self.assertNotIn("<script", line)
            self.assertFalse(line.startswith("::"), line)


class OnGitHub(ReportTest):
    def on_github(self, *more, summary="summary"):
        return self.gate(*more, GITHUB_ACTIONS="true", GITHUB_WORKSPACE=str(self.directory),
                         GITHUB_STEP_SUMMARY=str(self.directory / summary))

    def test_a_missed_condition_is_shown_at_its_line(self):
        self.write("summary", "what was there\n")
        self.answer[0] = BAD
        ended = self.on_github("-c", str(self.directory / "weir.toml"))
        self.assertEqual(ended.code, 10, ended.said)
        line = (self.directory / "weir.toml").read_text().split("[[condition]]")[0].count("\n") + 1
        self.assertRegex(ended.said, rf"(?m)^::error file=weir\.toml,line={line},title=98 %25 of `page` under 20s::missed: ")
        self.assertRegex(ended.said, r"(?m)^::error title=performance gate%3A fail::deployment blocked")
        summary = (self.directory / "summary").read_text()
        self.assertTrue(summary.startswith("what was there\n### ❌ fail"), summary)
        again = self.report(newest_result(self.directory), "--format", "github")
        self.assertEqual(again.splitlines(), [each for each in ended.said.splitlines() if re.match("::(error|warning|notice) ", each)])

    def test_a_summary_that_cannot_be_written_changes_nothing(self):
        (self.directory / "summary").mkdir()
        ended = self.on_github()
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("no summary for the job's page", ended.said)
        self.write("full", "x" * (1024 * 1024 - 10))
        ended = self.on_github(summary="full")
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("the summary of this step is full", ended.said)
        self.assertEqual(len((self.directory / "full").read_text()), 1024 * 1024 - 10)

    def test_only_the_last_of_several_tries_is_told(self):
        self.suite(replace=[("min_samples = 10", "min_samples = 1000"), ("[store]", "[decision]\nretries = 1\n[store]")])
        ended = self.on_github()
        self.assertEqual(ended.code, 11, ended.said)
        self.assertEqual(ended.said.count("::error title=performance gate%3A invalid"), 1, ended.said)
        self.assertEqual((self.directory / "summary").read_text().count("### "), 1)
        self.assertEqual(len(list(self.directory.glob("results/2*/report.html"))), 2)

    def test_elsewhere_nothing_is_told(self):
        ended = self.gate()
        self.assertNotIn("::notice", ended.said)


if __name__ == "__main__":
    unittest.main()
