#!/usr/bin/env python3
"""Runs on a developer's machine: environments of weir.toml, overlays, secrets from a .env, every exchange shown."""
import os
import shutil
import socket
import subprocess
import unittest

from raw_server import RawServer, respond
from weir_program import WeirTest

SECRET = "correct-horse-battery"
SUITE = """
[[journey]]
script = "journeys/page.js"

[environment.preprod]
base_url = "{url}"
[environment.preprod.variables]
SERVICE_USER = "heavy"
[environment.preprod.secrets]
SERVICE_PASSWORD = {{ env = "PREPROD_PASSWORD" }}

[environment.local]
extends = "preprod"
[environment.local.variables]
SERVICE_USER = "small"

[[sign_in]]
url = "/auth/*"

[[condition]]
that = "at least 99 % checks"
min_samples = 1
"""
PAGE = """import http from 'k6/http';
import { check } from 'k6';
export default function () {
  console.log(`user ${__ENV.SERVICE_USER} password ${__ENV.SERVICE_PASSWORD} other ${__ENV.OTHER}`);
  const page = http.get(`${__ENV.BASE_URL}/page?user=${__ENV.SERVICE_USER}&p=${__ENV.SERVICE_PASSWORD}`, {
    tags: { name: `page ${__ENV.SERVICE_PASSWORD}` },
  });
  check(page, { [`is ${__ENV.SERVICE_PASSWORD}`]: (r) => r.status === 200 });
}
export function handleSummary() {
  return { stdout: `summary of ${__ENV.SERVICE_PASSWORD}\\n`, 'summary.txt': __ENV.SERVICE_PASSWORD };
}
"""
ONCE = ("--vus", "1", "--iterations", "1")


class LocalTest(WeirTest):
    def setUp(self):
        super().setUp()
        (self.directory / "journeys").mkdir()
        self.server = RawServer()
        self.addCleanup(self.server.close)
        self.write("weir.toml", SUITE.format(url=self.server.url))
        self.write("journeys/page.js", PAGE)

    def secret_file(self, text=f"export PREPROD_PASSWORD='{SECRET}' # mine\nOTHER=unnamed-but-secret\n"):
        self.write(".env", text)
        (self.directory / ".env").chmod(0o600)

    def run_local(self, *flags, script="journeys/page.js", **more):
        load = () if "--vus" in flags else ONCE
        return self.run_weir("run", script, "--quiet", *load, *flags, **more)

    def pages(self):
        return [each for each in self.server.requests if each[1].startswith("/page")]

    def assert_kept_secret(self, ended, *secrets):
        """Neither said nor in any file that the run left; the .env itself apart."""
        for secret in secrets:
            self.assertNotIn(secret, ended.said)
            for path in self.directory.rglob("*"):
                if path.is_file() and path.name != ".env":
                    self.assertFalse(secret.encode() in path.read_bytes(), f"{path} holds {secret}")


