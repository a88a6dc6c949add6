#!/usr/bin/env python3
"""The image made by tools/image from this build's program: its content, and what runs out of its root file system."""
import hashlib
import json
import os
import pathlib
import shutil
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import threading
import unittest

import jsonschema

from image_archive import ImageArchive
from servers import Dns, PostgreSQL, certificate_for

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/peers"))
from raw_server import RawServer, respond  # noqa: E402

WEIR, SAMPLE, BUILD = os.environ["WEIR"], os.environ["WEIR_SAMPLE"], os.environ["WEIR_BUILD"]
MEGABYTE = 1_000_000
USER = 65532
PROGRAM_DEADLINE_SECONDS = 60
CONTENT = {  # everything, and what it is: mode and owner
    "": (stat.S_IFDIR | 0o755, 0),
    "weir": (stat.S_IFREG | 0o755, 0),
    "work": (stat.S_IFDIR | 0o755, USER),
    "etc": (stat.S_IFDIR | 0o755, 0),
    "etc/passwd": (stat.S_IFREG | 0o644, 0),
    "etc/group": (stat.S_IFREG | 0o644, 0),
    "etc/ssl": (stat.S_IFDIR | 0o755, 0),
    "etc/ssl/certs": (stat.S_IFDIR | 0o755, 0),
    "etc/ssl/certs/ca-certificates.crt": (stat.S_IFREG | 0o644, 0),
    "usr": (stat.S_IFDIR | 0o755, 0),
    "usr/lib": (stat.S_IFDIR | 0o755, 0),
    "usr/lib/ssl": (stat.S_IFDIR | 0o755, 0),
    "usr/lib/ssl/cert.pem": (stat.S_IFLNK | 0o777, 0),
    "usr/share": (stat.S_IFDIR | 0o755, 0),
    "usr/share/doc": (stat.S_IFDIR | 0o755, 0),
    "usr/share/doc/weir": (stat.S_IFDIR | 0o755, 0),
    "usr/share/doc/weir/copyright": (stat.S_IFREG | 0o644, 0),
    "usr/share/sbom": (stat.S_IFDIR | 0o755, 0),
    "usr/share/sbom/weir.cdx.json": (stat.S_IFREG | 0o644, 0),
}
KINDS = {"0": stat.S_IFREG, "5": stat.S_IFDIR, "2": stat.S_IFLNK}
ONCE = "export const options = { iterations: 1, thresholds: { checks: ['rate==1'] } };\n"
JOURNEY = """import http from 'k6/http';
import { check } from 'k6';
export default function () {
  check(http.get(__ENV.TARGET), { 'says hello': (r) => r.body === 'hello' });
}
"""
SUITE = """[gate]
name = "image"
rate = 20
duration = "2s"
[[journey]]
script = "journey.js"
[environment.test]
base_url = "URL"
variables = { TARGET = "URL/hello" }
[[condition]]
that = "at least 99 % checks"
min_samples = 30
"""
# Other tests are about when a busy machine can be trusted; here it is never to blame.
ANY_MACHINE = """[trust]
achieved_share = 0.1
late_share = 1
cpu_share = 1
steal_share = 1
loop_stall = "30s"
"""


def setUpModule():
    global folder, archive
    if os.geteuid() != 0:
        raise unittest.SkipTest("chroot and buildah without user namespaces need root")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-image-"))
    folder.chmod(0o755)
    unittest.addModuleCleanup(shutil.rmtree, folder, ignore_errors=True)
    build_image("weir")
    archive = ImageArchive(folder / "weir.oci.tar")


