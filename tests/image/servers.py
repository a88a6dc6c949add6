"""Servers for a program in an empty root: a DNS server that knows a few names, a PostgreSQL with TLS, and certificates."""
import dataclasses
import os
import pathlib
import pwd
import socket
import subprocess
import threading


@dataclasses.dataclass
class Certificate:
    ca: pathlib.Path
    certificate: pathlib.Path
    key: pathlib.Path


def certificate_for(name, folder):
    """A certificate for the name, by a CA that nobody knows."""
    folder = pathlib.Path(folder)
    made = Certificate(folder / "ca.pem", folder / "certificate.pem", folder / "key.pem")
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run([*new, "-subj", "/CN=a CA of weir's tests", "-addext", "keyUsage=keyCertSign",
                    "-keyout", folder / "ca.key", "-out", made.ca], check=True, capture_output=True)
    subprocess.run([*new, "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
                    "-addext", "basicConstraints=critical,CA:FALSE", "-CA", made.ca, "-CAkey", folder / "ca.key",
                    "-keyout", made.key, "-out", made.certificate], check=True, capture_output=True)
    return made


class Dns:
    """Answers A questions from a table, everything else with "no such name" or "no such record" (RFC 1035 §4.1)."""
    PORT = 53  # resolv.conf knows no other

    def __init__(self, names):
        self.names = {name.lower(): address for name, address in names.items()}
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for last in range(1, 255):  # an address of our own, so that no resolver of the machine is in the way
            self.address = f"127.53.{os.getpid() % 250}.{last}"
            try:
                self.socket.bind((self.address, self.PORT))
                break
            except OSError:
                if last == 254:
                    raise
        threading.Thread(target=self.serve, daemon=True).start()

    def close(self):
        self.socket.close()

    def serve(self):
        while True:
            try:
                question, peer = self.socket.recvfrom(4096)
                self.socket.sendto(self.answer(question), peer)
            except OSError:
                return

    def answer(self, question):
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1:at + 1 + question[at]].decode("latin-1"))
            at += 1 + question[at]
        asked, kind = question[12:at + 5], int.from_bytes(question[at + 1:at + 3], "big")
        name = ".".join(labels).lower()
        self.asked.append(name)
        known = self.names.get(name)
        records = b""
        if known and kind == 1:
            records = b"\xc0\x0c\x00\x01\x00\x01" + (60).to_bytes(4, "big") + b"\x00\x04" + socket.inet_aton(known)
        flags = 0x8180 if known else 0x8183
        counts = [1, 1 if records else 0, 0, 0]
        head = question[:2] + flags.to_bytes(2, "big") + b"".join(each.to_bytes(2, "big") for each in counts)
        return head + asked + records


class PostgreSQL:
    """A server on a free port of 127.0.0.1 that lets the user "weir" in by TLS and SCRAM-SHA-256 alone."""
    PASSWORD = "a password of the tests"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.bin = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
        self.authority = certificate_for("db.weir.test", folder)
        owner = pwd.getpwnam("postgres")
        for each in (self.folder, self.authority.key, self.authority.certificate):
            os.chown(each, owner.pw_uid, owner.pw_gid)
        (self.folder / "password").write_text(self.PASSWORD + "\n")
        (self.folder / "password").chmod(0o644)

    def owner(self, *command):
        done = subprocess.run(["runuser", "-u", "postgres", "--", *map(str, command)], cwd=self.folder,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def __enter__(self):
        data = self.folder / "data"
        self.owner(self.bin / "initdb", "-D", data, "-U", "weir", "-A", "scram-sha-256", "--pwfile",
                   self.folder / "password", "--no-sync", "--no-locale", "-E", "UTF8")
        (data / "pg_hba.conf").write_text("hostssl all weir 127.0.0.1/32 scram-sha-256\nlocal all all trust\n")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        options = {"listen_addresses": "127.0.0.1", "port": self.port, "fsync": "off", "ssl": "on",
                   "unix_socket_directories": self.folder, "ssl_cert_file": self.authority.certificate,
                   "ssl_key_file": self.authority.key, "log_connections": "on"}
        self.owner(self.bin / "pg_ctl", "-D", data, "-l", self.folder / "log", "-w", "-t", "60", "-o",
                   " ".join(f"-c {key}='{value}'" for key, value in options.items()), "start")
        return self

    def __exit__(self, *_):
        self.owner(self.bin / "pg_ctl", "-D", self.folder / "data", "-w", "-m", "immediate", "stop")

    def url(self, host, password=PASSWORD):
        return f"postgresql://weir:{password.replace(' ', '%20')}@{host}:{self.port}/postgres"

    def log(self):
        return (self.folder / "log").read_text()
