#!/usr/bin/env python3
"""`weir prove` on versions that this test makes: what it prints, when it gives up, and that nothing stays behind."""
import json
import os
import signal
import subprocess
import unittest

from weir_program import WEIR, WeirTest

SERVER = """
import http.server, sys, time
class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        time.sleep(float(sys.argv[2]) if self.path == "/page" else 0)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
    def log_message(self, *words):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""

SUITE = """
[gate]
rate = 20
duration = "12s"
[[journey]]
script = "page.js"
[environment.here]
health_url = "/health"
[[condition]]
that = "90 % of `page` under 300ms"
min_samples = 20
[store]
url = ""
"""

JOURNEY = """
import http from 'k6/http';
export default function () { http.get(`${__ENV.BASE_URL}/page`, { tags: { name: 'page' } }); }
"""


class Prove(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("server.py", SERVER)
        self.write("weir.toml", SUITE)
        self.write("page.js", JOURNEY)

    def prove(self, *more, good="python3 server.py {port} 0", bad="python3 server.py {port} 0.6"):
        process = self.start("prove", "--good-command", good, "--bad-command", bad, *more)
        out, _ = process.communicate(timeout=90)
        return process.returncode, out

    def left_running(self):
        return subprocess.run(["pgrep", "-f", "^python3 server.py"], stdout=subprocess.PIPE, check=False,
                              cwd=self.directory).stdout

    def test_counts_what_the_gate_said_of_each_version(self):
        environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        ended = subprocess.run(
            [WEIR, "prove", "--runs", "1", "--json", "--good-command", "exec python3 server.py {port} 0",
             "--bad-command", "exec python3 server.py {port} 0.6"],
            cwd=self.directory, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            timeout=90, check=False)
        found = json.loads(ended.stdout)  # and nothing else
        self.assertEqual(found["good"]["runs"], 1, ended.stderr)
        self.assertEqual(found["good"]["false_alarms"], 0, ended.stderr)
        self.assertEqual(found["bad"]["runs"], 1)
        self.assertEqual(found["bad"]["detected"], 1, ended.stderr)
        self.assertTrue(found["holds"])
        self.assertEqual(ended.returncode, 0)
        self.assertGreater(found["bad"]["median_seconds"], 0)
        self.assertEqual(self.left_running(), b"")

    def test_a_gate_that_is_wrong_is_told(self):
        code, said = self.prove("--runs", "1", good="exec python3 server.py {port} 0.6",
                                bad="exec python3 server.py {port} 0")
        self.assertEqual(code, 10, said)
        self.assertIn("good: 1 of 1 false alarms", said)
        self.assertIn("bad : 0 of 1 detected", said)

    def test_a_version_that_does_not_start_is_an_error_with_its_last_words(self):
        code, said = self.prove("--runs", "1", good="echo no such database {port}; exit 3",
                                bad="echo no such database {port}; exit 3")
        self.assertEqual(code, 12, said)
        self.assertIn("ended with code 3", said)
        self.assertIn("no such database", said)

    def test_a_command_that_tells_no_address_is_an_error(self):
        code, said = self.prove("--runs", "1", good="sleep 60", bad="sleep 60")
        self.assertEqual(code, 12, said)
        self.assertIn("{port} or {ready_file}", said)

    def test_versions_must_be_named(self):
        process = self.start("prove", "--runs", "1")
        self.assertIn("--good-url", process.communicate(timeout=30)[0])
        self.assertEqual(process.returncode, 2)

    def test_an_interrupted_proof_prints_what_it_has_and_ends_its_children(self):
        process = self.start("prove", "--runs", "5", "--json", "--good-command", "exec python3 server.py {port} 0",
                             "--bad-command", "exec python3 server.py {port} 0.6")
        first = process.stdout.readline()  # of the first gate
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=60)[0]
        self.assertEqual(process.returncode, 105, first + rest)
        self.assertIn('"ended_early": "interrupted"', rest)
        self.assertEqual(self.left_running(), b"")


if __name__ == "__main__":
    unittest.main()
