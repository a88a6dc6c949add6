#!/usr/bin/env python3
"""`weir init` as people start it: what it finds, writes, leaves alone and says; bad input; the journey it writes works."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from sandbox import Sample, Sandbox, TRUST, WEIR, DEADLINE_SECONDS


class InitCommand(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.sandbox = Sandbox(self)

    def run_init(self, *arguments, code=0, cwd=None):
        done = subprocess.run([WEIR, "init", *arguments], cwd=cwd or self.sandbox.repository, capture_output=True, text=True,
                              timeout=DEADLINE_SECONDS)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def files(self):
        tracked = (path for path in self.sandbox.repository.rglob("*") if path.is_file())
        return {str(path.relative_to(self.sandbox.repository)): path.read_bytes() for path in tracked
                if ".git/" not in str(path)}

    def test_it_says_what_it_found_wrote_and_what_is_next(self):
        self.sandbox.write("package.json", '{"name": "@team/shop"}')
        self.sandbox.write("helm_deploy/values-preprod.yaml", "ingress:\n  host: shop-preprod.example.org\n")
        said = self.run_init("github")
        self.assertIn("shop (package.json)", said)
        self.assertIn("https://shop-preprod.example.org (helm_deploy/values-preprod.yaml:2)", said)
        self.assertIn("https://github.com/example/shop.git", said)
        for path in ("weir.toml", "journeys/first.js", ".github/workflows/deploy.yml", ".github/workflows/performance-gate.yml",
                     ".github/actions/weir/action.yml", ".github/pull_request_template.md", ".gitignore"):
            self.assertRegex(said, rf"\+ {re.escape(path)} ")
            self.assertTrue((self.sandbox.repository / path).is_file(), path)
        self.assertEqual(re.findall(r"^  (\d)\. ", said.split("\nnext\n")[1], re.M), ["1", "2", "3"])
        self.assertTrue(os.access(self.sandbox.repository / "scripts/delivery", os.X_OK))
        self.assertIn("does this need a performance test", self.sandbox.read(".github/pull_request_template.md").lower())
        self.assertIn("would a performance test", self.sandbox.read(".github/ISSUE_TEMPLATE/incident.md").lower())

    def test_a_second_time_changes_nothing(self):
        for pipeline in ("circleci", "github", "gitlab", "jenkins", "kubernetes"):
            with self.subTest(pipeline):
                self.run_init(pipeline)
                before = self.files()
                said = self.run_init(pipeline)
                self.assertEqual(self.files(), before)
                self.assertNotRegex(said, r"^  [+~!|] ")

    def test_gitlab_has_templates_of_its_own(self):
        self.run_init("gitlab")
        self.assertIn(".gitlab/merge_request_templates/Default.md", self.files())
        self.assertIn(".gitlab/issue_templates/Incident.md", self.files())
        self.assertNotIn(".github/pull_request_template.md", self.files())

    def test_other_pipelines_use_the_templates_of_the_remotes_host(self):
        self.sandbox.git("remote", "set-url", "origin", "git@gitlab.example.org:team/shop.git")
        self.run_init("jenkins")
        self.assertIn(".gitlab/issue_templates/Incident.md", self.files())

    def test_a_pipeline_that_is_there_stays_and_what_to_merge_is_shown(self):
        theirs = "version: 2.1\nworkflows:\n  build:\n    jobs: [deploy_to_preprod, approve_for_prod, deploy_to_prod]\n"
        self.sandbox.write(".circleci/config.yml", theirs)
        said = self.run_init("circleci")
        self.assertEqual(self.sandbox.read(".circleci/config.yml"), theirs)
        self.assertIn("performance_gate", self.sandbox.read(".circleci/config.yml.weir"))
        self.assertIn("merge into .circleci/config.yml", said)
        self.assertIn("requires: [deploy_to_preprod]", said)
        self.assertIn("deploy_to_prod", said)
        self.run_init("circleci", "--force")
        self.assertIn("performance_gate", self.sandbox.read(".circleci/config.yml"))

    def test_no_second_workflow_deploys_beside_theirs(self):
        self.sandbox.write(".github/workflows/pipeline.yml", "jobs:\n  deploy_preprod: {}\n  deploy_prod: {}\n")
        said = self.run_init("github")
        self.assertNotIn(".github/workflows/deploy.yml", self.files())
        self.assertIn(".github/workflows/deploy.yml.weir", self.files())
        self.assertIn(".github/workflows/performance-gate.yml", self.files())
        self.assertIn("merge into .github/workflows/pipeline.yml", said)

    def test_a_dry_run_writes_nothing(self):
        before = self.files()
        said = self.run_init("jenkins", "--dry-run")
        self.assertEqual(self.files(), before)
        self.assertIn("Jenkinsfile", said)
        self.assertIn("nothing was", said)

    def test_it_works_without_git_and_says_so(self):
        with tempfile.TemporaryDirectory(prefix="weir-plain-", dir=self.sandbox.directory) as folder:
            said = self.run_init("circleci", "--dir", folder)
            self.assertIn("no git repository", said)
            self.assertIn("main (assumed", said)
            self.assertTrue((pathlib.Path(folder) / "weir.toml").is_file())

    def test_bad_input(self):
        for arguments, words in [(["circle"], "do you mean 'circleci'?"), (["bamboo"], "there are circleci, github"), ([], "pipeline"),
                                 (["github", "--dir", "nowhere"], "no such directory"), (["github", "--name", "A b"], "--name"),
                                 (["github", "--base-url", "https://me:secret@x"], "no credentials"),
                                 (["github", "--base-url", "ftp://x"], "http"), (["github", "--page", "x"], "--page"),
                                 (["github", "--image", "a b\nc"], "--image"), (["github", "--branch", "a'b"], "--branch")]:
            with self.subTest(arguments):
                before = self.files()
                said = self.run_init(*arguments, code=2 if arguments else 2)
                self.assertIn(words, said)
                self.assertNotIn("secret", said)
                self.assertEqual(self.files(), before)

    def test_what_cannot_be_written_is_said(self):
        self.sandbox.write(".circleci", "a file where a folder is wanted")
        said = self.run_init("circleci", code=12)
        self.assertIn(".circleci/config.yml", said)
        self.assertIn("--dir", said)

    def test_a_token_in_the_remote_is_not_shown(self):
        self.sandbox.git("remote", "set-url", "origin", "https://x-token:s3cr3t@github.com/example/shop.git")
        self.assertNotIn("s3cr3t", self.run_init("github") + "".join(map(str, self.files().values())))

    def test_the_first_journey_works_at_once(self):
        service = Sample(self.sandbox.directory, regression=False)
        self.addCleanup(service.stop)
        self.run_init("circleci", "--base-url", service.url, "--page", "/info")
        self.sandbox.write("weir.toml", self.sandbox.read("weir.toml") + TRUST)
        gate = [WEIR, "gate", "--env", "preprod", "--rate", "40", "--duration", "4s", "--quiet"]
        done = subprocess.run(gate, cwd=self.sandbox.repository, capture_output=True, text=True, timeout=DEADLINE_SECONDS)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("verdict: pass", done.stdout)
        # And it is not content with any page: a sign-in form is fast, too.
        suite = self.sandbox.read("weir.toml")
        self.sandbox.write("weir.toml", suite.replace('EXPECTED = ""', 'EXPECTED = "no page shows this"'))
        done = subprocess.run(gate, cwd=self.sandbox.repository, capture_output=True, text=True, timeout=DEADLINE_SECONDS)
        self.assertEqual(done.returncode, 10, done.stdout + done.stderr)
        self.assertIn("it shows what is expected", done.stdout)


if __name__ == "__main__":
    unittest.main()
