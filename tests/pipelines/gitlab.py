"""Runs a .gitlab-ci.yml on this machine, job by job, as GitLab's CI/CD YAML reference says it does.

https://docs.gitlab.com/ci/yaml/: what Weir's files use of it, and an error for anything else.
"""
import re
import shutil

from ruamel.yaml import YAML

from sandbox import Cache, IMAGE, WEIR, copy_paths

TOP = {"variables", "include", "stages", "workflow", "default"}
KEYS = {"stage", "image", "variables", "script", "before_script", "artifacts", "cache", "needs", "rules", "extends",
        "environment", "retry", "resource_group"}
CRANE = f"""#!/bin/bash
# crane export IMAGE FILE: the image's files as a tar archive
set -eu
[[ "$1" == export && "$2" == {IMAGE} ]] || {{ echo "crane stub: $*" >&2; exit 1; }}
folder=$(mktemp -d); cp {WEIR} "$folder/weir"; tar -cf "$3" -C "$folder" weir; rm -r "$folder"
"""


def merged(base, more):
    """`extends`: mappings are merged, all else is replaced."""
    both = dict(base)
    for key, value in more.items():
        both[key] = merged(both[key], value) if isinstance(value, dict) and isinstance(both.get(key), dict) else value
    return both


class Pipeline:
    def __init__(self, config, jobs, commit):
        self.config, self.jobs, self.commit = config, jobs, commit
        self.states, self.artifacts, self.dotenv, self.junit = {}, {}, {}, {}


class GitLab:
    """`variables` of the project; `environments`: those with variables of their own, and protected."""

    def __init__(self, sandbox, variables, environments):
        self.sandbox, self.variables, self.environments = sandbox, variables, environments
        self.cache = Cache(sandbox.directory / "cache")
        sandbox.program("crane", CRANE)

    def push(self, commit, branch="main", started=(), given=()):
        """`started`: the manual jobs that somebody starts. `given`: the variables that they give them."""
        load = YAML(typ="safe").load
        config = load(self.sandbox.read(".gitlab-ci.yml"))
        for each in config.pop("include"):
            config = merged(load(self.sandbox.read(each["local"])), config)
        templates = {name: job for name, job in config.items() if name not in TOP}
        jobs = {name: self.extended(job, templates) for name, job in templates.items() if not name.startswith(".")}
        stages = [".pre", *config["stages"], ".post"]
        in_order = dict(sorted(jobs.items(), key=lambda item: stages.index(item[1]["stage"])))
        pipeline = Pipeline(config, in_order, commit)
        self.branch = branch
        return self.go_on(pipeline, started, given)

    def extended(self, job, templates):
        unknown = set(job) - KEYS
        assert not unknown, f"GitLab's jobs have no {unknown}, or this runner does not know it"
        return merged(self.extended(templates[job["extends"]], templates), job) if "extends" in job else job

    def go_on(self, pipeline, started=(), given=(), retried=()):
        """At first, when manual jobs are started, and when failed ones are retried."""
        pipeline.states = {name: state for name, state in pipeline.states.items()
                           if state in ("success", "failed") and name not in retried}
        waiting = list(pipeline.jobs)
        while waiting:  # in the order of needs
            name = next(each for each in waiting if not set(pipeline.jobs[each].get("needs", [])) & set(waiting))
            waiting.remove(name)
            job = pipeline.jobs[name]
            rule = next((each for each in job.get("rules", [{}]) if self.holds(each.get("if"))), None)
            if name in pipeline.states or rule is None:
                continue
            if any(pipeline.states.get(each) != "success" for each in job.get("needs", [])):
                pipeline.states[name] = "skipped"
            elif rule.get("when") == "manual" and name not in started:
                pipeline.states[name] = "manual"
            else:
                pipeline.states[name] = self.job(pipeline, name, job, dict(given))
        return pipeline

    def holds(self, condition):
        """Alternatives of `$CI_COMMIT_BRANCH == "x"` and `$CI_COMMIT_BRANCH =~ /x/`."""
        for each in condition.split(" || ") if condition else []:
            found = re.fullmatch(r'\$CI_COMMIT_BRANCH (==|=~) (?:"(.*)"|/(.*)/)', each)
            assert found, each
            if self.branch == found[2] if found[1] == "==" else re.search(found[3].replace("\\/", "/"), self.branch):
                return True
        return not condition

    def job(self, pipeline, name, job, given):
        home, work = self.sandbox.job()
        environment = job.get("environment", {}).get("name")
        env = {"CI_COMMIT_SHA": pipeline.commit, "CI_COMMIT_BRANCH": self.branch, "GITLAB_CI": "true", **self.variables,
               **pipeline.config.get("variables", {}), **job.get("variables", {}), **self.environments.get(environment, {}), **given}
        if env.get("GIT_STRATEGY") != "none":
            self.sandbox.checkout(work)
        for needed in job.get("needs", []):
            env.update(pipeline.dotenv.get(needed, {}))
            if needed in pipeline.artifacts:
                shutil.copytree(pipeline.artifacts[needed], work, dirs_exist_ok=True)
        cache = job.get("cache")
        if cache:
            self.cache.restore([cache["key"]], work)
        lines = [*job.get("before_script", []), *job["script"]]
        failed = self.sandbox.shell(["/bin/bash", "-eo", "pipefail"], "\n".join(lines), work, home, env) != 0
        if cache and (not failed or cache.get("when") == "always"):
            self.cache.save(f"{cache['key']}-{len(self.cache.keys)}", work, cache["paths"])
        artifacts = job.get("artifacts", {})
        if artifacts and (not failed or artifacts.get("when") == "always"):
            self.keep(pipeline, name, artifacts, work)
        return "failed" if failed else "success"

    def keep(self, pipeline, name, artifacts, work):
        place = self.sandbox.directory / f"artifacts-{self.sandbox.jobs}"
        place.mkdir()
        copy_paths(work, place, artifacts.get("paths", []))
        pipeline.artifacts[name] = place
        reports = artifacts.get("reports", {})
        if "dotenv" in reports:
            lines = (work / reports["dotenv"]).read_text().splitlines()
            pipeline.dotenv[name] = dict(line.split("=", 1) for line in lines)
        if "junit" in reports:
            pipeline.junit[name] = sorted(work.glob(reports["junit"]))
