#!/usr/bin/env python3
"""What people see while a run lasts: under a pseudo-terminal, in a log, and when it is cut short."""
import os
import re
import signal
import unittest

from pty_screen import OnTerminal
from raw_server import RawServer, respond
from weir_program import TRUST_A_BUSY_MACHINE, WEIR, WeirTest

ARRIVALS = """import http from 'k6/http';
import { check } from 'k6';
export const options = {
  scenarios: { all: { executor: 'constant-arrival-rate', rate: 20, duration: 'DURATION', preAllocatedVUs: 5 } },
  thresholds: { http_req_failed: ['rate<0.5'], 'http_req_duration{name:no-such}': ['p(95)<1'] },
};
export default function () {
  const page = http.get(__ENV.TARGET, { tags: { name: 'page' } });
  BODY
}
"""
SUITE = """
[gate]
name = "peers"
rate = 20
duration = "DURATION"

[[journey]]
script = "journey.js"

[environment.test]
base_url = "URL"

[[condition]]
that = "98 % of `page` under 1 s"
min_samples = 20

[[condition]]
that = "at most 5 % errors of `page`"
min_samples = 20

""" + TRUST_A_BUSY_MACHINE
JOURNEY = """import http from 'k6/http';
export default function () { http.get(`${__ENV.BASE_URL}/page`, { tags: { name: 'page' } }); }
"""
CLOCK = re.compile(r"(\d+)s gone")


def elapsed(screen):
    found = [int(each[1]) for each in map(CLOCK.search, screen.visible()) if each]
    return max(found, default=0)


def showing(*parts):
    """All of them at once, in a view that has begun to count."""
    return lambda screen: elapsed(screen) >= 1 and all(part in "\n".join(screen.visible()) for part in parts)


is_shown = showing("whole run", "http_req_duration{name:no-such}")  # the last line of it


class TerminalTest(WeirTest):
    def environment(self, **more):
        kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        for name in ("NO_COLOR", "LC_ALL", "LC_CTYPE"):
            kept.pop(name, None)
        return {**kept, "TERM": "xterm-256color", "LANG": "C.UTF-8", **more}

    def on_terminal(self, *command, size=(80, 24), **environment):
        shown = OnTerminal([WEIR, *command], self.directory, self.environment(**environment), size)
        self.addCleanup(shown.process.kill)
        return shown

    def run_on_terminal(self, server, *flags, duration="3s", body="", **more):
        script = self.write("journey.js", ARRIVALS.replace("DURATION", duration).replace("BODY", body))
        return self.on_terminal("run", script, "-e", f"TARGET={server.url}", *flags, **more)

    def assert_sane(self, screen):
        """Nothing was asked of the terminal but to redraw a few lines, and none of them is left."""
        self.assertEqual(screen.strange, [])
        self.assertEqual(screen.column, 0)
        text = "\n".join(screen.transcript())
        for part in (" gone", "whole run", "users busy"):
            self.assertNotIn(part, text)


