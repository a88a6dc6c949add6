"""Stores of a test's own: a SQLite file, and a PostgreSQL server in a scratch directory; both can be changed by hand."""
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile

ROOT_USER = os.geteuid() == 0


def postgres_programs():
    """Debian keeps each version's programs in a folder of its own: the newest; None when there is none."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


class SqliteStore:
    name = "sqlite"

    def __init__(self, directory):
        self.path = pathlib.Path(directory) / "store.db"
        self.url = f"sqlite:{self.path}"

    def change(self, sql):
        with sqlite3.connect(self.path, timeout=30) as database:
            database.executescript(sql)

    def rows(self, sql):
        with sqlite3.connect(self.path, timeout=30) as database:
            return [tuple(str(value) for value in row) for row in database.execute(sql)]

    def allow_changes(self):
        """As whoever owns the database can: without the triggers."""
        self.change("DROP TRIGGER IF EXISTS weir_audit_UPDATE; DROP TRIGGER IF EXISTS weir_audit_DELETE;")

    def close(self):
        pass


class PostgresStore:
    name = "postgres"

    def __init__(self, _):
        self.bin = postgres_programs()
        self.scratch = tempfile.mkdtemp(prefix="weir-pg-")
        if ROOT_USER:
            shutil.chown(self.scratch, "postgres")  # the server refuses to run as root
        self.run(self.bin / "initdb", "-D", f"{self.scratch}/data", "-U", "postgres", "-A", "trust", "--no-sync",
                 "--no-locale", "-E", "UTF8")
        self.run(self.bin / "pg_ctl", "-D", f"{self.scratch}/data", "-l", f"{self.scratch}/log", "-w", "-t", "60", "-o",
                 f"-k {self.scratch} -c listen_addresses='' -c fsync=off", "start")
        self.url = f"postgresql://postgres@/postgres?host={self.scratch}"

    def run(self, *words):
        owner = ["runuser", "-u", "postgres", "--"] if ROOT_USER else []
        subprocess.run([*owner, *map(str, words)], check=True, cwd=self.scratch, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def psql(self, *words, **more):
        return subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", self.url, *words], check=True, text=True,
                              capture_output=True, **more).stdout

    def change(self, sql):
        self.psql(input=sql)

    def rows(self, sql):
        return [tuple(line.split("\x1f")) for line in self.psql("-A", "-t", "-F", "\x1f", "-c", sql).splitlines()]

    def allow_changes(self):
        self.change("ALTER TABLE weir_audit DISABLE TRIGGER ALL;")

    def close(self):
        self.run(self.bin / "pg_ctl", "-D", f"{self.scratch}/data", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.scratch, ignore_errors=True)


def both(test):
    """One method, run on a store of each kind: test(self, store)."""
    def on_each(self):
        kinds = [SqliteStore] + ([PostgresStore] if postgres_programs() else [])
        for kind in kinds:
            with self.subTest(kind.name):
                directory = tempfile.mkdtemp(prefix="weir-store-")
                store = kind(directory)
                try:
                    test(self, store)
                finally:
                    store.close()
                    shutil.rmtree(directory, ignore_errors=True)
    on_each.__name__, on_each.__doc__ = test.__name__, test.__doc__
    return on_each
