"""Where generated pipelines are run: a git repository, the sample service as pre-production, a stub of docker.

Jobs see a bare environment: their own home, Debian's programs, and `docker`, which hands out the program under test in
place of what it would take out of Weir's image. Each deployment that scripts/delivery makes is a line in `deployed`.
"""
import json
import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEIR = pathlib.Path(os.environ["WEIR"]).resolve()
SAMPLE = pathlib.Path(os.environ["WEIR_SAMPLE"]).resolve()
IMAGE = "registry.example/weir:0.1.0"
DEADLINE_SECONDS = 100

DOCKER = f"""#!/bin/bash
# docker create IMAGE; docker cp ID:/weir FILE; docker rm ID
set -eu
if [[ -n "${{DOCKER_IS_REMOTE:-}}" && -z "${{DOCKER_HOST:-}}" ]]; then
  echo "Cannot connect to the Docker daemon" >&2; exit 1
fi
case "$1" in
  create) [[ "$2" == {IMAGE} ]] || {{ echo "no such image: $2" >&2; exit 1; }}; echo c0ffee ;;
  cp) [[ "$2" == c0ffee:/weir ]] || {{ echo "no such file: $2" >&2; exit 1; }}; cp {WEIR} "$3" ;;
  rm) [[ "$2" == c0ffee ]] ;;
  *) echo "docker stub: $*" >&2; exit 1 ;;
esac
"""
KUBECTL = ROOT / "tests/pipelines/kubectl_stub"

# The suite of journeys/, short: the heavy user's dashboard, on a hundredth of the machine that the sample can use.
SHORT = [("rate = 25", "rate = 20"), ('duration = "30s"', 'duration = "6s"'), ("min_samples = 200", "min_samples = 60"),
         ("under 2 s", "under 1 s"), ("[environment.local", "[environment.preprod")]

# Jobs of a test share two cores with whatever else runs there: what a gate says of its generator is not the subject.
TRUST = """
[trust]
achieved_share = 0.2
late_share = 1.0
cpu_share = 1.0
steal_share = 1.0
settled_share = 100.0
loop_stall = "20s"
"""


class Sample:
    """The sample service; `regression` holds one lock for all pages, 80 ms each: a queue at 20 a second."""

    def __init__(self, directory, regression):
        ready = directory / "ready"
        command = [SAMPLE, "--port", "0", "--auth-port", "0", "--referrals", "3000", "--ready-file", ready,
                   "--version-label", "regression" if regression else "fix"]
        if regression:
            command += ["--fault", "lock-contention"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1200):
            if ready.exists() and ready.read_text().strip():
                break
            if self.process.poll() is not None:
                raise RuntimeError("the sample service ended by itself")
            time.sleep(0.05)
        self.url = json.loads(ready.read_text())["url"]
        ready.unlink()

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Sandbox:
    def __init__(self, test):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="weir-pipelines-"))
        test.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.repository = self.directory / "repository"
        self.deployed_file = self.directory / "deployed"
        self.deployed_file.write_text("")
        self.said = ""  # all that steps printed
        self.jobs = 0
        programs = self.directory / "programs"
        programs.mkdir()
        self.program("docker", DOCKER)
        self.repository.mkdir()
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("remote", "add", "origin", "https://github.com/example/shop.git")
        self.write("README.md", "# Shop\n")

    def program(self, name, text):
        path = self.directory / "programs" / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def write(self, name, text):
        path = self.repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def read(self, name):
        return (self.repository / name).read_text()

    def git(self, *arguments):
        done = subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example", *arguments],
                              cwd=self.repository, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self, message="a change"):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def init(self, pipeline, *flags):
        done = subprocess.run([WEIR, "init", pipeline, "--image", IMAGE, *flags], cwd=self.repository,
                              capture_output=True, text=True, timeout=DEADLINE_SECONDS)
        if done.returncode != 0:
            raise AssertionError(f"weir init {pipeline}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def fill_in(self, url, more=""):
        """What a team does after `weir init`: how it deploys, and a suite of its own (here: the sample's)."""
        delivery = self.read("scripts/delivery")
        start, end = delivery.index('    echo "scripts/delivery: say here'), delivery.index("    exit 1\n")
        self.write("scripts/delivery", delivery[:start] + f'    echo "$environment $subject" >> {self.deployed_file}\n'
                   + delivery[end + len("    exit 1\n"):])
        suite = (ROOT / "journeys/weir.toml").read_text()
        for old, new in [*SHORT, ("http://127.0.0.1:8080", url), ('MIN_CASES = "9000"', 'MIN_CASES = "100"'),
                         ('script = "', 'script = "journeys/')]:
            assert old in suite, old
            suite = suite.replace(old, new)
        self.write("weir.toml", suite + TRUST + more)
        for name in ("dashboard.js", "sign-in.js"):
            shutil.copy(ROOT / "journeys" / name, self.repository / "journeys" / name)

    def deployed(self):
        """(environment, subject) of each deployment."""
        return [tuple(line.split()) for line in self.deployed_file.read_text().splitlines()]

    def job(self):
        """A fresh machine: (home, empty work tree)."""
        self.jobs += 1
        home = self.directory / f"job-{self.jobs}"
        work = home / "project"
        work.mkdir(parents=True)
        return home, work

    def checkout(self, work):
        """As a runner does it, into a directory that may hold something already."""
        for command in (["init", "--quiet"], ["fetch", "--quiet", self.repository, "HEAD"],
                        ["checkout", "--quiet", "--force", "FETCH_HEAD"]):
            subprocess.run(["git", *command], cwd=work, check=True, capture_output=True)

    def shell(self, command, text, work, home, env, path=()):
        """Runs one step's text; its exit code."""
        script = home / "step.sh"
        script.write_text(text)
        paths = [*path, str(self.directory / "programs"), "/usr/bin", "/bin"]
        done = subprocess.run([*command, script], cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=DEADLINE_SECONDS,
                              env={"HOME": str(home), "PATH": ":".join(paths), "LANG": "C.UTF-8", "NO_COLOR": "1",
                                   "CI": "true", **{k: str(v) for k, v in env.items()}})
        self.said += f"$ {text.strip()}\n{done.stdout}\n"
        return done.returncode


def copy_paths(source, target, patterns):
    """Files and folders that match, under the same names; how many there were."""
    count = 0
    for pattern in patterns:
        for path in sorted(source.glob(pattern)):
            there = target / path.relative_to(source)
            there.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                shutil.copytree(path, there, dirs_exist_ok=True)
            else:
                shutil.copy(path, there)
            count += 1
    return count


class Cache:
    """Keys are written once; a fetch by prefix finds the newest."""

    def __init__(self, directory):
        self.directory, self.keys = directory, []

    def save(self, key, work, paths):
        if key in self.keys:
            return
        place = self.directory / str(len(self.keys))
        place.mkdir(parents=True)
        if copy_paths(work, place, paths):
            self.keys.append(key)
        else:
            shutil.rmtree(place)

    def restore(self, prefixes, work):
        for prefix in prefixes:
            for number in reversed(range(len(self.keys))):
                if self.keys[number].startswith(prefix):
                    shutil.copytree(self.directory / str(number), work, dirs_exist_ok=True)
                    return True
        return False