class OfARun(TerminalTest):
    def test_redraws_in_place_and_leaves_the_summary_alone(self):
        with RawServer({"/": respond(b"page")}) as server:
            shown = self.run_on_terminal(server, duration="5s")
            text = "\n".join(shown.wait_until(is_shown, "the view").visible())
            for part in ("weir run: journey.js", "left", "/s due", "users busy", "0 failed", "p50", "p95", "p99",
                         "✓ http_req_failed: rate<0.5", "rate=0.00%", "? http_req_duration{name:no-such}: p(95)<1"):
                self.assertIn(part, text)
            shown.wait_until(lambda screen: elapsed(screen) >= 2, "another drawing")
            code = shown.finish()
        self.assertEqual(code, 99)  # a threshold without samples
        self.assertGreater(shown.screen.moves_up, 1)
        self.assertGreater(shown.screen.colours, 0)
        for picture in shown.pictures:
            self.assertLessEqual(len(list(filter(CLOCK.search, picture.visible()))), 1)
        self.assert_sane(shown.screen)
        self.assertIn("TOTAL RESULTS", "\n".join(shown.screen.transcript()))

    def test_lines_of_the_script_stand_above_whole_and_in_order(self):
        body = "console.log(`line ${__VU}-${__ITER} 日本 of the script`); console.warn('one\\ntwo');"
        with RawServer({"/": respond(b"page")}) as server:
            shown = self.run_on_terminal(server, body=body, size=(60, 16))
            shown.wait_until(is_shown, "the view")
            shown.finish()
        transcript = shown.screen.transcript()
        lines = [line for line in transcript if "line" in line and "of the script" in line]
        for line in lines:
            self.assertRegex(line, r"^info: line \d+-\d+ 日本 of the script$")
        self.assertEqual(len(lines), len(set(lines)))
        self.assertEqual(transcript.count("warning: one"), len(lines))
        self.assertEqual(transcript.count("two"), len(lines))
        self.assertGreaterEqual(len(lines), 50)
        self.assert_sane(shown.screen)

    def test_follows_the_size_of_the_window(self):
        with RawServer({"/": respond(b"page")}) as server:
            shown = self.run_on_terminal(server, duration="30s", size=(120, 30))
            shown.wait_until(is_shown, "the view")
            for columns, rows in ((40, 10), (20, 5), (100, 24)):
                with shown.changed:
                    before = elapsed(shown.screen)
                shown.resize(columns, rows)
                # The drawing that was under way may still be of the old size.
                shown.wait_until(lambda screen: elapsed(screen) >= before + 2, "another drawing")
                with shown.changed:
                    wrapped = shown.screen.wrapped
                    before = elapsed(shown.screen)
                shown.wait_until(lambda screen: elapsed(screen) >= before + 1, "one more")
                with shown.changed:
                    self.assertEqual(shown.screen.wrapped, wrapped, f"{columns} columns")
                    view = shown.screen.visible()
                self.assertLessEqual(len(view), rows)
                self.assertLessEqual(len(list(filter(CLOCK.search, view))), 1, view)
            shown.process.send_signal(signal.SIGINT)
            self.assertEqual(shown.finish(), 105)
        self.assertEqual(shown.screen.strange, [])

    def test_fits_a_narrow_window_from_the_start(self):
        with RawServer({"/": respond(b"page")}) as server:
            shown = self.run_on_terminal(server, "--summary-mode", "disabled", duration="5s", size=(24, 7))
            view = shown.wait_until(lambda screen: elapsed(screen) >= 2, "the view")
            shown.finish()
        self.assertEqual((view.wrapped, view.scrolled), (0, 0))

    def test_is_in_order_however_it_ends(self):
        for number, code in ((signal.SIGINT, 105), (signal.SIGTERM, 105), (signal.SIGKILL, -9)):
            with self.subTest(number.name), RawServer({"/": respond(b"page")}) as server:
                shown = self.run_on_terminal(server, duration="5m")
                shown.wait_until(is_shown, "the view")
                shown.process.send_signal(number)
                self.assertEqual(shown.finish(), code)
                if number == signal.SIGKILL:
                    # What nobody could take away stands whole, and the shell goes on below it.
                    self.assertEqual((shown.screen.column, shown.screen.strange), (0, []))
                    self.assertEqual(shown.screen.row, len(shown.screen.lines) - 1)
                    self.assertEqual(shown.screen.visible()[-1], "")
                else:
                    self.assert_sane(shown.screen)
                    self.assertIn("the run was ended", "\n".join(shown.screen.transcript()))

    def test_an_abort_and_an_error_leave_no_view(self):
        for body, code in (("if (__ITER > 8) exec.test.abort('enough');", 108), ("throw new Error('boom');", 99)):
            with self.subTest(body), RawServer({"/": respond(b"page")}) as server:
                script = "import exec from 'k6/execution';\n" + ARRIVALS.replace("DURATION", "3s").replace("BODY", body)
                shown = self.on_terminal("run", self.write("journey.js", script), "-e", f"TARGET={server.url}")
                self.assertEqual(shown.finish(), code)
                self.assert_sane(shown.screen)

    def test_colours_are_a_choice(self):
        with RawServer({"/": respond(b"page")}) as server:
            for flags, environment in ((), {"NO_COLOR": "1"}), (("--no-color",), {}):
                each = self.run_on_terminal(server, *flags, **environment)
                each.wait_until(is_shown, "the view")
                each.finish()
                self.assertEqual(each.screen.colours, 0)
                self.assertGreater(each.screen.moves_up, 0)
                self.assert_sane(each.screen)

    def test_a_locale_without_utf8_gets_ascii(self):
        with RawServer({"/": respond(b"page")}) as server:
            shown = self.run_on_terminal(server, "--summary-mode", "disabled", LANG="C")
            shown.wait_until(showing("+ http_req_failed: rate<0.5", "? http_req_duration"), "the view")
            shown.finish()
            self.assertTrue(shown.raw.isascii())

    def test_quiet_says_nothing(self):
        with RawServer({"/": respond(b"page")}) as server:
            shown = self.run_on_terminal(server, "--quiet", "--summary-mode", "disabled", duration="2s")
            shown.finish()
            self.assertEqual(shown.screen.moves_up, 0)
            self.assertNotIn(b"gone", shown.raw)

    def test_names_that_would_command_a_terminal_are_shown(self):
        evil = r"a\x1b[2J\x1b]0;evil\x07\x9b31m\u202eb"
        body = f"check(page, {{ '{evil}': () => false }}); console.log('{evil}');"
        with RawServer({"/": respond(b"page")}) as server:
            script = ARRIVALS.replace("DURATION", "2s").replace("BODY", body).replace("name: 'page'", f"name: '{evil}'")
            shown = self.on_terminal("run", self.write("journey.js", script), "-e", f"TARGET={server.url}")
            shown.finish()
        self.assertEqual(shown.screen.strange, [])
        self.assertIn(r"a\x1b[2J\x1b]0;evil\x07\x9b31m\u202eb", "\n".join(shown.screen.transcript()))


