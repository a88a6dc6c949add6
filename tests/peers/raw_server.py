"""A server of bytes: what is sent for a path is up to the test, HTTP or not."""
import re
import socket
import threading


class RawServer:
    """Answers each request by its path: answers[path](connection, head). Unknown paths: an empty 200."""

    def __init__(self, answers=None, wrap=None):
        self.answers = answers or {}
        self.requests = []  # (method, path, head)
        self.wrap = wrap    # of each accepted connection: TLS
        self.counted = threading.Condition()  # notified of each request
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.open = set()
        self.closed = False
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """As a process that dies: nobody listens, open connections are reset."""
        self.closed = True
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        for connection in list(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def wait_for(self, requests):
        """Until so many requests have come; fails after half a minute."""
        with self.counted:
            if not self.counted.wait_for(lambda: len(self.requests) >= requests, timeout=30):
                raise AssertionError(f"{len(self.requests)} of {requests} requests came")

    def accept(self):
        while not self.closed:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        self.open.add(connection)
        try:
            if self.wrap is not None:
                connection = self.wrap(connection)
            self.talk(connection)
        except (OSError, ValueError):
            pass  # the client went away, which some tests are about
        finally:
            self.open.discard(connection)
            connection.close()

    def talk(self, connection):
        pending = b""
        while True:
            while b"\r\n\r\n" not in pending:
                more = connection.recv(65536)
                if not more:
                    return
                pending += more
            head, pending = pending.split(b"\r\n\r\n", 1)
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            body = int(length[1]) if length else 0
            while len(pending) < body:
                pending += connection.recv(65536)
            pending = pending[body:]
            method, path, _ = head.split(b"\r\n")[0].decode("latin-1").split(" ", 2)
            with self.counted:
                self.requests.append((method, path, head.decode("latin-1")))
                self.counted.notify_all()
            answer = self.answers.get(path.split("?")[0], respond())
            if answer(connection, head) == "close":
                return


def respond(body=b"", status="200 OK", headers=()):
    """A complete answer, with its length."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n".encode()
    head += b"".join(f"{name}: {value}\r\n".encode() for name, value in headers) + b"\r\n"

    def answer(connection, _):
        connection.sendall(head + body)
    return answer


def send_and_close(*pieces):
    def answer(connection, _):
        for piece in pieces:
            connection.sendall(piece)
        return "close"
    return answer
