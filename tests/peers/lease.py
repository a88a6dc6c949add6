#!/usr/bin/env python3
"""One run at a time on an environment: real gates that race, wait, give up, are killed and are robbed."""
import datetime
import json
import shutil
import signal
import unittest

from raw_server import RawServer, respond
from stores import SqliteStore, both
from weir_program import WeirTest

SUITE = """
[gate]
name = "peers"
rate = 20
duration = "DURATION"
graceful_stop = "25s"

[[journey]]
script = "journey.js"

[environment.shared]
base_url = "URL"

[[condition]]
that = "98 % of `page` under 20 s"
min_samples = 5

[decision]
early_stop = false

[lease]
wait = "WAIT"

[store]
url = "STORE"

# A busy machine is not what this is about.
[trust]
achieved_share = 0
late_share = 1
cpu_share = 1
steal_share = 1
loop_stall = "60s"
settled_share = 1000
"""
SHORT = ["--duration", "500ms"]
JOURNEY = """import http from 'k6/http';
export default function () { http.get(`${__ENV.BASE_URL}/page`, { tags: { name: 'page' } }); }
"""
PAGE = respond(b"this is the page")


class LeaseTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("journey.js", JOURNEY)
        self.server = RawServer({"/": respond(b"up"), "/page": PAGE})
        self.addCleanup(self.server.close)

    def suite(self, store, duration="60s", wait="60s"):
        text = SUITE
        for name, value in (("URL", self.server.url), ("DURATION", duration), ("WAIT", wait), ("STORE", store)):
            text = text.replace(name, value, 1)
        shutil.rmtree(self.directory / "results", ignore_errors=True)
        shutil.rmtree(self.directory / ".weir", ignore_errors=True)
        self.write("weir.toml", text)
        self.server.requests.clear()

    def start_gate(self, *more, **environment):
        return self.start("gate", "--results", "results", *more, environment=environment)

    def first_under_way(self, **environment):
        """A gate that has begun its load: it holds the lease."""
        gate = self.start_gate(**environment)
        pages = len(self.server.requests)
        self.server.wait_for(pages + 5)
        return gate

    def stop(self, gate):
        """Ends a gate before its time; it gives the lease back."""
        gate.send_signal(signal.SIGINT)
        ended = self.finish(gate)
        self.assertEqual(ended.code, 11, ended.said)
        self.assertIn("interrupted", ended.said)

    def wait_until_waiting(self, gate):
        """Reads on until the gate says that it waits; the line."""
        said = []
        for line in gate.stdout:
            said.append(line)
            if "waiting behind" in line:
                return line
        self.fail("it never waited:\n" + "".join(said))

    def spans(self):
        """(begin, end) of each run, in seconds, by their records."""
        found = []
        for path in self.directory.glob("results/*/record.json"):
            record = json.loads(path.read_text())
            begin = datetime.datetime.fromisoformat(record["started"][:26]).timestamp()
            found.append((begin, begin + record["duration_ns"] / 1e9))
        return sorted(found)


