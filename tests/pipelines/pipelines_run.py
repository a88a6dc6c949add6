#!/usr/bin/env python3
"""The pipelines that `weir init` writes, run step by step on this machine: the sample service is pre-production.

With the fix the deployment is reached; with a regression it is refused, and JUnit and results are published all the
same; with a bypass it is reached once, and no second time.
"""
import io
import json
import subprocess
import unittest

from ruamel.yaml import YAML

import junit_files
from circleci import CircleCI
from github import GitHub
from gitlab import GitLab
from pack_orb import packed
from sandbox import Sample, Sandbox, WEIR, DEADLINE_SECONDS

IMPACT = {"impact": "nobody can open a case", "reason": "the fix of the outage", "incident": "INC-42"}
NASTY = "nobody can open a case'; touch \"$HOME/owned\"; $(touch owned) `touch owned` #"


class PipelineTest(unittest.TestCase):
    maxDiff = None
    PIPELINE = ""

    def prepare(self, regression):
        self.sandbox = Sandbox(self)
        self.service = None
        self.serve(regression)
        self.addCleanup(lambda: self.service.stop())
        self.sandbox.init(self.PIPELINE, "--base-url", self.service.url)
        self.keys = {name: self.key(name) for name in ("gate", "requester", "approver")}
        self.sandbox.fill_in(self.service.url, RELEASE)
        return self.sandbox.commit()

    def serve(self, regression):
        """Another version is deployed to pre-production, under the same address for the suite's sake."""
        if self.service is not None:
            old = self.service.url
            self.service.stop()
        self.service = Sample(self.sandbox.directory, regression)
        if hasattr(self, "keys"):
            self.sandbox.write("weir.toml", self.sandbox.read("weir.toml").replace(old, self.service.url))

    def key(self, name):
        """A key pair: the public half in the repository; the private one as a variable's text."""
        file = self.sandbox.directory / name
        done = subprocess.run([WEIR, "key", "new", "--out", file], capture_output=True, text=True, timeout=DEADLINE_SECONDS)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.sandbox.write(f"keys/{name}.pub", file.with_name(name + ".pub").read_text())
        return file.read_text()

    def assert_published(self, results, verdict):
        """The newest result directory, whole: JUnit and evidence."""
        found = sorted(results.glob("*/junit.xml"))
        self.assertTrue(found, self.sandbox.said)
        suite = junit_files.read(found[-1])
        self.assertEqual(suite["verdict"], verdict, self.sandbox.said)
        self.assertEqual(suite["failure"] > 0, verdict == "fail")
        names = {file.name for file in found[-1].parent.iterdir()}
        self.assertLessEqual({"record.json", "verdict.json", "verdict.txt", "junit.xml", "report.html", "report.json",
                              "summary.md"}, names)
        return json.loads((found[-1].parent / "verdict.json").read_text())

    def assert_deployed(self, *environments):
        self.assertEqual([each for each, _ in self.sandbox.deployed()], list(environments), self.sandbox.said)
        self.assertLessEqual(len({subject for _, subject in self.sandbox.deployed()}), 1)


RELEASE = """
[attest]
key = { env = "WEIR_GATE_KEY" }
trusted = ["keys/gate.pub"]

[[bypass.person]]
name = "requester"
key = "keys/requester.pub"

[[bypass.person]]
name = "approver"
key = "keys/approver.pub"
"""


