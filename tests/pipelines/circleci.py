"""Runs a .circleci/config.yml on this machine, step by step, as CircleCI's configuration reference says it does.

https://circleci.com/docs/configuration-reference/: what Weir's files use of it, and an error for anything else.
"""
import re

from ruamel.yaml import YAML

from sandbox import Cache, copy_paths

STEPS = {"run", "checkout", "setup_remote_docker", "save_cache", "restore_cache", "persist_to_workspace",
         "attach_workspace", "store_test_results", "store_artifacts", "when", "unless"}


def substituted(value, names):
    """<< parameters.x >> and << pipeline.parameters.x >>, everywhere."""
    if isinstance(value, dict):
        return {key: substituted(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [substituted(each, names) for each in value]
    if not isinstance(value, str):
        return value
    whole = re.fullmatch(r"<< *([\w.-]+) *>>", value)
    if whole and whole[1] in names:
        return names[whole[1]]
    return re.sub(r"<< *([\w.-]+) *>>", lambda found: str(names.get(found[1], found[0])), value)


def parameters_of(what, given, prefix):
    known = what.get("parameters", {})
    unknown = set(given) - set(known)
    if unknown:
        raise AssertionError(f"there is no parameter {unknown}")
    values = {name: each["default"] for name, each in known.items() if "default" in each}
    values.update(given)
    missing = set(known) - set(values)
    if missing:
        raise AssertionError(f"parameters without a value: {missing}")
    return {f"{prefix}{name}": value for name, value in values.items()}


def with_orbs(config):
    """Orbs that are written into the configuration: their elements under `orb/name`."""
    for orb_name, orb in config.pop("orbs", {}).items():
        own = orb.get("commands", {})

        def step(each):
            if isinstance(each, str):
                return f"{orb_name}/{each}" if each in own else each
            return {f"{orb_name}/{kind}" if kind in own else kind: how for kind, how in each.items()}
        for kind in ("commands", "jobs", "executors"):
            for name, element in orb.get(kind, {}).items():
                element = dict(element)
                if "steps" in element:
                    element["steps"] = [step(each) for each in element["steps"]]
                if "executor" in element:
                    element["executor"] = {**element["executor"], "name": f"{orb_name}/{element['executor']['name']}"}
                config.setdefault(kind, {})[f"{orb_name}/{name}"] = element
    return config


class Workflow:
    def __init__(self, name, workspace, config):
        self.name, self.workspace, self.config = name, workspace, config
        self.states = {}  # of each job: success, failed, on_hold, blocked
        self.test_results, self.artifacts = {}, {}  # of each job: its folders


class CircleCI:
    """`contexts`: names to variables. `approve`: the approval jobs that somebody clicks on."""

    def __init__(self, sandbox, contexts):
        self.sandbox, self.contexts = sandbox, contexts
        self.cache = Cache(sandbox.directory / "cache")
        self.epoch = 0

    def trigger(self, commit, approve=(), branch="main", **parameters):
        """One pipeline: its workflows, those whose condition holds."""
        text = self.sandbox.read(".circleci/config.yml")
        config = with_orbs(YAML(typ="safe").load(text))
        given = {name.replace("_", "-"): value for name, value in parameters.items()}
        names = parameters_of(config, given, "pipeline.parameters.")
        config = substituted(config, names)
        self.commit, self.branch = commit, branch
        ran = {}
        for name, workflow in config["workflows"].items():
            if not workflow.get("when", True) or workflow.get("unless", False):
                continue
            self.sandbox.jobs += 1
            workspace = self.sandbox.directory / f"workspace-{self.sandbox.jobs}"
            workspace.mkdir()
            ran[name] = Workflow(name, workspace, config)
            self.go_on(ran[name], approve)
        return ran

    def go_on(self, workflow, approve=()):
        """Runs what can run and has not succeeded: at first, after an approval, and as a rerun from what failed."""
        jobs = [self.invocation(each) for each in workflow.config["workflows"][workflow.name]["jobs"]]
        known = {name for name, _, _ in jobs}
        for name, _, how in jobs:
            unknown = set(how.get("requires", [])) - known
            assert not unknown, f"{name} requires {unknown}, which is no job of the workflow"
        workflow.states = {name: state for name, state in workflow.states.items() if state == "success"}
        for name, job, how in jobs:  # in an order in which each stands after what it requires
            if workflow.states.get(name) == "success" or not self.on_branch(how):
                continue
            if any(workflow.states.get(each) != "success" for each in how.get("requires", [])):
                workflow.states[name] = "blocked"
            elif how.get("type") == "approval":
                workflow.states[name] = "success" if name in approve else "on_hold"
            else:
                workflow.states[name] = self.run_job(workflow, name, job, how)

    @staticmethod
    def invocation(job):
        if isinstance(job, str):
            return job, job, {}
        (kind, how), = job.items()
        return how.get("name", kind), kind, how

    def on_branch(self, how):
        only = how.get("filters", {}).get("branches", {}).get("only")
        if only is None:
            return True
        patterns = [only] if isinstance(only, str) else only
        return any(re.fullmatch(each[1:-1], self.branch) if each.startswith("/") else each == self.branch
                   for each in patterns)

    def run_job(self, workflow, name, kind, how):
        job = workflow.config["jobs"][kind]
        given = {key: value for key, value in how.items() if key not in ("requires", "context", "filters", "type", "name")}
        job = substituted(job, parameters_of(job, given, "parameters."))
        executor = self.executor_of(workflow.config, job)
        home, work = self.sandbox.job()
        env = {**executor.get("environment", {}), **job.get("environment", {}), "CIRCLE_SHA1": self.commit,
               "CIRCLE_BRANCH": self.branch, "CIRCLE_USERNAME": "rosa", "BASH_ENV": home / "bash_env",
               "DOCKER_IS_REMOTE": "yes" if "docker" in executor else ""}
        (home / "bash_env").write_text("")
        contexts = how.get("context", [])
        for context in [contexts] if isinstance(contexts, str) else contexts:
            env.update(self.contexts[context])
        run = Job(self, workflow, name, home, work, env)
        for step in job["steps"]:
            run.step(step)
        return run.state

    @staticmethod
    def executor_of(config, job):
        if "executor" not in job:
            return job  # its docker or machine stands in the job itself
        how = {"name": job["executor"]} if isinstance(job["executor"], str) else job["executor"]
        executor = config["executors"][how["name"]]
        names = parameters_of(executor, {key: value for key, value in how.items() if key != "name"}, "parameters.")
        return substituted(executor, names)


class Job:
    def __init__(self, circle, workflow, name, home, work, env):
        self.circle, self.workflow, self.name = circle, workflow, name
        self.home, self.work, self.env = home, work, env
        self.state = "success"

    def step(self, step):
        kind, how = (step, {}) if isinstance(step, str) else next(iter(step.items()))
        commands = self.workflow.config.get("commands", {})
        if kind in commands:
            names = parameters_of(commands[kind], how or {}, "parameters.")
            for each in substituted(commands[kind]["steps"], names):
                self.step(each)
            return
        assert kind in STEPS, f"CircleCI has no step {kind}"
        how = {"command": how} if isinstance(how, str) else how or {}
        # https://circleci.com/docs/configuration-reference/#the-when-attribute; results are always stored.
        when = "always" if kind in ("store_test_results", "store_artifacts") else how.get("when", "on_success")
        failed = self.state == "failed"
        if when == "always" or failed == (when == "on_fail"):
            getattr(self, kind)(how)

    def run(self, how):
        env = {**self.env, **how.get("environment", {})}
        command = ["/bin/bash", "-eo", "pipefail"]
        if self.circle.sandbox.shell(command, how["command"], self.work, self.home, env) != 0:
            self.state = "failed"

    def checkout(self, _):
        self.circle.sandbox.checkout(self.work)

    def setup_remote_docker(self, _):
        self.env["DOCKER_HOST"] = "tcp://remote-docker:2376"

    def save_cache(self, how):
        self.circle.epoch += 1
        key = how["key"].replace("{{ epoch }}", str(self.circle.epoch))
        assert "{{" not in key, key
        self.circle.cache.save(key, self.work, how["paths"])

    def restore_cache(self, how):
        self.circle.cache.restore(how["keys"], self.work)

    def persist_to_workspace(self, how):
        if not copy_paths(self.work / how["root"], self.workflow.workspace, how["paths"]):
            self.state = "failed"

    def attach_workspace(self, how):
        copy_paths(self.workflow.workspace, self.work / how["at"], ["*"])

    def store_test_results(self, how):
        self.workflow.test_results[self.name] = self.work / how["path"]

    def store_artifacts(self, how):
        self.workflow.artifacts[self.name] = self.work / how["path"]