class InALog(TerminalTest):
    def test_a_line_every_ten_seconds_and_no_escape_sequence(self):
        """Both at once: a log (no terminal), and a terminal that can do nothing."""
        with RawServer({"/": respond(b"page")}) as server:
            dumb = self.run_on_terminal(server, duration="12s", TERM="dumb")
            ended = self.run_weir("run", "journey.js", "-e", f"TARGET={server.url}",
                                  environment={**self.environment(), "NO_COLOR": ""})
            dumb.finish()
        for text in (ended.said, dumb.raw.decode().replace("\r\n", "\n")):
            self.assertNotIn("\x1b", text)
            lines = [line for line in text.splitlines() if line.startswith("running ")]
            self.assertEqual(len(lines), 1, text)
            self.assertRegex(lines[0], r"^running \d+s of 12s: [\d.]+ of [\d.]+ journeys/s, .* requests/s, \d+ of \d+ "
                                       r"users busy, p50 .*, p95 .*, p99 .*, 0 failed .*thresholds: 1 held, 1 undecided")


class OfAGate(TerminalTest):
    def test_conditions_turn_and_the_verdict_follows(self):
        self.write("journey.js", JOURNEY)
        with RawServer({"/": respond(b"up"), "/page": respond(b"page")}) as server:
            self.write("weir.toml", SUITE.replace("URL", server.url).replace("DURATION", "30s"))
            shown = self.on_terminal("gate", "--results", "results", "--store", "")
            shown.wait_until(showing("weir gate: peers in test", "? 98 % of `page` under 1s", "100.00 % of",
                                     "ends early when each condition is decided: 0 of 2 are"), "undecided conditions")
            shown.wait_until(showing("✓ at most 5 % errors of `page`"), "a condition that is held")
            code = shown.finish()
        self.assertEqual(code, 0)
        self.assert_sane(shown.screen)
        self.assertIn("verdict: pass", "\n".join(shown.screen.transcript()))


class OfADuet(TerminalTest):
    def test_both_sides_are_shown(self):
        self.write("journey.js", JOURNEY)
        answers = {"/": respond(b"up"), "/page": respond(b"page")}
        with RawServer(answers) as server, RawServer(answers) as candidate:
            self.write("weir.toml", SUITE.replace("URL", server.url).replace("DURATION", "4s"))
            shown = self.on_terminal("duet", "--baseline", server.url, "--candidate", candidate.url,
                                     "--duration", "4s", "--results", "results")
            shown.wait_until(showing("\n baseline ", "\n candidate "), "both sides")
            shown.finish()
        self.assert_sane(shown.screen)


if __name__ == "__main__":
    unittest.main()