class OnCircleCI(PipelineTest):
    PIPELINE = "circleci"

    def circle(self):
        return CircleCI(self.sandbox, {"weir": {"WEIR_GATE_KEY": self.keys["gate"], "WEIR_REQUEST_KEY": self.keys["requester"]},
                                       "weir-bypass": {"WEIR_BYPASS_KEY": self.keys["approver"]}})

    def test_the_fix_is_deployed(self):
        commit = self.prepare(regression=False)
        circle = self.circle()
        deliver = circle.trigger(commit)["deliver"]
        self.assertEqual(deliver.states["performance_gate"], "success", self.sandbox.said)
        self.assertEqual(deliver.states["approve_prod"], "on_hold")
        self.assert_deployed("preprod")
        circle.go_on(deliver, approve={"approve_prod"})
        self.assertEqual(set(deliver.states.values()), {"success"}, self.sandbox.said)
        self.assert_deployed("preprod", "production")
        self.assert_published(deliver.test_results["performance_gate"], "pass")
        self.assertEqual(deliver.artifacts["performance_gate"], deliver.test_results["performance_gate"])
        self.assertIn("weir-history-v1-", circle.cache.keys[0])

    def test_a_regression_is_not(self):
        commit = self.prepare(regression=True)
        circle = self.circle()
        deliver = circle.trigger(commit, approve={"approve_prod"})["deliver"]
        self.assertEqual(deliver.states, {"build": "success", "deploy_preprod": "success", "performance_gate": "failed",
                                          "approve_prod": "blocked", "deploy_prod": "blocked"}, self.sandbox.said)
        self.assert_deployed("preprod")
        self.assert_published(deliver.test_results["performance_gate"], "fail")
        self.assertIn("performance_gate", deliver.artifacts)
        self.assertEqual(len(circle.cache.keys), 1, "the history of a red gate is kept, too")

    def test_a_bypass_lets_it_through_once(self):
        commit = self.prepare(regression=True)
        circle = self.circle()
        deliver = circle.trigger(commit, approve={"approve_prod"})["deliver"]
        self.assertEqual(deliver.states["performance_gate"], "failed", self.sandbox.said)
        subject = self.sandbox.deployed()[0][1]
        asked = {f"bypass_{name}": value for name, value in {**IMPACT, "impact": NASTY, "subject": subject}.items()}
        bypass = circle.trigger(commit, **asked)["bypass"]
        self.assertEqual(bypass.states, {"request_bypass": "success", "approve_bypass_request": "on_hold",
                                         "approve_bypass": "blocked"}, self.sandbox.said)
        self.assertFalse(list(self.sandbox.directory.glob("**/owned")), "what people write was run")
        circle.go_on(bypass, approve={"approve_bypass_request"})
        self.assertEqual(bypass.states["approve_bypass"], "success", self.sandbox.said)
        circle.go_on(deliver, approve={"approve_prod"})  # "Rerun workflow from failed"
        self.assertEqual(set(deliver.states.values()), {"success"}, self.sandbox.said)
        self.assert_deployed("preprod", "production")
        self.assert_published(deliver.test_results["performance_gate"], "fail")
        again = circle.trigger(commit, approve={"approve_prod"})["deliver"]
        self.assertEqual(again.states["performance_gate"], "failed", self.sandbox.said)
        self.assert_deployed("preprod", "production", "preprod")


    def test_the_orbs_example_deploys_the_fix(self):
        self.prepare(regression=False)
        orb = YAML(typ="safe").load(packed())
        config = orb.pop("examples")["gate_before_production"]["usage"]
        config["orbs"] = {"weir": {kind: orb[kind] for kind in ("commands", "jobs", "executors")}}
        text = io.StringIO()
        YAML(typ="safe").dump(config, text)
        self.sandbox.write(".circleci/config.yml", text.getvalue())
        deliver = self.circle().trigger(self.sandbox.commit(), approve={"approve_prod"})["deliver"]
        self.assertEqual(set(deliver.states.values()), {"success"}, self.sandbox.said)
        self.assert_deployed("preprod", "production")
        self.assert_published(deliver.test_results["performance_gate"], "pass")