def build_image(name):
    done = subprocess.run([ROOT / "tools/image", BUILD, WEIR, folder / f"{name}.oci.tar"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Archive(unittest.TestCase):
    def test_is_small(self):
        print(f"image: {archive.size / MEGABYTE:.2f} MB compressed")
        self.assertLessEqual(archive.size, 15 * MEGABYTE)

    def test_again_is_the_same_to_the_byte(self):
        said = build_image("again")
        self.assertEqual((folder / "again.oci.tar").read_bytes(), (folder / "weir.oci.tar").read_bytes())
        self.assertIn(archive.digest, said)

    def test_is_not_made_of_a_program_that_needs_libraries(self):
        done = subprocess.run([ROOT / "tools/image", BUILD, SAMPLE, folder / "dynamic.oci.tar"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("is not linked statically", done.stderr)
        self.assertFalse((folder / "dynamic.oci.tar").exists())

    def test_is_started_as_nobody_in_particular_where_it_may_write(self):
        config = archive.config["config"]
        self.assertEqual(config["User"], f"{USER}:{USER}")
        self.assertEqual(config["Entrypoint"], ["/weir"])
        self.assertEqual(config["Cmd"], ["--help"])
        self.assertEqual(config["WorkingDir"], "/work")
        self.assertEqual(archive.config["os"], "linux")
        self.assertNotIn("Volumes", config)

    def test_says_what_it_is(self):
        labels = {key.removeprefix("org.opencontainers.image."): value
                  for key, value in archive.config["config"]["Labels"].items()}
        self.assertEqual(labels["title"], "weir")
        self.assertEqual(f"weir {labels['version']}\n",
                         subprocess.run([WEIR, "version"], capture_output=True, text=True).stdout)
        self.assertRegex(labels["revision"], r"^([0-9a-f]{40}|unknown)(-modified)?$")
        self.assertEqual(labels["created"], archive.config["created"].replace(".000000000", ""))

    def test_has_nothing_else_in_it(self):
        found = {path: (KINDS[each.type.decode()] | each.mode, each.uid) for path, each in archive.members().items()}
        found.setdefault("", CONTENT[""])
        self.assertEqual(found, CONTENT)
        self.assertEqual({each.gid for path, each in archive.members().items() if path != "work"}, {0})

    def test_tells_nothing_of_the_machine_that_built_it(self):
        for layer in archive.layers:
            for secret in (str(ROOT), str(folder), socket.gethostname()):
                if len(secret) > 4:
                    self.assertNotIn(secret.encode(), layer.split(b"usr/share/sbom", 1)[1], secret)


class BillOfMaterials(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(dir=folder)
        archive.unpack(self.root)
        self.text = pathlib.Path(self.root, "usr/share/sbom/weir.cdx.json").read_text()
        self.bill = json.loads(self.text)

    def test_is_also_beside_the_image(self):
        self.assertEqual((folder / "weir.sbom.json").read_text(), self.text)

    def test_keeps_to_its_schema(self):
        schemas = {name: json.loads((ROOT / f"build/third_party/cyclonedx/{name}.SNAPSHOT.schema.json").read_text())
                   for name in ("bom-1.6", "spdx", "jsf-0.82")}
        store = {schema["$id"]: schema for schema in schemas.values()}
        store |= {f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json": schema for name, schema in schemas.items()}
        resolver = jsonschema.RefResolver.from_schema(schemas["bom-1.6"], store=store)
        validator = jsonschema.Draft7Validator(schemas["bom-1.6"], resolver=resolver,
                                               format_checker=jsonschema.draft7_format_checker)
        self.assertEqual([error.message for error in validator.iter_errors(self.bill)], [])
        del self.bill["components"][0]["name"]
        self.assertTrue(list(validator.iter_errors(self.bill)), "the validator does not look")

    def test_names_the_program_by_its_digest(self):
        program = pathlib.Path(self.root, "weir").read_bytes()
        [digest] = self.bill["metadata"]["component"]["hashes"]
        self.assertEqual(digest, {"alg": "SHA-256", "content": hashlib.sha256(program).hexdigest()})

    def test_names_everything_that_is_linked_in_with_version_and_source(self):
        components = {each["name"]: each for each in self.bill["components"]}
        for name in ("libc6-dev", "libstdc++-12-dev", "libssl-dev", "zlib1g-dev", "libzstd-dev", "libbrotli-dev",
                     "libsqlite3-dev", "libc-ares-dev", "libmd-dev", "libboost-context1.81-dev", "libfmt-dev",
                     "nlohmann-json3-dev", "libcli11-dev", "libtomlplusplus-dev", "ca-certificates"):
            with self.subTest(name):
                installed = subprocess.run(["dpkg-query", "-W", "-f", "${Version}\n", name],
                                           capture_output=True, text=True).stdout.split()
                self.assertIn(components[name]["version"], installed)
                self.assertRegex(components[name]["purl"], r"^pkg:deb/debian/.+@.+upstream=.+%40")
        ours, _, of_tests = (ROOT / "setup/third-party.lock").read_text().partition("# What tests")
        self.assertIn("cyclonedx", of_tests)
        for line in ours.splitlines():
            if line.startswith("#"):
                continue
            _, name, version, digest = line.split()[:4]
            with self.subTest(name):
                self.assertEqual(components[name]["version"], version)
                self.assertEqual(components[name]["hashes"], [{"alg": "SHA-256", "content": digest}])
        pages = json.loads((ROOT / "report-ui/package-lock.json").read_text())["packages"]
        self.assertEqual(components["uplot"]["version"], pages["node_modules/uplot"]["version"])
        self.assertEqual(components["uplot"]["hashes"][0]["alg"], "SHA-512")
        for name in ("cyclonedx-python-lib", "esbuild", "playwright-core"):
            self.assertNotIn(name, components)
        self.assertEqual({each["bom-ref"] for each in self.bill["components"]},
                         set(self.bill["dependencies"][0]["dependsOn"]))

    def test_comes_with_the_licences(self):
        text = pathlib.Path(self.root, "usr/share/doc/weir/copyright").read_text()
        headings = {name for line in text.splitlines() if line.startswith("==== ") for name in line[5:].split(", ")}
        for line in (ROOT / "setup/third-party.lock").read_text().partition("# What tests")[0].splitlines():
            if not line.startswith("#"):
                self.assertIn(line.split()[-1], headings)
        debian = {each["name"] for each in self.bill["components"] if each["purl"].startswith("pkg:deb/")}
        self.assertLessEqual(debian, headings)
        for holder in ("Fabrice Bellard", "PostgreSQL Global Development Group", "Free Software Foundation", "Zverovich", "Leon Sorokin"):
            self.assertIn(holder, text)


class Run(unittest.TestCase):
    """The root file system as a runtime would offer it: read-only, with /work to write to, as the image's user."""

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(dir=folder))
        self.root.chmod(0o755)
        archive.unpack(self.root)
        self.put("etc/hosts", "127.0.0.1 localhost service.weir.test\n")  # runtimes do that, too

    def put(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def weir(self, *arguments, code=0, **environment):
        """With no environment but the image's and the one given: no HOME, no PATH of ours."""
        started = subprocess.run(
            [sys.executable, HERE / "enter_root.py", self.root, str(USER), "/work", "/weir", *arguments],
            env={"PATH": os.environ["PATH"]} | environment, capture_output=True, text=True,
            timeout=PROGRAM_DEADLINE_SECONDS)
        said = started.stdout + started.stderr
        self.assertEqual(started.returncode, code, said)
        return said

    def run_journey(self, url, **more):
        self.put("suite/journey.js", JOURNEY + ONCE)
        return self.weir("run", "/suite/journey.js", "-e", f"TARGET={url}", "--quiet", **more)


class Alone(Run):
    def test_is_linked_statically_and_says_its_version(self):
        headers = subprocess.run(["readelf", "--program-headers", "--dynamic", "--wide", self.root / "weir"],
                                 capture_output=True, text=True).stdout
        self.assertIn("LOAD", headers)
        self.assertIn("DYN (Position-Independent Executable file)", headers)
        self.assertNotIn("INTERP", headers)
        self.assertNotIn("NEEDED", headers)
        for command in ("version", "--version"):
            self.assertEqual(self.weir(command), f"weir {archive.config['config']['Labels']['org.opencontainers.image.version']}\n")

    def test_can_write_nowhere_but_in_its_working_directory(self):
        self.put("suite/journey.js", "export default function () {}\n")
        run = ("run", "/suite/journey.js", "--iterations", "1", "--quiet", "--results")
        self.weir(*run, "/suite/results", code=12)
        self.assertFalse((self.root / "suite/results").exists())
        self.weir(*run, "results")
        self.assertTrue(list((self.root / "work/results").glob("*/record.json")))


class Gate(Run):
    @classmethod
    def setUpClass(cls):
        data = tempfile.mkdtemp(dir=folder)
        ready = pathlib.Path(data, "ready")
        cls.service = subprocess.Popen(
            [SAMPLE, "--port", "0", "--auth-port", "0", "--referrals", "1000", "--ready-file", ready, "--data-dir", data],
            stdout=subprocess.DEVNULL)
        cls.addClassCleanup(cls.service.wait)
        cls.addClassCleanup(cls.service.terminate)
        while not (ready.exists() and ready.stat().st_size):
            assert cls.service.poll() is None, "the sample service did not start"
            threading.Event().wait(0.05)
        cls.url = json.loads(ready.read_text())["url"]

    def gate(self, cases, code):
        """The sample's own suite, shorter: what it finds is about the content of pages, not about this machine's speed."""
        shutil.copytree(ROOT / "journeys", self.root / "suite")
        suite = (ROOT / "journeys/weir.toml").read_text()
        self.assertIn("under 2 s", suite)
        suite = suite.replace("under 2 s", "under 20 s").replace("min_samples = 200\n", "")
        self.put("suite/weir.toml", suite.replace("[[condition]]\n", "[[condition]]\nmin_samples = 30\n") + ANY_MACHINE)
        said = self.weir("gate", "-c", "/suite/weir.toml", "--rate", "10", "--duration", "4s", "--quiet",
                         "-e", f"BASE_URL={self.url}", "-e", f"MIN_CASES={cases}", code=code)
        [result] = (self.root / "work/.weir/results").iterdir()
        self.assertTrue((self.root / "work/.weir/history.db").exists())
        self.assertEqual({USER}, {each.stat().st_uid for each in (self.root / "work/.weir").rglob("*")})
        return said, json.loads((result / "verdict.json").read_text())

    def test_passes_a_good_service(self):
        said, verdict = self.gate(cases=100, code=0)
        self.assertIn("verdict: pass", said)
        self.assertTrue(verdict["findings"])

    def test_blocks_a_service_whose_pages_are_not_what_they_should_be(self):
        said, _ = self.gate(cases=5000, code=10)
        self.assertIn("verdict: fail", said)


class Https(Run):
    def serve(self, authority):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.certificate, authority.key)
        server = RawServer({"/hello": respond(b"hello")}, wrap=lambda each: context.wrap_socket(each, server_side=True))
        self.addCleanup(server.close)
        return f"https://service.weir.test:{server.port}/hello"

    def setUp(self):
        super().setUp()
        self.authority = certificate_for("service.weir.test", tempfile.mkdtemp(dir=folder))
        self.url = self.serve(self.authority)

    def test_a_ca_of_ones_own_is_named_by_SSL_CERT_FILE(self):
        self.put("certificates/ca.pem", self.authority.ca.read_text())
        self.run_journey(self.url, SSL_CERT_FILE="/certificates/ca.pem")
        self.assertIn("certificate", self.run_journey(self.url, code=99))  # and is needed

    def test_the_image_s_own_bundle_is_what_is_trusted(self):
        bundle = "etc/ssl/certs/ca-certificates.crt"
        self.assertGreater((self.root / bundle).read_text().count("BEGIN CERTIFICATE"), 100)
        self.put(bundle, self.authority.ca.read_text())
        self.run_journey(self.url)


class Names(Run):
    """No libnss, no resolver daemon: /etc/hosts and /etc/resolv.conf are all there is."""

    def setUp(self):
        super().setUp()
        self.dns = Dns({"by-dns.weir.test": "127.0.0.1"})
        self.addCleanup(self.dns.close)
        self.put("etc/resolv.conf", f"nameserver {self.dns.address}\noptions timeout:2 attempts:2\n")
        self.server = RawServer({"/hello": respond(b"hello")})
        self.addCleanup(self.server.close)

    def test_come_from_the_hosts_file_and_from_dns(self):
        for name in ("service.weir.test", "by-dns.weir.test", "localhost"):
            with self.subTest(name):
                self.run_journey(f"http://{name}:{self.server.port}/hello")
        self.assertEqual(set(self.dns.asked), {"by-dns.weir.test"})

    def test_plug_ins_that_a_machine_s_configuration_names_are_not_loaded(self):
        """A C library or an OpenSSL that read these would look for objects that are not there, and fail."""
        self.put("etc/nsswitch.conf", "hosts: weirdness [!UNAVAIL=return]\npasswd: weirdness [!UNAVAIL=return]\n")
        self.put("usr/lib/ssl/openssl.cnf", "openssl_conf = all\n[all]\nssl_conf = ssl\nproviders = some\n"
                                            "[some]\nnone = none\n[none]\nmodule = /none.so\nactivate = 1\n"
                                            "[ssl]\nsystem_default = strict\n[strict]\nMinProtocol = nonsense\n")
        with PostgreSQL(tempfile.mkdtemp(dir=folder)) as database:
            url = database.url("by-dns.weir.test") + "?sslmode=require"
            self.assertIn("no runs yet", self.weir("history", "--store", url))


class Store(Run):
    """PostgreSQL by name over TCP, with a password by SCRAM-SHA-256, and its certificate verified."""

    def test_history_is_kept_in_postgresql(self):
        dns = Dns({"db.weir.test": "127.0.0.1"})
        self.addCleanup(dns.close)
        self.put("etc/resolv.conf", f"nameserver {dns.address}\noptions timeout:2 attempts:2\n")
        with PostgreSQL(tempfile.mkdtemp(dir=folder)) as database, RawServer({"/hello": respond(b"hello")}) as server:
            self.put("certificates/ca.pem", database.authority.ca.read_text())
            url = database.url("db.weir.test") + "?sslmode=verify-full&sslrootcert=/certificates/ca.pem"
            self.put("suite/journey.js", JOURNEY)
            self.put("suite/weir.toml", SUITE.replace("URL", server.url) + ANY_MACHINE)
            self.weir("gate", "-c", "/suite/weir.toml", "--quiet", "--store", url)
            self.assertFalse((self.root / "work/.weir/history.db").exists())
            history = self.weir("history", "-c", "/suite/weir.toml", "--store", url)
            self.assertRegex(history, r"\bpass\b")
            self.assertRegex(database.log(), r"connection authorized: user=weir .* SSL enabled \(protocol=TLSv1.3")
            self.put("etc/ssl/certs/ca-certificates.crt", database.authority.ca.read_text())
            by_the_bundle = database.url("db.weir.test") + "?sslmode=verify-full&sslrootcert=system"
            self.assertIn("pass", self.weir("history", "-c", "/suite/weir.toml", "--store", by_the_bundle))
            wrong = database.url("db.weir.test", password="wrong")
            self.assertIn("password authentication failed", self.weir("history", "--store", wrong, code=12))


if __name__ == "__main__":
    unittest.main()
