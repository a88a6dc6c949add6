"""Runs workflows of .github/workflows on this machine, step by step, as GitHub's workflow syntax says it does.

https://docs.github.com/actions/reference/workflow-syntax-for-github-actions: what Weir's files use of it, with local
composite actions and reusable workflows, and an error for anything else.
"""
import re
import shutil

from ruamel.yaml import YAML

from sandbox import Cache

EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")


class Run:
    """One run of a workflow; `outputs` and `states` of its jobs; those of a called workflow as `caller / job`."""

    def __init__(self, number, file, event):
        self.number, self.file, self.event, self.attempt = number, file, event, 1
        self.states, self.outputs, self.artifacts, self.summary = {}, {}, {}, ""


class GitHub:
    """`secrets` of the repository; `environments`: protected ones, each with secrets of its own."""

    def __init__(self, sandbox, secrets, environments):
        self.sandbox, self.secrets, self.environments = sandbox, secrets, environments
        self.cache = Cache(sandbox.directory / "cache")
        self.runs = 0

    def workflow(self, file):
        return YAML(typ="safe").load(self.sandbox.read(f".github/workflows/{file}"))

    def push(self, commit, approve=(), branch="main"):
        """deploy.yml, if it listens to the branch. `approve`: the environments that a reviewer lets through."""
        self.runs += 1
        run = Run(self.runs, "deploy.yml", {"sha": commit, "ref_name": branch, "inputs": {}})
        listens = self.workflow(run.file)["on"]["push"]["branches"]
        assert branch in listens, (branch, listens)
        return self.go_on(run, approve)

    def dispatch(self, file, head, inputs):
        self.runs += 1
        run = Run(self.runs, file, {"sha": head, "ref_name": "main", "inputs": inputs})
        known = self.workflow(file)["on"]["workflow_dispatch"]["inputs"]
        assert set(inputs) == set(known), (inputs, known)
        return self.go_on(run)

    def go_on(self, run, approve=()):
        """At first, after a review, and as "re-run failed jobs"."""
        run.states = {name: state for name, state in run.states.items() if state == "success"}
        self.jobs(run, self.workflow(run.file), "", run.event["inputs"], self.secrets, approve)
        run.attempt += 1
        return run

    def jobs(self, run, workflow, prefix, inputs, secrets, approve):
        states, outputs = {}, {}
        for name, job in workflow["jobs"].items():
            needs = job.get("needs", [])
            needs = [needs] if isinstance(needs, str) else needs
            unknown = set(needs) - set(workflow["jobs"])
            assert not unknown, f"{name} needs {unknown}, which is no job"
            known = {"inputs": inputs, "secrets": secrets, "github": {**run.event, "run_id": run.number,
                     "run_attempt": run.attempt, "job": name},
                     "needs": {each: {"outputs": outputs.get(each, {}), "result": states.get(each)} for each in needs}}
            full = prefix + name
            if run.states.get(full) == "success":
                states[name], outputs[name] = "success", run.outputs.get(full, {})
                continue
            if any(states.get(each) != "success" for each in needs):
                states[name] = "skipped"
            elif "uses" in job:
                states[name] = self.call(run, job, full, known, approve)
            else:
                states[name], outputs[name] = self.job(run, workflow, job, full, known, approve)
            run.states[full], run.outputs[full] = states[name], outputs.get(name, {})
        return states

    def call(self, run, job, full, known, approve):
        """A reusable workflow: what it declares, it is given."""
        file = job["uses"].removeprefix("./.github/workflows/")
        called = self.workflow(file)
        declared = called["on"]["workflow_call"]
        given = {name: text_of(value, known) for name, value in job.get("with", {}).items()}
        unknown = set(given) - set(declared["inputs"])
        assert not unknown, f"{file} has no input {unknown}"
        inputs = {name: given.get(name, each.get("default", "")) for name, each in declared["inputs"].items()}
        secrets = known["secrets"] if job.get("secrets") == "inherit" else {}
        states = self.jobs(run, called, full + " / ", inputs, secrets, approve)
        return "success" if all(state == "success" for state in states.values()) else "failure"

    def job(self, run, workflow, job, full, known, approve):
        environment = job.get("environment")
        if environment in self.environments:
            if environment not in approve:
                return "waiting", {}
            known = {**known, "secrets": {**known["secrets"], **self.environments[environment]}}
        home, work = self.sandbox.job()
        env = {"GITHUB_SHA": run.event["sha"], "GITHUB_REF_NAME": run.event["ref_name"], "GITHUB_ACTOR": "rosa",
               "GITHUB_WORKSPACE": work, "RUNNER_TEMP": home / "temp", "GITHUB_ACTIONS": "true"}
        (home / "temp").mkdir()
        for layer in (workflow.get("env", {}), job.get("env", {})):
            env.update({name: text_of(value, known) for name, value in layer.items()})
        steps = Steps(self, run, home, work, env, known)
        for step in job["steps"]:
            steps.step(step)
        known = {**known, "steps": steps.outputs}
        return steps.state, {name: text_of(value, known) for name, value in job.get("outputs", {}).items()}


