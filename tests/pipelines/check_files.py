#!/usr/bin/env python3
"""Every file that `weir init` writes passes its platform's validator, in repositories of several kinds.

Schemas and linters are those that setup/third-party.lock pins: GitHub's, CircleCI's and GitLab's schemas from
check-jsonschema, actionlint, Kubernetes' from kubernetes-validate; kustomize is the one in kubectl; the Jenkinsfile is
parsed by Groovy 2.4, the version that Jenkins runs.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tomllib
import unittest
import warnings

import jsonschema
from ruamel.yaml import YAML

from pack_orb import ORB, packed
from sandbox import IMAGE, ROOT, Sandbox, WEIR

THIRD_PARTY = ROOT / "build/third_party"
SCHEMAS = {"circleci": "circle-ci", "github": "github-workflows", "action": "github-actions", "gitlab": "gitlab-ci"}
KUBERNETES = THIRD_PARTY / "kubernetes-schemas"
GROOVY = "/usr/share/java/groovy-all.jar"
warnings.filterwarnings("ignore", category=DeprecationWarning)


def load(text):
    return YAML(typ="safe").load(text)


def problems(schema_name, document):
    schema = json.loads((THIRD_PARTY / f"ci-schemas/{SCHEMAS[schema_name]}.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    return [f"{'/'.join(map(str, each.absolute_path))}: {each.message[:300]}" for each in validator.iter_errors(document)]


def shell_syntax(text):
    """What bash says of it; empty when it can be read."""
    return subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True).stderr


class Written(unittest.TestCase):
    maxDiff = None

    def init(self, pipeline, *flags, files=()):
        sandbox = Sandbox(self)
        for name, text in files:
            sandbox.write(name, text)
        sandbox.commit()
        sandbox.said = sandbox.init(pipeline, *flags)
        self.assertNotRegex(sandbox.said, r"@[A-Z_]+@")
        for path in sandbox.git("ls-files", "--others", "--exclude-standard").splitlines():
            self.assertNotRegex(sandbox.read(path), r"@[A-Z_]{3,}@", path)
        return sandbox

    def assert_shell(self, text, where):
        self.assertEqual(shell_syntax(text), "", where)


class CircleCI(Written):
    def test_its_schema(self):
        config = load(self.init("circleci").read(".circleci/config.yml"))
        self.assertEqual(problems("circleci", config), [])
        for name, job in config["jobs"].items():
            for step in job["steps"]:
                if isinstance(step, dict) and "run" in step:
                    self.assert_shell(step["run"]["command"], name)

    def test_the_deployment_requires_the_gate(self):
        jobs = load(self.init("circleci").read(".circleci/config.yml"))["workflows"]["deliver"]["jobs"]
        requires = {name: how.get("requires") for each in jobs for name, how in each.items()}
        self.assertEqual(requires["performance_gate"], ["deploy_preprod"])
        self.assertEqual(requires["approve_prod"], ["performance_gate"])
        self.assertEqual(requires["deploy_prod"], ["approve_prod"])

    def test_the_schema_is_not_blind(self):
        config = load(self.init("circleci").read(".circleci/config.yml"))
        config["jobs"]["build"]["steps"].append({"save_cache": {"paths": "x"}})
        self.assertNotEqual(problems("circleci", config), [])


class Orb(unittest.TestCase):
    def test_the_packed_form_is_the_source_packed(self):
        self.assertEqual((ORB / "orb.yml").read_text(), packed(), "pack it: tests/pipelines/pack_orb.py")

    def test_its_example_with_the_orb_inline_is_a_valid_configuration(self):
        orb = load(packed())
        for name, example in orb.pop("examples").items():
            usage = example["usage"]
            usage["orbs"]["weir"] = {key: value for key, value in orb.items() if key not in ("version", "description")}
            self.assertEqual(problems("circleci", usage), [], name)

    def test_each_element_is_described_and_each_script_can_be_read(self):
        orb = load(packed())
        for kind in ("commands", "jobs", "executors", "examples"):
            self.assertTrue(orb[kind])
            for name, element in orb[kind].items():
                self.assertIn("description", element, f"{kind}/{name}")
        for script in (ORB / "src/scripts").iterdir():
            self.assertEqual(shell_syntax(script.read_text()), "", script.name)


class GitHub(Written):
    FILES = ["deploy.yml", "performance-gate.yml", "performance-bypass.yml"]

    def test_its_schemas(self):
        sandbox = self.init("github")
        for file in self.FILES:
            self.assertEqual(problems("github", load(sandbox.read(f".github/workflows/{file}"))), [], file)
        self.assertEqual(problems("action", load(sandbox.read(".github/actions/weir/action.yml"))), [])

    def test_actionlint(self):
        sandbox = self.init("github")
        for file in self.FILES:
            self.assertEqual(self.actionlint(sandbox.read(f".github/workflows/{file}"), file), [])
        broken = sandbox.read(".github/workflows/deploy.yml").replace("steps.artefact.outputs", "steps.artifact.outputs")
        self.assertNotEqual(self.actionlint(broken, "deploy.yml"), [], "the linter is blind")

    def actionlint(self, text, file):
        program = (f"const {{createLinter}} = require({json.dumps(str(THIRD_PARTY / 'actionlint/node.cjs'))});"
                   "let text = ''; process.stdin.on('data', (d) => text += d).on('end', async () => {"
                   f"console.log(JSON.stringify((await createLinter())(text, '.github/workflows/{file}'))); }});")
        done = subprocess.run(["node", "-e", program], input=text, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_the_deployment_requires_the_gate(self):
        jobs = load(self.init("github").read(".github/workflows/deploy.yml"))["jobs"]
        self.assertIn("deploy_preprod", jobs["performance_gate"]["needs"])
        self.assertIn("performance_gate", jobs["deploy_prod"]["needs"])
        self.assertEqual(jobs["deploy_prod"]["environment"], "production")


class GitLab(Written):
    def parts(self, sandbox):
        return [load(sandbox.read(file)) for file in (".gitlab-ci.yml", ".gitlab/performance-gate.gitlab-ci.yml")]

    def test_its_schema(self):
        for part in self.parts(self.init("gitlab")):
            self.assertEqual(problems("gitlab", part), [])

    def test_what_jobs_name_is_there(self):
        top, gate = self.parts(self.init("gitlab"))
        keywords = {"variables", "include", "stages", "workflow", "default"}
        jobs = {name: job for part in (top, gate) for name, job in part.items() if name not in keywords}
        for name, job in jobs.items():
            for needed in [*job.get("needs", []), *([job["extends"]] if "extends" in job else [])]:
                self.assertIn(needed, jobs, name)
            if not name.startswith("."):
                self.assertIn(job["stage"], [".pre", *top["stages"]], name)
            for line in [*job.get("before_script", []), *job.get("script", [])]:
                self.assert_shell(line, name)
        self.assertIn("performance_gate", jobs["deploy_prod"]["needs"])
        self.assertEqual(jobs["deploy_prod"]["extends"], ".admitted")


class Jenkins(Written):
    def groovy(self, text):
        sandbox = Sandbox(self)
        sandbox.write("Jenkinsfile", text)
        return subprocess.run(["java", "-cp", GROOVY, "groovy.ui.GroovyMain",
                               pathlib.Path(__file__).with_name("check_jenkinsfile.groovy"), sandbox.repository / "Jenkinsfile"],
                              capture_output=True, text=True, timeout=100)

    def test_it_is_a_declarative_pipeline(self):
        text = self.init("jenkins").read("Jenkinsfile")
        done = self.groovy(text)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual(found["stages"], ["Build", "Pre-production", "Performance gate", "Bypass", "Approval", "Production"])
        for script in found["scripts"]:
            self.assert_shell(script, script)
        self.assertIn("weir verify", found["scripts"][-2])
        self.assertIn("deploy production", found["scripts"][-1])

    def test_the_parser_is_not_blind(self):
        text = self.init("jenkins").read("Jenkinsfile")
        for old, new in (("stages {", "stagez {"), ("when {", "whenever {"), ("steps {", "step {"), ("  agent { label 'docker' }\n", ""),
                         ("pipeline {", "pipeline {{")):
            self.assertIn(old, text)
            self.assertNotEqual(self.groovy(text.replace(old, new, 1)).returncode, 0, new)


class Kubernetes(Written):
    def build(self, folder):
        done = subprocess.run(["kubectl", "kustomize", folder], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [each for each in YAML(typ="safe").load_all(done.stdout) if each]

    def validate(self, document):
        group, _, version = document["apiVersion"].rpartition("/")
        group = f"{group.split('.')[0]}-" if group else ""
        path = KUBERNETES / f"{document['kind'].lower()}-{group}{version}.json"
        schema = json.loads(path.read_text())
        read = lambda uri: json.loads((KUBERNETES / uri.rsplit("/", 1)[-1]).read_text())
        resolver = jsonschema.RefResolver.from_schema(schema, handlers={"https": read})
        errors = jsonschema.Draft202012Validator(schema, resolver=resolver).iter_errors(document)
        return [f"{document['kind']} {document['metadata']['name']}: {'/'.join(map(str, each.absolute_path))}: {each.message}"
                for each in errors]

    def test_what_kustomize_builds_is_what_the_api_takes(self):
        sandbox = self.init("kubernetes")
        for folder in (sandbox.repository, sandbox.repository / "kubernetes/weir", ROOT / "pipelines/kubernetes/base"):
            documents = self.build(folder)
            self.assertEqual([wrong for each in documents for wrong in self.validate(each)], [])
        broken = self.build(sandbox.repository)
        next(each for each in broken if each["kind"] == "Job")["spec"]["template"]["spec"]["restartPolice"] = "Never"
        self.assertNotEqual([wrong for each in broken for wrong in self.validate(each)], [], "the schema is blind")

    def test_all_that_is_named_is_there(self):
        documents = self.build(self.init("kubernetes").repository)
        there = {(each["kind"], each["metadata"]["name"]) for each in documents}
        there |= {("Secret", "weir"), ("Secret", "weir-bypass"), ("ConfigMap", "weir-bypass-request")}
        for job in self.jobs(documents):
            pod = job["spec"]["template"]["spec"]
            named = {("ServiceAccount", pod["serviceAccountName"])}
            for volume in pod["volumes"]:
                if "configMap" in volume and not volume["configMap"].get("optional"):
                    named.add(("ConfigMap", volume["configMap"]["name"]))
                if "persistentVolumeClaim" in volume:
                    named.add(("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]))
            for source in pod["containers"][0]["envFrom"]:
                named |= {(kind, source[key]["name"]) for kind, key in
                          (("ConfigMap", "configMapRef"), ("Secret", "secretRef")) if key in source}
            self.assertLessEqual(named, there, job["metadata"]["name"])

    def jobs(self, documents):
        return [each for each in documents if each["kind"] == "Job"]

    def test_pods_are_small_and_own_nothing(self):
        jobs = self.jobs(self.build(self.init("kubernetes").repository / "kubernetes/weir"))
        self.assertEqual(len(jobs), 4)
        for job in jobs:
            pod = job["spec"]["template"]["spec"]
            container = pod["containers"][0]
            self.assertTrue(pod["securityContext"]["runAsNonRoot"])
            self.assertFalse(pod["automountServiceAccountToken"])
            self.assertTrue(container["securityContext"]["readOnlyRootFilesystem"])
            self.assertEqual(container["securityContext"]["capabilities"], {"drop": ["ALL"]})
            self.assertIn("memory", container["resources"]["limits"])
            self.assertEqual(pod["restartPolicy"], "Never")

    def test_the_image_and_the_suite_are_those_of_the_repository(self):
        sandbox = self.init("kubernetes", files=[("keys/gate.pub", "the key\n")])
        documents = self.build(sandbox.repository)
        for job in self.jobs(documents):
            self.assertEqual(job["spec"]["template"]["spec"]["containers"][0]["image"], IMAGE)
        data = {each["metadata"]["name"]: each["data"] for each in documents if each["kind"] == "ConfigMap"}
        self.assertEqual(data["weir-suite"]["weir.toml"], sandbox.read("weir.toml"))
        self.assertEqual(data["weir-journeys"]["first.js"], sandbox.read("journeys/first.js"))
        self.assertEqual(data["weir-keys"], {"gate.pub": "the key\n"})

    def test_several_suites_are_an_indexed_job(self):
        jobs = self.jobs(self.build(ROOT / "pipelines/kubernetes/base"))
        job = next(each for each in jobs if each["metadata"]["name"] == "weir-suites")
        self.assertEqual(job["spec"]["completionMode"], "Indexed")
        self.assertEqual(job["spec"]["parallelism"], 1)
        self.assertIn("--config=/suite/suites/$(SUITE_INDEX).toml", job["spec"]["template"]["spec"]["containers"][0]["args"])

    def run_gate(self, ending):
        """kubernetes/weir/run-gate with a cluster that says `ending` of the Job: (exit code, what was applied)."""
        sandbox = self.init("kubernetes")
        real = shutil.which("kubectl")
        sandbox.program("kubectl", f"""#!/bin/bash
