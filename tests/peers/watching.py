#!/usr/bin/env python3
"""weir run --watch: a save, however an editor makes it, is followed by a run; nothing is waited for by time."""
import os
import signal
import threading
import unittest

from raw_server import RawServer
from weir_program import DEADLINE_SECONDS, WeirTest

SUITE = """
[[journey]]
script = "page.js"
[environment.local]
base_url = "{url}"
[environment.local.secrets]
PASSWORD = {{ env = "PASSWORD" }}
[[condition]]
that = "at least 99 % checks"
"""
PAGE = """import http from 'k6/http';
import { path } from './lib.js';
const data = open('./data.txt').trim();
export default function () { http.get(`${__ENV.BASE_URL}/${path}/${data}/${__ENV.PASSWORD.length}`); }
"""
WAITING = "waiting for a save of"


class Watched:
    """A weir that runs until it is told to end; what it says is waited for, line by line."""

    def __init__(self, test, *flags):
        self.process = test.start("run", "page.js", "--watch", "-q", *flags)
        self.lines, self.heard, self.over = [], threading.Condition(), False
        self.read = 0
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            with self.heard:
                self.lines.append(line)
                self.heard.notify_all()
        with self.heard:
            self.over = True
            self.heard.notify_all()

    def until(self, words):
        """All that is said from the last call's end to the line that has the words."""
        def there():
            return self.over or any(words in line for line in self.lines[self.read:])
        with self.heard:
            self.heard.wait_for(there, timeout=DEADLINE_SECONDS)
            for end in range(self.read, len(self.lines)):
                if words in self.lines[end]:
                    said, self.read = "".join(self.lines[self.read:end + 1]), end + 1
                    return said
            raise AssertionError(f"'{words}' was not said; it said:\n{''.join(self.lines)}")

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        with self.heard:
            self.heard.wait_for(lambda: self.over, timeout=DEADLINE_SECONDS)
        self.process.stdout.close()
        return self.process.wait(DEADLINE_SECONDS)


