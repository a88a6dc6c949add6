#!/usr/bin/env python3
"""Real nginx: what its access log says happened is what weir says happened."""
import base64
import gzip
import json
import pathlib
import shutil
import socket
import subprocess
import time
import unittest
import urllib.request

from bad_targets import certificate
from weir_program import WeirTest

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Nginx:
    def __init__(self, directory):
        self.directory = pathlib.Path(directory, "nginx")
        self.directory.mkdir()
        self.port, self.tls_port = free_port(), free_port()
        cert, key = certificate(self.directory)
        (self.directory / "users").write_text("ann:{PLAIN}secret word\n")
        (self.directory / "page.html").write_text("<p>" + "word " * 5000 + "</p>")
        (self.directory / "nginx.conf").write_text(f"""
daemon off; master_process off; pid {self.directory}/pid; error_log {self.directory}/error.log warn;
events {{ worker_connections 512; }}
http {{
  log_format facts '$status $request_method $request_uri $connection $connection_requests $http_user_agent';
  access_log {self.directory}/access.log facts;
  client_body_temp_path {self.directory}/b; proxy_temp_path {self.directory}/p;
  fastcgi_temp_path {self.directory}/f; uwsgi_temp_path {self.directory}/u; scgi_temp_path {self.directory}/s;
  gzip on; gzip_types text/html text/plain; gzip_min_length 1; default_type text/html;
  server {{
    listen 127.0.0.1:{self.port};
    root {self.directory};
    location /ready {{ access_log off; return 200 "ready"; }}
    location /moved {{ return 301 /page.html; }}
    location /seen-other {{ return 303 /page.html; }}
    location /teapot {{ return 418 "no coffee"; }}
    location /private {{ auth_basic "staff"; auth_basic_user_file {self.directory}/users; try_files /page.html =404; }}
    location /cookie {{ add_header Set-Cookie "seen=yes; Path=/"; return 200 "cookie:$cookie_seen"; }}
    location /old {{ keepalive_timeout 0; return 200 "bye"; }}
  }}
  server {{
    listen 127.0.0.1:{self.tls_port} ssl;
    ssl_certificate {cert}; ssl_certificate_key {key}; ssl_client_certificate {cert};
    ssl_verify_client optional; ssl_protocols TLSv1.2 TLSv1.3;
    location / {{ return 200 "$ssl_protocol $ssl_client_verify"; }}
  }}
}}
""")
        self.process = subprocess.Popen([NGINX, "-p", self.directory, "-c", self.directory / "nginx.conf"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{self.port}"
        self.tls_url = f"https://127.0.0.1:{self.tls_port}"
        for _ in range(200):
            try:
                urllib.request.urlopen(self.url + "/ready", timeout=5).read()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError((self.directory / "error.log").read_text())

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def log(self):
        """(status, method, uri, connection, requests on it so far, user agent) of each request; complete after stop()."""
        return [line.split(" ", 5) for line in (self.directory / "access.log").read_text().splitlines()]


class RealNginx(WeirTest):
    def setUp(self):
        super().setUp()
        self.nginx = Nginx(self.directory)
        self.addCleanup(self.nginx.stop)

    def journey(self, body, *flags):
        text = ("import http from 'k6/http';\nimport { check, fail } from 'k6';\n"
                "const must = (r, what, ok) => { if (!check(r, { [what]: ok })) fail(what + ': ' + r.status + ' ' + r.body); };\n"
                "export default function () {\n  const url = __ENV.TARGET;\n" + body + "\n}\n")
        ended = self.run_script(text, "-e", f"TARGET={self.nginx.url}", "-e", f"TLS={self.nginx.tls_url}", *flags)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertNotIn("error:", ended.said)
        return ended

    def test_counts_agree(self):
        ended = self.journey("  http.get(url + '/page.html'); http.get(url + '/nowhere'); http.head(url + '/page.html');",
                             "--vus", "7", "--iterations", "210")
        self.nginx.stop()
        log = self.nginx.log()
        self.assertEqual(len(log), 630)
        self.assertEqual(ended.metric("http_reqs")["count"], 630)
        not_found = sum(1 for line in log if line[0] == "404")
        self.assertEqual(not_found, 210)
        self.assertAlmostEqual(ended.metric("http_req_failed")["value"], 1 / 3, places=6)
        self.assertEqual(len({line[3] for line in log}), 7, "one connection a user, kept alive")
        self.assertTrue(all(line[5].startswith("weir/") for line in log))

    def test_connections(self):
        for flags, connections in (((), 2), (("--no-vu-connection-reuse",), 10), (("--no-connection-reuse",), 30)):
            with self.subTest(flags=flags):
                before = {line[3] for line in self.nginx.log()} if (self.nginx.directory / "access.log").exists() else set()
                self.journey("  for (let i = 0; i < 3; i++) http.get(url + '/page.html');",
                             "--vus", "2", "--iterations", "10", *flags)
                used = {line[3] for line in self.nginx.log()} - before
                self.assertEqual(len(used), connections)
                shutil.rmtree(self.directory / "results")

    def test_server_that_closes_each_connection(self):
        ended = self.journey("  must(http.get(url + '/old'), 'says bye', (r) => r.body === 'bye');", "--iterations", "20")
        self.assertEqual(ended.metric("http_req_failed")["value"], 0)

    def test_compressed_page_is_read_and_counted_as_sent(self):
        page = (self.nginx.directory / "page.html").read_bytes()
        ended = self.journey("  const r = http.get(url + '/page.html', { headers: { 'Accept-Encoding': 'gzip' } });\n"
                             f"  must(r, 'whole', (r) => r.body.length === {len(page)} && "
                             "r.headers['Content-Encoding'] === 'gzip');", "--iterations", "1")
        received = ended.metric("data_received")["count"]
        self.assertLess(received, len(gzip.compress(page)) + 1500)

    def test_redirects(self):
        ended = self.journey(
            "  const r = http.get(url + '/moved');\n"
            "  must(r, 'followed', (r) => r.status === 200 && r.url.endsWith('/page.html'));\n"
            "  must(http.get(url + '/moved', { redirects: 0 }), 'not followed', (r) => r.status === 301);\n"
            "  must(http.post(url + '/seen-other', 'x=1'), 'followed', (r) => r.status === 200);", "--iterations", "1")
        self.assertEqual(ended.metric("http_reqs")["count"], 5)
        self.nginx.stop()
        self.assertEqual([line[1:3] for line in self.nginx.log()],
                         [["GET", "/moved"], ["GET", "/page.html"], ["GET", "/moved"],
                          ["POST", "/seen-other"], ["GET", "/page.html"]])

    def test_basic_auth_in_the_url(self):
        host = self.nginx.url.removeprefix("http://")
        self.journey(f"  must(http.get('http://ann:secret%20word@{host}/private'), 'in', (r) => r.status === 200);\n"
                     f"  must(http.get('http://ann:wrong@{host}/private'), 'out', (r) => r.status === 401);", "--iterations", "1")
        kept = b"".join(path.read_bytes() for path in self.directory.glob("results/**/*") if path.is_file())
        for form in (b"secret%20word", b"secret word", base64.b64encode(b"ann:secret word")):
            self.assertNotIn(form, kept)

    def test_cookies_last_for_the_iteration(self):
        self.journey("  must(http.get(url + '/cookie'), 'none at first', (r) => r.body === 'cookie:');\n"
                     "  must(http.get(url + '/cookie'), 'sent back', (r) => r.body === 'cookie:yes');", "--iterations", "3")

    def test_client_certificate(self):
        cert, key = ((self.nginx.directory / name).read_text() for name in ("cert.pem", "key.pem"))
        text = ("import http from 'k6/http';\nimport { fail } from 'k6';\n"
                "export const options = { insecureSkipTLSVerify: true, tlsAuth: [{ domains: ['127.0.0.1'], "
                f"cert: {json.dumps(cert)}, key: {json.dumps(key)} }}] }};\n"
                "export default function () {\n  const r = http.get(__ENV.TLS);\n"
                "  if (r.body !== 'TLSv1.3 SUCCESS') fail(r.body + r.error);\n"
                "  if (r.tls_version !== 'tls1.3') fail(r.tls_version);\n}\n")
        ended = self.run_script(text, "--iterations", "2", "-e", f"TLS={self.nginx.tls_url}")
        self.assertNotIn("error:", ended.said)
        self.assertEqual(ended.metric("http_req_failed")["value"], 0, ended.said)
        self.assertNotIn(key.splitlines()[1], ended.record_path().read_text(), "a private key is a secret")


if __name__ == "__main__":
    unittest.main()