class Environments(LocalTest):
    def test_one_line_takes_all_of_the_environment(self):
        self.secret_file()
        ended = self.run_local("--env", "local", "--results", "results", "--summary-export", "summary.json",
                               "--out", "json=samples.json", "--out", "csv=samples.csv")
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("user small password *** other undefined", ended.said)
        self.assertIn("summary of ***", ended.said)
        method, path, head = self.pages()[0]
        self.assertEqual((method, path), ("GET", f"/page?user=small&p={SECRET}"))
        self.assertIn("X-Weir-Run:", head)
        self.assertIn("(synthetic; run", head)
        self.assert_kept_secret(ended, SECRET, "unnamed-but-secret")
        self.assertEqual(ended.record()["target"]["environment"], "local")

    def test_without_environment_nothing_changes(self):
        self.secret_file()
        ended = self.run_local("-e", f"BASE_URL={self.server.url}", environment={"OTHER": "of the process"})
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("user undefined password undefined other of the process", ended.said)
        self.assertNotIn("X-Weir-Run", self.pages()[0][2])
        self.assertEqual(len(self.server.requests), 1)

    def test_the_process_and_the_command_line_have_precedence(self):
        self.secret_file()
        ended = self.run_local("--env", "local", environment={"PREPROD_PASSWORD": "of-the-process"})
        self.assertIn("p=of-the-process", self.pages()[0][1])
        self.assert_kept_secret(ended, "of-the-process")
        ended = self.run_local("--env", "local", "-e", "SERVICE_PASSWORD=of-the-line", "-e", "SERVICE_USER=line",
                               "--env", "OTHER=also")
        self.assertIn("user line password *** other also", ended.said)
        self.assert_kept_secret(ended, "of-the-line")

    def test_a_secret_given_on_the_line_needs_no_source(self):
        ended = self.run_local("--env", "local", "-e", "SERVICE_PASSWORD=of-the-line")
        self.assertEqual(ended.code, 0, ended.said)
        ended = self.run_local("--env", "local")
        self.assertEqual(ended.code, 2, ended.said)
        self.assertIn("the secret SERVICE_PASSWORD comes from the variable PREPROD_PASSWORD, which is not set; on your "
                      "own machine, write it into .env", ended.said)

    def test_weir_toml_is_found_from_anywhere(self):
        self.secret_file()
        (self.directory / "elsewhere").mkdir()
        for where, script in ((self.directory / "elsewhere", str(self.directory / "journeys/page.js")),
                              (self.directory / "journeys", "page.js")):
            done = subprocess.run([os.environ["WEIR"], "run", script, "-q", *ONCE, "--env", "local"], cwd=where,
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
        os.rename(self.directory / "weir.toml", self.directory / "elsewhere/other.toml")
        os.rename(self.directory / ".env", self.directory / "elsewhere/.env")
        ended = self.run_local("--env", "local")
        self.assertEqual(ended.code, 2)
        self.assertIn("there is no weir.toml beside or above journeys/page.js", ended.said)
        ended = self.run_local("--env", "local", "-c", "elsewhere/other.toml")
        self.assertEqual(ended.code, 0, ended.said)

    def test_an_unknown_environment_names_those_there_are(self):
        ended = self.run_local("--env", "locl")
        self.assertEqual(ended.code, 2)
        self.assertIn("weir.toml has no environment 'locl'; it has: local, preprod", ended.said)
        self.assertEqual(self.server.requests, [])

    def test_flags_that_need_an_environment_say_so(self):
        for flags in (("--env-file", "x"), ("-c", "weir.toml"), ("--allow-writes",)):
            ended = self.run_local(*flags)
            self.assertEqual(ended.code, 2)
            self.assertIn("needs --env NAME", ended.said)

    def test_the_read_only_guard_is_on_and_can_be_taken_off(self):
        self.secret_file()
        self.write("journeys/post.js", "import http from 'k6/http';\nexport default function () {\n"
                   "  http.post(`${__ENV.BASE_URL}/auth/in`, 'x');\n  http.post(`${__ENV.BASE_URL}/change`, 'x');\n}\n")
        ended = self.run_local("--env", "local", script="journeys/post.js")
        self.assertEqual(ended.code, 99, ended.said)
        self.assertIn("read-only guard", ended.said)
        self.assertIn("post.js:4", ended.said)
        sent = [path for method, path, _ in self.server.requests if method == "POST"]
        self.assertEqual(sent, ["/auth/in"])
        ended = self.run_local("--env", "local", "--allow-writes", script="journeys/post.js")
        self.assertEqual(ended.code, 0, ended.said)
        sent = [path for method, path, _ in self.server.requests if method == "POST"]
        self.assertEqual(sent, ["/auth/in", "/auth/in", "/change"])
        self.run_local("-e", f"BASE_URL={self.server.url}", script="journeys/post.js")
        self.assertEqual(self.server.requests[-1][1], "/change")

    def test_a_journey_signs_in_as_in_the_gate(self):
        self.secret_file()
        self.write("journeys/in.js", "import http from 'k6/http';\n"
                   "export function signIn() { http.post(`${__ENV.BASE_URL}/auth/in`, 'x'); }\n"
                   "export default function () { http.get(`${__ENV.BASE_URL}/page`); }\n")
        ended = self.run_local("--env", "local", script="journeys/in.js")
        self.assertEqual(ended.code, 0, ended.said)
        self.assertEqual([path for _, path, _ in self.server.requests[1:]], ["/auth/in", "/page"])

    def test_a_secret_in_what_init_code_throws_stays_secret(self):
        self.secret_file()
        self.write("journeys/throws.js", "throw new Error(`no ${__ENV.SERVICE_PASSWORD}`);\n")
        ended = self.run_local("--env", "local", script="journeys/throws.js")
        self.assertEqual(ended.code, 107, ended.said)
        self.assertIn("no ***", ended.said)
        self.assertNotIn(SECRET, ended.said)


class TargetIsAway(LocalTest):
    def test_a_refusal_says_what_to_do(self):
        self.secret_file()
        self.server.close()
        ended = self.run_local("--env", "local")
        self.assertEqual(ended.code, 11, ended.said)
        for words in ("the target does not answer: GET " + self.server.url, "Connection refused",
                      "start the service, or forward its port", "-e BASE_URL=", "[environment.local]",
                      "weir.local.toml"):
            self.assertIn(words, ended.said)
        self.assertNotIn("user small", ended.said)

    def test_a_bad_status_is_a_warning(self):
        self.secret_file()
        self.server.answers["/"] = respond(status="503 Away")
        ended = self.run_local("--env", "local")
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("gave status 503", ended.said)


class Overlays(LocalTest):
    def test_a_personal_overlay_has_the_last_word_everywhere(self):
        self.secret_file()
        self.write("weir.toml", SUITE.format(url="http://192.0.2.1:1"))
        self.write("weir.local.toml", f'[environment.preprod]\nbase_url = "{self.server.url}"\n'
                   '[environment.mine]\nextends = "local"\nvariables = { SERVICE_USER = "me" }\n')
        ended = self.run_local("--env", "mine")
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("user me password ***", ended.said)
        self.assertIn("the environment mine is as weir.local.toml has it", ended.said)
        ended = self.run_weir("inspect", "weir.toml", "--env", "local")
        self.assertIn(f"environment  local: {self.server.url}", ended.said)
        ended = self.run_weir("gate", "--env", "mine", "--rate", "5", "--duration", "1s", "-q")
        self.assertIn(ended.code, (0, 11), ended.said)
        self.assertIn(f"target    {self.server.url}", ended.said)
        self.assert_kept_secret(ended, SECRET, "unnamed-but-secret")
        self.assertIn(b"mine", (self.directory / ".weir/history.db").read_bytes())
        ended = self.run_weir("inspect", "journeys/page.js", "--env", "mine")
        self.assertEqual(ended.code, 0, ended.said)

    @unittest.skipUnless(shutil.which("git"), "there is no git")
    def test_an_overlay_in_a_repository_is_not_personal(self):
        self.secret_file()
        self.write("weir.local.toml", "[environment.local]\n")
        for command in (("init", "-q"), ("add", "weir.local.toml")):
            subprocess.run(["git", *command], cwd=self.directory, check=True)
        self.assertIn("yours alone; but git tracks it", self.run_local("--env", "local").said)

    def test_mistakes_are_placed_in_the_file_that_has_them(self):
        self.secret_file()
        for overlay, said in (('[environment.a]\nextends = "a"\n', "weir.local.toml:2:11: environments extend"),
                              ("[gate]\nrate = 1\n", "weir.local.toml:1:2: only [environment.NAME]"),
                              ('[environment.a]\nextends = "preprodd"\n', "did you mean preprod?")):
            self.write("weir.local.toml", overlay)
            for command in (("run", "journeys/page.js", *ONCE, "--env", "local"), ("gate", "--env", "local"),
                            ("inspect", "weir.toml")):
                ended = self.run_weir(*command)
                self.assertEqual(ended.code, 2, ended.said)
                self.assertIn(said, ended.said)


class SecretFiles(LocalTest):
    def test_another_file_may_be_named(self):
        self.write("mine.env", f'PREPROD_PASSWORD="{SECRET}"\n')
        (self.directory / "mine.env").chmod(0o600)
        for command in (("run", "journeys/page.js", *ONCE), ("inspect", "weir.toml"), ("inspect", "journeys/page.js")):
            ended = self.run_weir(*command, "--env", "local", "--env-file", "mine.env")
            self.assertEqual(ended.code, 0, ended.said)
            self.assertNotIn("warning", ended.said)
        ended = self.run_local("--env", "local", "--env-file", "absent.env")
        self.assertEqual(ended.code, 2)
        self.assertIn("reading absent.env: No such file", ended.said)

    def test_all_of_its_values_are_hidden_even_when_a_journey_reads_the_file(self):
        self.secret_file(f'PREPROD_PASSWORD={SECRET}\nOTHER="unnamed\\nsecret"\n')
        self.write("journeys/reads.js", "const text = open('../.env');\nexport default function () {\n"
                   "  console.log(text); console.log('unnamed\\nsecret'); console.log(JSON.stringify("
                   "{ a: 'unnamed\\nsecret' }));\n}\n")
        ended = self.run_local("--env", "local", script="journeys/reads.js")
        self.assertEqual(ended.code, 0, ended.said)
        self.assertNotIn(SECRET, ended.said)
        self.assertNotIn("unnamed\nsecret", ended.said)
        self.assertNotIn("unnamed\\nsecret\"}", ended.said)

    def test_a_mistake_says_its_line_and_not_its_text(self):
        self.secret_file(f"A=1\n{SECRET}\n")
        ended = self.run_local("--env", "local")
        self.assertEqual(ended.code, 2)
        self.assertIn(".env:2:", ended.said)
        self.assertNotIn(SECRET, ended.said)

    def test_who_else_may_read_it_is_said(self):
        self.secret_file()
        self.assertNotIn("warning", self.run_local("--env", "local").said)
        (self.directory / ".env").chmod(0o640)
        self.assertIn(".env holds secrets and can be read by others (mode 0640): chmod 600 .env",
                      self.run_local("--env", "local").said)

    @unittest.skipUnless(shutil.which("git"), "there is no git")
    def test_that_a_repository_holds_it_is_said(self):
        self.secret_file()
        for command in (("init", "-q"), ("add", "weir.toml")):
            subprocess.run(["git", *command], cwd=self.directory, check=True)
        self.assertNotIn("tracked by git", self.run_local("--env", "local").said)
        subprocess.run(["git", "add", "-f", ".env"], cwd=self.directory, check=True)
        self.assertIn(".env holds secrets and is tracked by git", self.run_local("--env", "local").said)


    def test_addresses_hide_secrets_too(self):
        """In a base_url's password and in a health_url's parameter; when the target answers, and when it does not."""
        self.secret_file()
        self.write("weir.toml", SUITE.format(url=self.server.url.replace("//", "//me:in-the-address@")).replace(
            "[environment.preprod.variables]", 'health_url = "/health?p=${SERVICE_PASSWORD}"\n[environment.preprod.variables]'))
        for _ in range(2):
            ended = self.run_weir("gate", "--env", "local", "--rate", "5", "--duration", "1s", "-q")
            self.assertIn(ended.code, (0, 11), ended.said)
            for path in (self.directory / ".weir").rglob("*"):
                for secret in ("in-the-address", SECRET):
                    self.assertFalse(path.is_file() and secret.encode() in path.read_bytes(), f"{path} holds {secret}")
            self.assertNotIn("in-the-address", ended.said)
            self.assertNotIn(SECRET, ended.said)
            self.server.close()
        self.assertIn("the target does not answer", ended.said)


class HttpDebug(LocalTest):
    SCRIPT = ("import http from 'k6/http';\nexport default function () {\n"
              "  http.post(`${__ENV.BASE_URL}/auth/in`, { username: 'u', password: 'typed-by-hand' });\n"
              "  http.get(`${__ENV.BASE_URL}/start?token=in-the-query`.replace('//', '//who:in-the-url@'),"
              " { headers: { 'X-Vu': String(__VU) } });\n}\n")

    def setUp(self):
        super().setUp()
        self.secret_file()
        self.write("journeys/debug.js", self.SCRIPT)
        self.server.answers["/auth/in"] = respond(b'{"access_token": "from-the-server", "a": 1}', headers=(
            ("Set-Cookie", "sid=in-the-cookie; Path=/"), ("Content-Type", "application/json")))
        self.server.answers["/start"] = respond(status="302 Found", headers=(("Location", "/end"),))
        self.server.answers["/end"] = respond(f"the end, {SECRET}".encode())

    def debug(self, *flags):
        ended = self.run_local("--env", "local", *flags, script="journeys/debug.js")
        self.assertEqual(ended.code, 0, ended.said)
        for secret in ("typed-by-hand", "in-the-query", "in-the-url", "from-the-server", "in-the-cookie", SECRET):
            self.assertNotIn(secret, ended.said)
        return ended.said

    def test_every_exchange_is_shown(self):
        said = self.debug("--http-debug")
        for words in ("vu 1, iteration 0, scenario default: POST " + self.server.url + "/auth/in\nRequest:\n"
                      "POST /auth/in HTTP/1.1\nHost: 127.0.0.1:", "Content-Length: 33\n", "Response:\nHTTP/1.1 200 OK\n",
                      "Set-Cookie: sid=***; Path=/", "Cookie: sid=***", "GET /start?token=*** HTTP/1.1",
                      "Authorization: Basic ***", "(hop 1 of 2)", "(hop 2 of 2)", "HTTP/1.1 302 Found", "Location: /end",
                      "Redirect to " + self.server.url + "/end", "Timings: begun ", " after it was due; wait ",
                      ", connect ", ", TLS ", ", TTFB ", ", total ", "bytes received, body", "port ", "used again"):
            self.assertIn(words, said)
        self.assertNotIn("username", said)
        self.assertNotIn("the end", said)

    def test_full_shows_bodies(self):
        said = self.debug("--http-debug=full")
        for words in ("password=***&username=u", '{"access_token": "***", "a": 1}', "the end, ***"):
            self.assertIn(words, said)

    def test_each_users_exchanges_are_in_order(self):
        said = self.debug("--http-debug", "--vus", "4", "--iterations", "40")
        for user in range(1, 5):
            steps = [line.split(": ", 2)[-1].split("/", 3)[-1].split("?")[0].split(" ")[0] for line in said.splitlines()
                     if f"vu {user}, iteration" in line]
            self.assertEqual(steps, ["auth/in", "start", "end"] * (len(steps) // 3), f"user {user}")

    def test_off_shows_nothing(self):
        self.assertNotIn("Request:", self.debug())

    def test_a_failure_is_an_exchange_too(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        self.write("plain.js", f"import http from 'k6/http';\nexport default () => http.get('http://127.0.0.1:{port}/');\n")
        ended = self.run_local("--http-debug", script="plain.js")
        self.assertIn("Response:\nnone: dial: connection refused", ended.said)


if __name__ == "__main__":
    unittest.main()