def value_of(name, known):
    value = known
    for part in name.split("."):
        value = value.get(part, "") if isinstance(value, dict) else ""
    return value


def text_of(value, known):
    """What is not known is empty, as on GitHub; but a context that is not there at all is a mistake."""
    def replaced(found):
        assert found[1].split(".")[0] in known, f"there is no {found[1]} here"
        return str(value_of(found[1], known))
    text = EXPRESSION.sub(replaced, str(value))
    assert "${{" not in text, text
    return text


class Steps:
    def __init__(self, github, run, home, work, env, known):
        self.github, self.run_of, self.home, self.work = github, run, home, work
        self.env, self.known = dict(env), known
        self.path, self.outputs, self.state = [], {}, "success"

    def step(self, step, in_action=None):
        condition = step.get("if", "success()")
        assert condition in ("success()", "always()", "failure()"), condition
        holds = {"success()": self.state == "success", "always()": True, "failure()": self.state == "failure"}
        if not holds[condition]:
            return
        known = {**self.known, "steps": self.outputs}
        if in_action is not None:
            known["inputs"] = in_action
        env = {**self.env, **{name: text_of(value, known) for name, value in step.get("env", {}).items()}}
        given = {name: text_of(value, known) for name, value in step.get("with", {}).items()}
        if "run" in step:
            assert in_action is None or "shell" in step, "a step of an action names its shell"
            self.shell(step, text_of(step["run"], known), env)
        elif step["uses"].startswith("./"):
            self.action(step["uses"], given)
        else:
            name = step["uses"].split("@")[0]
            ACTIONS[name](self, given)

    def shell(self, step, text, env):
        files = {name: self.home / name for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        command = ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail"] if step.get("shell") else ["/bin/bash", "-e"]
        code = self.github.sandbox.shell(command, text, self.work, self.home, {**env, **files}, reversed(self.path))
        self.outputs.setdefault(step.get("id", ""), {"outputs": {}})["outputs"].update(pairs(files["GITHUB_OUTPUT"]))
        self.env.update(pairs(files["GITHUB_ENV"]))
        self.path += files["GITHUB_PATH"].read_text().split("\n")[:-1]
        self.run_of.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        if code != 0:
            self.state = "failure"

    def action(self, uses, given):
        folder = self.work / uses
        action = YAML(typ="safe").load((folder / "action.yml").read_text())
        assert action["runs"]["using"] == "composite"
        unknown = set(given) - set(action["inputs"])
        assert not unknown, f"{uses} has no input {unknown}"
        inputs = {name: given.get(name, each.get("default", "")) for name, each in action["inputs"].items()}
        for step in action["runs"]["steps"]:
            self.step(step, inputs)

    def checkout(self, _):
        self.github.sandbox.checkout(self.work)

    def cache_restore(self, given):
        self.github.cache.restore([given["key"], *given.get("restore-keys", "").split()], self.work)

    def cache_save(self, given):
        self.github.cache.save(given["key"], self.work, given["path"].split())

    def upload(self, given):
        """v4: names are given once a run, and hidden files only when asked for."""
        assert given["name"] not in self.run_of.artifacts, "an artefact of that name is there"
        path = self.work / given["path"]
        hidden = any(part.startswith(".") for part in given["path"].split("/"))
        if hidden and given.get("include-hidden-files") != "true" and given.get("include-hidden-files") != "True":
            return
        if path.exists():
            place = self.github.sandbox.directory / f"artifact-{len(self.run_of.artifacts)}-{self.run_of.number}"
            shutil.copytree(path, place)
            self.run_of.artifacts[given["name"]] = place


def pairs(file):
    return dict(line.split("=", 1) for line in file.read_text().splitlines() if line)


ACTIONS = {"actions/checkout": Steps.checkout, "actions/cache/restore": Steps.cache_restore,
           "actions/cache/save": Steps.cache_save, "actions/upload-artifact": Steps.upload}