class Turns(LeaseTest):
    @both
    def test_two_gates_that_race_run_one_after_the_other(self, store):
        self.suite(store.url, duration="1s")
        gates = [self.start_gate() for _ in range(2)]
        ended = [self.finish(gate) for gate in gates]
        self.assertEqual([each.code for each in ended], [0, 0], "\n".join(each.said for each in ended))
        first, second = self.spans()
        self.assertGreaterEqual(second[0], first[1], "they overlap")
        self.assertEqual(store.rows("SELECT COUNT(*) FROM weir_lease"), [("0",)], "both left the queue")

    @both
    def test_those_who_wait_see_behind_whom(self, store):
        self.suite(store.url)
        first = self.first_under_way(CIRCLE_BUILD_URL="https://ci.example/jobs/1")
        second = self.start_gate(*SHORT)
        line = self.wait_until_waiting(second)
        self.assertRegex(line, r"shared: waiting behind run \S+ of pipeline https://ci.example/jobs/1, since \d\d:\d\d UTC, "
                               "1st of 1")
        third = self.start_gate(*SHORT)
        self.assertIn("2nd of 2", self.wait_until_waiting(third))
        self.stop(first)
        for gate in (second, third):
            ended = self.finish(gate)
            self.assertEqual(ended.code, 0, ended.said)
        spans = self.spans()
        self.assertTrue(spans[0][1] <= spans[1][0] and spans[1][1] <= spans[2][0], spans)

    @both
    def test_who_does_not_want_to_wait_is_told_who_is_there(self, store):
        self.suite(store.url, wait="0s")
        first = self.first_under_way(CIRCLE_BUILD_URL="https://ci.example/jobs/1")
        ended = self.run_weir("gate", "--results", "results")
        self.assertEqual(ended.code, 15, ended.said)
        self.assertIn("shared is in use by run", ended.said)
        self.assertIn("https://ci.example/jobs/1", ended.said)
        self.stop(first)
        self.assertEqual(len(self.spans()), 1, "nothing was run")

    def test_zero_without_a_unit_is_no_wait_and_a_short_one_ends(self):
        store = SqliteStore(self.directory)
        self.suite(store.url, wait="1s")
        first = self.first_under_way()
        ended = self.run_weir("gate", "--results", "results")
        self.assertEqual(ended.code, 15, ended.said)
        self.assertIn("gave up after 1s", ended.said)
        self.write("weir.toml", (self.directory / "weir.toml").read_text().replace('wait = "1s"', "wait = 0"))
        self.assertEqual(self.run_weir("gate", "--results", "results").code, 15)
        self.assertEqual(store.rows("SELECT COUNT(*) FROM weir_lease"), [("1",)], "they left the queue")
        self.stop(first)

    @both
    def test_a_killed_holder_is_taken_over_when_it_is_silent(self, store):
        self.suite(store.url)
        first = self.first_under_way()
        first.kill()
        first.wait()
        second = self.start_gate(*SHORT)
        self.wait_until_waiting(second)
        store.change("UPDATE weir_lease SET beat_at = '2020-01-01T00:00:00.000000000Z' WHERE ticket = 1;")
        ended = self.finish(second)
        self.assertEqual(ended.code, 0, ended.said)

    @both
    def test_interrupted_while_waiting_it_leaves_the_queue(self, store):
        self.suite(store.url)
        first = self.first_under_way()
        second = self.start_gate()
        self.wait_until_waiting(second)
        self.assertEqual(store.rows("SELECT COUNT(*) FROM weir_lease"), [("2",)])
        second.send_signal(signal.SIGINT)
        ended = self.finish(second)
        self.assertEqual(ended.code, 105, ended.said)
        self.assertIn("interrupted while waiting", ended.said)
        self.assertEqual(store.rows("SELECT COUNT(*) FROM weir_lease"), [("1",)])
        self.stop(first)

    def test_a_holder_that_was_taken_for_dead_notices(self):
        store = SqliteStore(self.directory)
        self.suite(store.url)
        first = self.first_under_way()
        store.change("UPDATE weir_lease SET ticket = ticket + 100, run_id = 'the-other', pipeline = 'elsewhere';")
        ended = self.finish(first)
        self.assertEqual(ended.code, 11, ended.said)
        self.assertIn("lost its turn on shared: run the-other of elsewhere has it now", ended.said)
        verdict = json.loads(next(self.directory.glob("results/*/verdict.json")).read_text())
        self.assertIn("lease lost", [each["name"] for each in verdict["signals"]])
        judged = self.run_weir("judge", "--json", str(next(self.directory.glob("results/*"))))
        self.assertEqual(json.loads(judged.said), verdict)
        self.assertEqual(store.rows("SELECT run_id FROM weir_lease"), [("the-other",)], "that one's place is left alone")

    def test_no_lease_does_not_wait(self):
        store = SqliteStore(self.directory)
        self.suite(store.url)
        first = self.first_under_way()
        second = self.run_weir("gate", "--results", "results", "--no-lease", *SHORT)
        self.assertEqual(second.code, 0, second.said)
        self.assertNotIn("waiting", second.said)
        self.stop(first)


class WithoutAStore(LeaseTest):
    def test_runs_on_this_machine_take_turns_by_a_file(self):
        self.suite("")
        first = self.first_under_way()
        second = self.start_gate(*SHORT)
        self.wait_until_waiting(second)
        self.stop(first)
        self.assertEqual(self.finish(second).code, 0)
        self.assertTrue((self.directory / ".weir/lease.db").exists())

    def test_a_store_that_is_not_there_blocks_nothing(self):
        self.suite("postgresql://weir@127.0.0.1:1/weir")
        ended = self.run_weir("gate", "--results", "results", *SHORT)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("only runs on this machine are kept apart", ended.said)

    def test_nor_does_a_directory_that_cannot_be_written(self):
        self.suite("")
        self.write(".weir", "a file where the directory should be")
        ended = self.run_weir("gate", "--results", "results", *SHORT)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("not kept apart from others", ended.said)


if __name__ == "__main__":
    unittest.main()
