"""Runs the weir program for a test: in a directory of its own, never longer than its deadline."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import unittest

WEIR = pathlib.Path(os.environ["WEIR"]).resolve()
DEADLINE_SECONDS = 60

GET = """import http from 'k6/http';
export default function () { http.get(__ENV.TARGET, { timeout: '2s' }); }
"""

# Of a weir.toml: for tests that are about something else than how busy the machine was.
TRUST_A_BUSY_MACHINE = """[trust]
achieved_share = 0
late_share = 1
cpu_share = 1
steal_share = 1
loop_stall = "1m"
settled_share = 1000
"""


class Ended:
    """What is left of a run: exit code, all that it said, the exported summary, the record."""

    def __init__(self, code, said, directory, peak_kib):
        self.code, self.said, self.directory, self.peak_kib = code, said, directory, peak_kib

    def metric(self, name):
        summary = json.loads((self.directory / "summary.json").read_text())
        return summary["metrics"][name]

    def record_path(self):
        found = list((self.directory / "results").glob("*/record.json"))
        assert len(found) == 1, f"one record is expected, there are {found}; it said:\n{self.said}"
        return found[0]

    def record(self):
        return json.loads(self.record_path().read_text())


def newest_result(directory):
    """The result directory that was made last: the names of two of one second do not say it."""
    return max((directory / "results").glob("2*"), key=lambda each: each.stat().st_mtime_ns)


class WeirTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="weir-peers-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def write(self, name, text):
        (self.directory / name).write_text(text)
        return name

    def start(self, *command, **more):
        environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        environment["NO_COLOR"] = "1"
        environment.update(more.pop("environment", {}))
        process = subprocess.Popen([WEIR, *command], cwd=self.directory, env=environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)
        self.addCleanup(process.kill)  # of no effect on one that has ended
        return process

    def finish(self, process):
        """Waits; a run past its deadline is killed and fails the test."""
        late = threading.Timer(DEADLINE_SECONDS, process.kill)
        late.start()
        with process.stdout:
            said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        late.cancel()
        self.assertGreaterEqual(process.returncode, 0,
                                f"ended by signal {-process.returncode} (9: it hung):\n{said}")
        return Ended(process.returncode, said, self.directory, usage.ru_maxrss)

    def run_weir(self, *command, **more):
        return self.finish(self.start(*command, **more))

    def run_script(self, text, *flags, **more):
        """weir run of a script, with the summary exported and a record kept."""
        return self.run_weir("run", self.write("journey.js", text), "--quiet", "--results", "results",
                             "--summary-export", "summary.json", *flags, **more)

    def start_script(self, text, *flags, **more):
        return self.start("run", self.write("journey.js", text), "--quiet", "--results", "results",
                          "--summary-export", "summary.json", *flags, **more)

    def assert_valid_record(self, ended):
        """The record is one that weir itself can judge again."""
        judged = self.run_weir("judge", str(ended.record_path().parent))
        self.assertIn("verdict:", judged.said)
        self.assertIn(judged.code, (0, 10, 11), judged.said)
