#!/usr/bin/env python3
"""Runs that do not end as planned: stopped, killed politely, without disk. What was gathered is kept."""
import resource
import signal
import threading
import unittest

from raw_server import RawServer
from weir_program import GET, WeirTest

TEARDOWN = GET + "export function teardown() { console.log('teardown ran'); }\n"


class Stopped(WeirTest):
    def stop(self, number, script=TEARDOWN):
        with RawServer() as server:
            process = self.start_script(script, "--vus", "2", "--duration", "10m", "-e", f"TARGET={server.url}")
            server.wait_for(20)
            process.send_signal(number)
            return self.finish(process)

    def test_interrupt_and_terminate(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name):
                self.setUp()
                ended = self.stop(number)
                self.assertEqual(ended.code, 105, ended.said)
                self.assertIn("teardown ran", ended.said)
                self.assertIn("http_reqs", ended.said)
                # Of the twenty, each of the two users may have had one under way.
                self.assertGreaterEqual(ended.metric("http_reqs")["count"], 18)
                self.assert_valid_record(ended)

    def test_a_second_interrupt_does_not_wait_for_teardown(self):
        """The first lets teardown run, here for ever; the second ends that too. The record is kept."""
        asked = threading.Event()

        def teardown_began(connection, _):
            asked.set()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        script = ("import { sleep } from 'k6';\n" + GET +
                  "export function teardown() { http.get(__ENV.TARGET + '/teardown'); sleep(1e6); }\n")
        with RawServer({"/teardown": teardown_began}) as server:
            process = self.start_script(script, "--vus", "2", "--duration", "10m", "-e", f"TARGET={server.url}")
            server.wait_for(1)
            process.send_signal(signal.SIGINT)
            self.assertTrue(asked.wait(20))
            process.send_signal(signal.SIGINT)
            ended = self.finish(process)
        self.assertEqual(ended.code, 105, ended.said)
        self.assert_valid_record(ended)

    def test_a_hanging_target_does_not_hold_up_the_end(self):
        with RawServer({"/": lambda *_: threading.Event().wait(60)}) as server:
            script = GET.replace("'2s'", "'10m'")
            process = self.start_script(script, "--vus", "3", "--duration", "10m", "-e", f"TARGET={server.url}")
            server.wait_for(1)
            process.send_signal(signal.SIGTERM)
            ended = self.finish(process)
        self.assertEqual(ended.code, 105, ended.said)
        self.assert_valid_record(ended)


class Disk(WeirTest):
    def test_full_disk_under_the_samples(self):
        """/dev/full takes nothing: the samples are lost and that is said; the summary and record are not."""
        with RawServer() as server:
            ended = self.run_script(GET, "--iterations", "50", "-e", f"TARGET={server.url}", "--out", "json=/dev/full")
        self.assertIn("No space left on device", ended.said)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertEqual(ended.metric("http_reqs")["count"], 50)
        self.assert_valid_record(ended)

    def test_no_room_for_the_record(self):
        """Files may not grow: the summary still appears, with the reason."""
        with RawServer() as server:
            ended = self.run_script(GET, "--iterations", "5", "-e", f"TARGET={server.url}",
                                    preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
                                                        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))))
        self.assertIn("http_reqs", ended.said)
        self.assertIn("File too large", ended.said)
        self.assertNotEqual(ended.code, 0)

    def test_results_where_nothing_may_be_written(self):
        (self.directory / "results").write_text("a file, not a directory")
        with RawServer() as server:
            ended = self.run_script(GET, "--iterations", "5", "-e", f"TARGET={server.url}")
            requests = len(server.requests)
        self.assertIn("results", ended.said)
        self.assertNotEqual(ended.code, 0)
        # Known before the run, so nothing is sent in vain; or told after it, with the summary.
        self.assertTrue(requests == 0 or "http_reqs" in ended.said, ended.said)

    def test_closed_standard_output(self):
        """A reader that goes away (weir run … | head) is no reason to lose the record."""
        with RawServer() as server:
            process = self.start_script(GET, "--iterations", "5", "-e", f"TARGET={server.url}")
            process.stdout.close()
            code = process.wait(timeout=60)
        self.assertGreaterEqual(code, 0, "ended by a signal")
        self.assertEqual(len(list((self.directory / "results").glob("*/record.json"))), 1)


class Scripts(WeirTest):
    def test_endless_loop(self):
        ended = self.run_script("export default function () {\n  while (true) {}\n}\n", "--iterations", "1")
        self.assertIn("endless loop", ended.said)
        self.assertEqual(ended.code, 99, ended.said)  # every iteration threw
        self.assertIn("at default (journey.js:", ended.said)
        self.assert_valid_record(ended)

    def test_memory_eater(self):
        ended = self.run_script("export default function () {\n  const a = [];\n"
                                "  while (true) a.push('x'.repeat(1000) + a.length);\n}\n",
                                "--vus", "2", "--iterations", "2")
        self.assertIn("out of memory", ended.said)
        self.assertLess(ended.peak_kib, 400 * 1024)
        self.assert_valid_record(ended)

    def test_memory_eater_goes_on_serving_others(self):
        """One user's script dies of its memory; the next iteration begins with a fresh one."""
        with RawServer() as server:
            ended = self.run_script(
                "import http from 'k6/http';\nexport default function () {\n  http.get(__ENV.TARGET);\n"
                "  if (__ITER === 1) { const a = []; while (true) a.push('x'.repeat(1000) + a.length); }\n}\n",
                "--vus", "1", "--iterations", "4", "-e", f"TARGET={server.url}")
        self.assertEqual(ended.metric("http_reqs")["count"], 4, ended.said)


if __name__ == "__main__":
    unittest.main()