class OnGitHub(PipelineTest):
    PIPELINE = "github"

    def github(self, **more):
        return GitHub(self.sandbox, {"WEIR_GATE_KEY": self.keys["gate"], "WEIR_REQUEST_KEY": self.keys["requester"], **more},
                      {"production": {}, "performance-bypass": {"WEIR_BYPASS_KEY": self.keys["approver"]}})

    def test_the_fix_is_deployed(self):
        commit = self.prepare(regression=False)
        github = self.github()
        run = github.push(commit)
        self.assertEqual(run.states["performance_gate"], "success", self.sandbox.said)
        self.assertEqual(run.states["deploy_prod"], "waiting")
        self.assert_deployed("preprod")
        github.go_on(run, approve={"production"})
        self.assertEqual(set(run.states.values()), {"success"}, self.sandbox.said)
        self.assert_deployed("preprod", "production")
        self.assert_published(run.artifacts["performance-1"], "pass")
        self.assertIn("### ✅ pass: deployment may go on", run.summary)

    def test_a_regression_is_not(self):
        commit = self.prepare(regression=True)
        github = self.github()
        run = github.push(commit, approve={"production"})
        self.assertEqual(run.states["performance_gate"], "failure", self.sandbox.said)
        self.assertEqual(run.states["deploy_prod"], "skipped")
        self.assert_deployed("preprod")
        self.assert_published(run.artifacts["performance-1"], "fail")
        self.assertIn("### ❌ fail: deployment blocked", run.summary)
        self.assertEqual(len(github.cache.keys), 1, "the history of a red gate is kept, too")

    def test_a_bypass_lets_it_through_once(self):
        """With the store elsewhere, named by a secret; on CircleCI it travels in the cache."""
        commit = self.prepare(regression=True)
        github = self.github(WEIR_STORE=f"sqlite:{self.sandbox.directory}/store.db")
        run = github.push(commit, approve={"production"})
        self.assertEqual(run.states["performance_gate"], "failure", self.sandbox.said)
        subject = self.sandbox.deployed()[0][1]
        asked = {**IMPACT, "impact": NASTY, "subject": subject, "commit": commit}
        bypass = github.dispatch("performance-bypass.yml", commit, asked)
        self.assertEqual(bypass.states, {"request": "success", "approve": "waiting"}, self.sandbox.said)
        self.assertFalse(list(self.sandbox.directory.glob("**/owned")), "what people write was run")
        github.go_on(bypass, approve={"performance-bypass"})
        self.assertEqual(bypass.states["approve"], "success", self.sandbox.said)
        github.go_on(run, approve={"production"})  # "Re-run failed jobs"
        self.assertEqual(set(run.states.values()), {"success"}, self.sandbox.said)
        self.assert_deployed("preprod", "production")
        self.assert_published(run.artifacts["performance-2"], "fail")
        self.assertEqual(github.cache.keys, [], "the store is not in the cache")
        again = github.push(commit, approve={"production"})
        self.assertEqual(again.states["performance_gate"], "failure", self.sandbox.said)
        self.assert_deployed("preprod", "production", "preprod")


class OnGitLab(PipelineTest):
    PIPELINE = "gitlab"

    def gitlab(self):
        return GitLab(self.sandbox, {"WEIR_GATE_KEY_FILE": self.sandbox.directory / "gate",
                                     "WEIR_REQUEST_KEY_FILE": self.sandbox.directory / "requester"},
                      {"performance-bypass": {"WEIR_BYPASS_KEY_FILE": self.sandbox.directory / "approver"}})

    def test_the_fix_is_deployed(self):
        commit = self.prepare(regression=False)
        gitlab = self.gitlab()
        pipeline = gitlab.push(commit)
        self.assertEqual(pipeline.states["performance_gate"], "success", self.sandbox.said)
        self.assertEqual(pipeline.states["deploy_prod"], "manual")
        self.assert_deployed("preprod")
        gitlab.go_on(pipeline, started={"deploy_prod"})
        self.assertEqual(pipeline.states["deploy_prod"], "success", self.sandbox.said)
        self.assert_deployed("preprod", "production")
        self.assert_published(pipeline.artifacts["performance_gate"] / ".weir/results", "pass")
        self.assertEqual(len(pipeline.junit["performance_gate"]), 1)

    def test_a_regression_is_not_but_by_a_bypass(self):
        commit = self.prepare(regression=True)
        gitlab = self.gitlab()
        pipeline = gitlab.push(commit, started={"deploy_prod"})
        self.assertEqual(pipeline.states["performance_gate"], "failed", self.sandbox.said)
        self.assertEqual(pipeline.states["deploy_prod"], "skipped")
        self.assert_deployed("preprod")
        self.assert_published(pipeline.artifacts["performance_gate"] / ".weir/results", "fail")
        given = {name.upper(): value for name, value in {**IMPACT, "impact": NASTY}.items()}
        gitlab.go_on(pipeline, started={"request_bypass", "approve_bypass"}, given=given)
        self.assertEqual(pipeline.states["approve_bypass"], "success", self.sandbox.said)
        self.assertFalse(list(self.sandbox.directory.glob("**/owned")), "what people write was run")
        gitlab.go_on(pipeline, started={"deploy_prod"}, retried={"performance_gate"})
        self.assertEqual(pipeline.states["deploy_prod"], "success", self.sandbox.said)
        self.assert_deployed("preprod", "production")


if __name__ == "__main__":
    unittest.main()