case "$*" in
  kustomize*|create*) exec {real} "$@" ;;
  *" get job weir-gate "*) echo {ending} ;;
  *" apply "*) echo "# $*" >> {sandbox.directory}/applied; cat >> {sandbox.directory}/applied ;;
  *" delete job weir-gate "*|*" logs job/weir-gate "*) ;;
  *) echo "kubectl stub: $*" >&2; exit 1 ;;
esac
""")
        home, _ = sandbox.job()
        code = sandbox.shell(["bash"], 'kubernetes/weir/run-gate preprod sha256:ab c0ffee shop', sandbox.repository, home,
                             {"WEIR_POLL_SECONDS": "0"})
        applied = (sandbox.directory / "applied").read_text()
        return code, applied, sandbox.said

    def test_its_script_lets_a_deployment_on_only_when_the_job_is_complete(self):
        code, applied, said = self.run_gate("SuccessCriteriaMet Complete")
        self.assertEqual(code, 0, said)
        self.assertIn("WEIR_SUBJECT: sha256:ab", applied)
        self.assertIn("component=gate", applied)
        self.assertNotIn("component=bypass", applied)
        code, _, said = self.run_gate("Failed")
        self.assertEqual(code, 1, said)
        self.assertIn("may not go on", said)


class Suite(Written):
    def test_it_is_one_that_weir_takes(self):
        for pipeline in ("circleci", "kubernetes"):
            sandbox = self.init(pipeline)
            done = subprocess.run([WEIR, "inspect", "weir.toml"], cwd=sandbox.repository, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("first (journeys/first.js)", done.stdout)
            schema = json.loads((ROOT / "docs/formats/weir.schema.json").read_text())
            jsonschema.Draft202012Validator(schema).validate(tomllib.loads(sandbox.read("weir.toml")))

    def test_what_it_has_in_comments_can_be_taken_out_of_them(self):
        sandbox = self.init("circleci")
        for name in ("gate", "ann", "bob"):
            file = sandbox.directory / name
            subprocess.run([WEIR, "key", "new", "--out", file], check=True, capture_output=True)
            sandbox.write(f"keys/{name}.pub", file.with_name(f"{name}.pub").read_text())
        uncommented = re.sub(r"^# (\[|\w+ = )", r"\1", sandbox.read("weir.toml"), flags=re.M)
        self.assertIn("\n[attest]\nkey", uncommented)
        sandbox.write("weir.toml", uncommented)
        done = subprocess.run([WEIR, "inspect", "weir.toml"], cwd=sandbox.repository, capture_output=True, text=True,
                              env={**os.environ, "WEIR_GATE_KEY": (sandbox.directory / "gate").read_text()})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("sign-in      POST /sign-in", done.stdout)
        verify = subprocess.run([WEIR, "verify", "--env", "preprod", "--subject", "sha256:" + 64 * "a"], cwd=sandbox.repository,
                                capture_output=True, text=True)
        self.assertEqual(verify.returncode, 14, verify.stdout + verify.stderr)

    def test_delivery_says_what_is_deployed_and_refuses_until_it_is_filled_in(self):
        sandbox = self.init("circleci")
        artefact = subprocess.run(["scripts/delivery", "artefact"], cwd=sandbox.repository, capture_output=True, text=True)
        self.assertRegex(artefact.stdout, r"^sha256:[0-9a-f]{64}\n$", artefact.stderr)
        again = subprocess.run(["scripts/delivery", "artefact"], cwd=sandbox.repository, capture_output=True, text=True)
        self.assertEqual(again.stdout, artefact.stdout)
        deploy = subprocess.run(["scripts/delivery", "deploy", "preprod", "sha256:0"], cwd=sandbox.repository, capture_output=True)
        self.assertEqual(deploy.returncode, 1)
        self.assertIn("docker build --quiet", self.init("jenkins", files=[("Dockerfile", "FROM scratch\n")]).read("scripts/delivery"))


if __name__ == "__main__":
    unittest.main()
