#!/usr/bin/env python3
"""Targets that misbehave: each gives counted failures and a reason; nothing crashes, hangs or is lost."""
import pathlib
import socket
import ssl
import subprocess
import threading
import unittest

from raw_server import RawServer, respond, send_and_close
from weir_program import GET, WeirTest


def certificate(directory):
    """A self-signed certificate for 127.0.0.1 and its key, as paths."""
    cert, key = pathlib.Path(directory, "cert.pem"), pathlib.Path(directory, "key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-keyout", key, "-out", cert, "-days", "1", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    return cert, key


class TargetTest(WeirTest):
    def check_failed(self, target, words, *flags):
        ended = self.run_script(GET, "--iterations", "3", "-e", f"TARGET={target}", *flags)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn(words, ended.said)
        self.assertEqual(ended.metric("http_reqs")["count"], 3)
        self.assertEqual(ended.metric("http_req_failed")["value"], 1)
        self.assertEqual(ended.metric("iterations")["count"], 3)
        self.assert_valid_record(ended)
        return ended


class Unreachable(TargetTest):
    def test_refused(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        self.check_failed(f"http://127.0.0.1:{port}/", "connection refused")

    def test_unknown_host(self):
        self.check_failed("http://no-such-host.invalid/", "no-such-host.invalid")

    def test_hanging(self):
        with RawServer({"/": lambda *_: threading.Event().wait(30)}) as server:
            self.check_failed(server.url, "request timeout")

    def test_accepts_and_says_nothing_to_tls(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self.check_failed(f"https://127.0.0.1:{silent.getsockname()[1]}/", "timeout")

    def test_closes_at_once(self):
        with RawServer({"/": send_and_close()}) as server:
            self.check_failed(server.url, "closed")

    def test_garbage(self):
        with RawServer({"/": send_and_close(b"\x00\xff" * 500)}) as server:
            self.check_failed(server.url, "not valid HTTP")

    def test_tls_where_plain_http_was_asked(self):
        with RawServer({"/": send_and_close(b"\x15\x03\x01\x00\x02\x02\x46")}) as server:
            self.check_failed(server.url, "TLS: use https://")

    def test_plain_http_where_tls_was_asked(self):
        def refuse(connection):
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            return connection
        with RawServer(wrap=refuse) as server:
            self.check_failed(server.url.replace("http:", "https:"), "not TLS")


class Broken(TargetTest):
    def test_truncated_length(self):
        with RawServer({"/": send_and_close(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")}) as server:
            self.check_failed(server.url, "closed before the response was complete")

    def test_truncated_chunks(self):
        with RawServer({"/": send_and_close(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nwo")}) as server:
            self.check_failed(server.url, "closed before the response was complete")

    def test_two_lengths(self):
        with RawServer({"/": send_and_close(
                b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc")}) as server:
            self.check_failed(server.url, "not valid HTTP")

    def test_trickle(self):
        """A byte now and then is no progress: the timeout is for the whole exchange."""
        def drip(connection, _):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            pause = threading.Event()
            for _ in range(100):
                connection.sendall(b"x")
                pause.wait(0.1)
        with RawServer({"/": drip}) as server:
            self.check_failed(server.url, "the response was still arriving")

    def test_lying_gzip(self):
        with RawServer({"/": respond(b"this is not gzip", headers=[("Content-Encoding", "gzip")])}) as server:
            self.check_failed(server.url, "gzip")

    def test_a_hundred_thousand_headers(self):
        def flood(connection, _):
            lines = b"".join(b"X-%d: %d\r\n" % (i, i) for i in range(100_000))
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + lines + b"Content-Length: 0\r\n\r\n")
            return "close"
        with RawServer({"/": flood}) as server:
            self.check_failed(server.url, "headers")

    def test_endless_redirects(self):
        with RawServer({"/": respond(status="302 Found", headers=[("Location", "/")])}) as server:
            ended = self.run_script(GET, "--iterations", "1", "-e", f"TARGET={server.url}")
            self.assertEqual(ended.code, 0, ended.said)
            self.assertIn("10 redirects", ended.said)
            self.assertEqual(ended.metric("http_reqs")["count"], 11)

    def test_a_body_of_one_gibibyte(self):
        """Without its bytes being kept it is read to the end; else it fails at the limit. Memory stays."""
        def pour(connection, _):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (1 << 30))
            piece = b"x" * (1 << 20)
            for _ in range(1 << 10):
                connection.sendall(piece)
        with RawServer({"/": pour}) as server:
            text = GET.replace("'2s'", "'50s'")
            kept = self.run_script(text, "--iterations", "1", "-e", f"TARGET={server.url}")
            self.assertEqual(kept.code, 0, kept.said)
            self.assertIn("body", kept.said)
            self.assertEqual(kept.metric("http_req_failed")["value"], 1)
            self.assertLess(kept.peak_kib, 400 * 1024)
            self.assert_valid_record(kept)
            thrown_away = self.run_weir("run", "journey.js", "--quiet", "--iterations", "1", "-e", f"TARGET={server.url}",
                                        "--discard-response-bodies", "--summary-export", "summary.json")
            self.assertEqual(thrown_away.code, 0, thrown_away.said)
            self.assertEqual(thrown_away.metric("http_req_failed")["value"], 0)
            self.assertGreater(thrown_away.metric("data_received")["count"], 1 << 30)
            self.assertLess(thrown_away.peak_kib, 200 * 1024)


class Certificates(TargetTest):
    def serve(self, cert, key):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        return RawServer(wrap=lambda connection: context.wrap_socket(connection, server_side=True))

    def test_self_signed(self):
        with self.serve(*certificate(self.directory)) as server:
            url = server.url.replace("http:", "https:")
            self.check_failed(url, "certificate")
            trusting = self.run_weir("run", "journey.js", "--quiet", "--iterations", "3", "-e", f"TARGET={url}",
                                     "--insecure-skip-tls-verify", "--summary-export", "summary.json")
            self.assertEqual(trusting.metric("http_req_failed")["value"], 0, trusting.said)

    def test_for_another_name(self):
        """Trusted, but not this host's."""
        cert, key = certificate(self.directory)
        with self.serve(cert, key) as server:
            trusting = {"environment": {"SSL_CERT_FILE": str(cert)}}
            own_name = self.run_weir("run", self.write("journey.js", GET), "--quiet", "--iterations", "1", "-e",
                                     f"TARGET=https://127.0.0.1:{server.port}/", **trusting)
            self.assertNotIn("request failed", own_name.said)
            other_name = self.run_weir("run", "journey.js", "--quiet", "--iterations", "1", "-e",
                                       f"TARGET=https://localhost:{server.port}/", **trusting)
            self.assertIn("hostname mismatch", other_name.said.lower())

    def test_cut_off_in_the_handshake(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def slam():
                while True:
                    try:
                        listener.accept()[0].close()
                    except OSError:
                        return
            threading.Thread(target=slam, daemon=True).start()
            self.check_failed(f"https://127.0.0.1:{listener.getsockname()[1]}/", "tls")


class Dying(WeirTest):
    def test_in_mid_run(self):
        """What it answered before it died is kept, what it did not answer is counted."""
        with RawServer() as server:
            process = self.start_script(GET, "--vus", "2", "--duration", "4s", "-e", f"TARGET={server.url}")
            server.wait_for(50)
            server.close()
            ended = self.finish(process)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("connection refused", ended.said)
        share = ended.metric("http_req_failed")["value"]
        self.assertTrue(0 < share < 1, share)
        self.assertGreaterEqual(ended.metric("http_reqs")["count"], 50)
        self.assert_valid_record(ended)


if __name__ == "__main__":
    unittest.main()
