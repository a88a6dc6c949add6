"""Servers that are told something: each records what it was told, and answers as the test says."""
import http.server
import json
import socket
import threading

import jsonschema

# The contracts, as their owners document them: what a request must be to be taken.
TEXT = {"type": "object", "required": ["type", "text"], "additionalProperties": False,
        "properties": {"type": {"enum": ["mrkdwn", "plain_text"]},
                       "text": {"type": "string", "minLength": 1, "maxLength": 3000}}}
# docs.slack.dev: "Sending messages using incoming webhooks", "Blocks".
SLACK = {"type": "object", "required": ["text", "blocks"], "additionalProperties": False, "properties": {
    "text": {"type": "string", "minLength": 1, "maxLength": 40000},
    "blocks": {"type": "array", "minItems": 1, "maxItems": 50, "items": {"oneOf": [
        {"type": "object", "required": ["type"], "additionalProperties": False,
         "anyOf": [{"required": ["text"]}, {"required": ["fields"]}],
         "properties": {"type": {"const": "section"}, "text": TEXT, "fields": {
             "type": "array", "minItems": 1, "maxItems": 10,
             "items": {**TEXT, "properties": {**TEXT["properties"],
                                              "text": {"type": "string", "minLength": 1, "maxLength": 2000}}}}}},
        {"type": "object", "required": ["type", "elements"], "additionalProperties": False,
         "properties": {"type": {"const": "context"},
                        "elements": {"type": "array", "minItems": 1, "maxItems": 10, "items": TEXT}}}]}}}}
# grafana.com, "Annotations HTTP API": create and patch.
ANNOTATION = {"type": "object", "required": ["text", "tags", "time"], "additionalProperties": False, "properties": {
    "dashboardUID": {"type": "string", "minLength": 1}, "panelId": {"type": "integer", "minimum": 1},
    "time": {"type": "integer", "minimum": 1_600_000_000_000},
    "timeEnd": {"type": "integer", "minimum": 1_600_000_000_000},
    "tags": {"type": "array", "items": {"type": "string", "minLength": 1}},
    "text": {"type": "string", "minLength": 1}}}


class Told:
    """Records (method, path, headers, JSON) of each request; answer(request) gives (status, text)."""

    def __init__(self, answer=lambda request: (200, "ok"), schema=None):
        self.requests, self.broken, self.open = [], [], set()
        self.changed = threading.Condition()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                outer.open.add(self.connection)

            def any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = (self.command, self.path, dict(self.headers), json.loads(body) if body else None)
                if schema is not None and body:
                    outer.broken += [e.message for e in jsonschema.Draft202012Validator(schema).iter_errors(request[3])]
                with outer.changed:
                    outer.requests.append(request)
                    outer.changed.notify_all()
                status, text = answer(request)
                self.send_response(status)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_POST = do_PATCH = do_DELETE = do_GET = any

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a client that gave up waiting

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """As a process that ends: open connections, too."""
        self.server.shutdown()
        self.server.server_close()
        for connection in self.open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def bodies(self):
        return [request[3] for request in self.requests]

    def wait_for(self, wanted, seconds=30):
        """Until wanted(bodies) is true; what it gave."""
        with self.changed:
            found = self.changed.wait_for(lambda: wanted(self.bodies()), timeout=seconds)
        if not found:
            raise AssertionError(f"it was not told in {seconds} s; it was told {json.dumps(self.bodies())[:3000]}")
        return found