class Watching(WeirTest):
    def setUp(self):
        super().setUp()
        self.server = RawServer()
        self.addCleanup(self.server.close)
        self.write("weir.toml", SUITE.format(url=self.server.url))
        self.write("page.js", PAGE)
        self.write("lib.js", "export const path = 'one';\n")
        self.write("data.txt", "d1\n")
        self.write(".env", "PASSWORD=secret\n")

    def replace(self, name, text):
        """As editors save: written beside it, then moved over it."""
        (self.directory / (name + ".tmp~")).write_text(text)
        os.rename(self.directory / (name + ".tmp~"), self.directory / name)

    def watch(self, *flags):
        return Watched(self, "--env", "local", *(flags or ("--vus", "1", "--iterations", "1")))

    def last_path(self):
        return self.server.requests[-1][1]

    def test_each_kind_of_file_and_each_kind_of_save(self):
        weir = self.watch()
        said = weir.until(WAITING)
        self.assertIn("iterations  1", said)
        self.assertIn("requests    1, 0 failed", said)
        self.assertEqual(self.last_path(), "/one/d1/6")
        self.assertIn("run 1: exit code 0", said)
        for save, name, text, path in (
                (self.write, "lib.js", "export const path = 'two';\n", "/two/d1/6"),
                (self.replace, "lib.js", "export const path = 'three';\n", "/three/d1/6"),
                (self.replace, "lib.js", "export const path = 'four';\n", "/four/d1/6"),
                (self.replace, "data.txt", "d2\n", "/four/d2/6"),
                (self.write, ".env", "PASSWORD=longer-secret\n", "/four/d2/13"),
                (self.replace, "page.js", PAGE.replace("/${path}", "/x/${path}"), "/x/four/d2/13"),
                (self.write, "weir.local.toml", f'[environment.local]\nbase_url = "{self.server.url}/y"\n',
                 "/y/x/four/d2/13"),
                (self.write, "weir.toml", SUITE.format(url=self.server.url) + "# saved\n", "/y/x/four/d2/13")):
            with self.subTest(name=name, text=text):
                save(name, text)
                self.assertIn(f": {name} was saved", weir.until("was saved"))
                self.assertIn("exit code 0", weir.until(WAITING))
                self.assertEqual(self.last_path(), path)
        self.assertEqual(weir.end(), 0)

    def test_a_save_storm_is_one_run(self):
        weir = self.watch()
        weir.until(WAITING)
        for number in range(50):
            self.replace("lib.js", f"export const path = 'n{number}';\n")
            self.write("data.txt", f"d{number}\n")
        weir.until("run 2: data.txt, lib.js was saved")
        weir.until(WAITING)
        self.assertEqual(self.last_path(), "/n49/d49/6")
        self.assertEqual(weir.end(), 0)
        self.assertNotIn("run 3", "".join(weir.lines))

    def test_what_is_wrong_is_told_and_waited_for(self):
        self.write("lib.js", "export const path = ;\n")
        weir = self.watch()
        said = weir.until(WAITING)
        self.assertIn("lib.js:1:21: SyntaxError", said)
        self.assertIn("exit code 107", said)
        self.replace("lib.js", "export { path } from './deeper.js';\n")
        self.assertIn("deeper.js", weir.until(WAITING))
        self.write("deeper.js", "export const path = 'deep';\n")
        weir.until("deeper.js was saved")
        self.assertIn("exit code 0", weir.until(WAITING))
        self.assertEqual(self.last_path(), "/deep/d1/6")
        self.write("weir.toml", "[gate]\nrte = 1\n")
        self.assertIn("weir.toml:2:1: gate.rte is unknown: did you mean rate?", weir.until(WAITING))
        self.write(".env", "PASSWORD\n")
        self.write("weir.toml", SUITE.format(url=self.server.url))
        self.assertIn(".env:1:9:", weir.until(WAITING))
        os.remove(self.directory / ".env")
        self.assertIn("which is not set", weir.until(WAITING))
        self.write(".env", "PASSWORD=again\n")
        self.assertIn("exit code 0", weir.until(WAITING))
        self.assertEqual(self.last_path(), "/deep/d1/5")
        self.assertEqual(weir.end(signal.SIGTERM), 0)

    def test_a_save_ends_the_run_under_way_and_begins_the_next(self):
        self.write("page.js", PAGE + "export function teardown() { console.log('cleared up'); }\n")
        weir = self.watch("--vus", "2", "--duration", "10m")
        self.server.wait_for(20)
        self.replace("lib.js", "export const path = 'two';\n")
        said = weir.until("run 2: lib.js was saved")
        self.assertIn("cleared up", said)
        self.assertIn("run 1 was ended by a save", said)
        seen = threading.Event()

        def second(connection, _):
            seen.set()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        self.server.answers["/two/d1/6"] = second
        self.assertTrue(seen.wait(30))
        # Once is enough, and what was under way is told.
        self.assertEqual(weir.end(), 105)
        self.assertIn("interrupted (SIGINT)", "".join(weir.lines))

    def test_a_save_ends_a_setup_that_hangs(self):
        self.server.answers["/hang"] = lambda *_: threading.Event().wait(60)
        self.write("page.js", PAGE + "export function setup() { http.get(`${__ENV.BASE_URL}/hang`); }\n")
        weir = self.watch()
        self.server.wait_for(2)  # the first look, and setup's
        self.replace("page.js", PAGE)
        weir.until("run 2: page.js was saved")
        self.assertIn("exit code 0", weir.until(WAITING))
        self.assertEqual(weir.end(), 0)

    def test_it_may_begin_with_nothing(self):
        for name in ("weir.toml", "page.js", "lib.js", "data.txt", ".env"):
            os.remove(self.directory / name)
        weir = self.watch()
        self.assertIn("there is no weir.toml", weir.until(WAITING))
        self.write("weir.toml", SUITE.format(url=self.server.url))
        self.assertIn("which is not set", weir.until(WAITING))
        self.write(".env", "PASSWORD=secret\n")
        self.assertIn("page.js", weir.until(WAITING))
        self.write("page.js", PAGE)
        self.assertIn("lib.js", weir.until(WAITING))
        self.write("lib.js", "export const path = 'one';\n")
        self.assertIn("data.txt", weir.until(WAITING))
        self.replace("data.txt", "d1\n")
        self.assertIn("exit code 0", weir.until(WAITING))
        self.assertEqual(self.last_path(), "/one/d1/6")
        self.assertEqual(weir.end(), 0)

    def test_it_works_without_an_environment(self):
        self.write("page.js", "import http from 'k6/http';\nexport default () => http.get(__ENV.TARGET + '/a');\n")
        weir = Watched(self, "--iterations", "1", "-e", f"TARGET={self.server.url}")
        weir.until(WAITING)
        self.replace("page.js", "import http from 'k6/http';\nexport default () => http.get(__ENV.TARGET + '/b');\n")
        weir.until(WAITING)
        self.assertEqual([path for _, path, _ in self.server.requests], ["/a", "/b"])
        self.assertEqual(weir.end(), 0)

    def test_standard_input_cannot_be_watched(self):
        ended = self.run_weir("run", "-", "--watch")
        self.assertEqual(ended.code, 2)
        self.assertIn("--watch wants a file", ended.said)


if __name__ == "__main__":
    unittest.main()
