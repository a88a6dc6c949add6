#!/usr/bin/env python3
"""Signed verdicts as a pipeline uses them: weir key, weir gate, weir verify; and others' tools read them, too."""
import base64
import hashlib
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import unittest

from raw_server import RawServer, respond
from weir_program import WeirTest

SUBJECT = "sha256:" + "a" * 64
COMMIT = "1" * 40
SUITE = """
[gate]
name = "peers"
rate = 20
duration = "2s"
[[journey]]
script = "journey.js"
[environment.test]
base_url = "URL"
[environment.other]
base_url = "URL"
[[condition]]
that = "at most 10 % errors of `page`"
min_samples = 10
[attest]
key = { file = "gate" }
trusted = ["gate.pub"]
[trust]
late_share = 1
cpu_share = 1
steal_share = 1
loop_stall = "5s"
settled_share = 1000
"""
JOURNEY = """import http from 'k6/http';
export default function () { http.get(`${__ENV.BASE_URL}/page`, { tags: { name: 'page' } }); }
"""
GOOD = {"/": respond(b"up"), "/page": respond(b"page")}
BAD = {"/": respond(b"up"), "/page": respond(b"", status="500 Internal Server Error")}


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)


class Keys(WeirTest):
    def test_a_new_pair_is_what_openssl_calls_one(self):
        made = self.run_weir("key", "new", "--out", "gate")
        self.assertEqual(made.code, 0, made.said)
        self.assertEqual(stat.S_IMODE(os.stat(self.directory / "gate").st_mode), 0o600)
        private = openssl("pkey", "-in", self.directory / "gate", "-pubout")
        self.assertEqual(private.stdout.decode(), (self.directory / "gate.pub").read_text())
        der = openssl("pkey", "-pubin", "-in", self.directory / "gate.pub", "-outform", "DER").stdout
        for half in ("gate", "gate.pub"):
            said = self.run_weir("key", "id", half)
            self.assertEqual((said.code, said.said.strip()), (0, hashlib.sha256(der).hexdigest()))
        self.assertNotIn((self.directory / "gate").read_text().splitlines()[1], made.said)

    def test_a_key_that_is_there_is_not_replaced_unasked(self):
        self.run_weir("key", "new", "--out", "gate")
        before = (self.directory / "gate").read_text()
        self.assertEqual(self.run_weir("key", "new", "--out", "gate").code, 2)
        (self.directory / "gate").rename(self.directory / "kept")
        self.assertEqual(self.run_weir("key", "new", "--out", "gate").code, 2, "its public half is there")
        self.assertEqual(self.run_weir("key", "new", "--out", "gate", "--force").code, 0)
        self.assertNotEqual((self.directory / "gate").read_text(), before)
        self.assertEqual(sorted(each.name for each in self.directory.iterdir()), ["gate", "gate.pub", "kept"])

    def test_a_link_is_not_followed(self):
        (self.directory / "gate").symlink_to(self.directory / "elsewhere")
        self.assertEqual(self.run_weir("key", "new", "--out", "gate").code, 2)
        self.assertFalse((self.directory / "elsewhere").exists())

    def test_what_is_no_key_of_ours_is_told_apart(self):
        for name, command in {"rsa": ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
                              "ec": ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
                              "x25519": ["genpkey", "-algorithm", "X25519"],
                              "locked": ["genpkey", "-algorithm", "ED25519", "-aes256", "-pass", "pass:x"]}.items():
            self.write(name, openssl(*command).stdout.decode())
        self.write("text", "hello\n")
        self.write("empty", "")
        for name, words in {"rsa": "kind RSA", "ec": "kind EC", "x25519": "kind X25519", "locked": "pass phrase",
                            "text": "not a key in PEM", "empty": "empty", "absent": "No such file"}.items():
            ended = self.run_weir("key", "id", name)
            self.assertEqual(ended.code, 2, ended.said)
            self.assertIn(words, ended.said)

    def test_keys_that_openssl_made_are_taken(self):
        self.write("theirs", openssl("genpkey", "-algorithm", "ED25519").stdout.decode())
        self.assertEqual(self.run_weir("key", "id", "theirs").code, 0)

    def test_where_it_cannot_be_written(self):
        self.assertEqual(self.run_weir("key", "new", "--out", "no/such/folder/gate").code, 12)
        self.assertEqual(self.run_weir("key").code, 2)
        self.assertEqual(self.run_weir("key", "--help").code, 0)


class GateTest(WeirTest):
    """A gate with a key, and what asks for its verdicts."""
    SUITE = SUITE

    def setUp(self):
        super().setUp()
        self.write("journey.js", JOURNEY)
        self.assertEqual(self.run_weir("key", "new", "--out", "gate").code, 0)
        self.write("weir.toml", self.SUITE.replace("URL", "http://127.0.0.1:1"))

    def gate(self, answers=None, suite=None, code=None, **more):
        """Runs the gate; the statement's envelope of this run."""
        before = set(self.directory.glob(".weir/results/*"))
        with RawServer(answers or GOOD) as server:
            self.write("weir.toml", (suite or self.SUITE).replace("URL", server.url))
            ended = self.run_weir("gate", "--quiet", "--env", "test", "--subject", SUBJECT, "--commit", COMMIT, **more)
        # A machine that is busy otherwise may make the bad run an invalid one: no pass either.
        expected = code or ((10, 11) if answers is BAD else (0,))
        self.assertIn(ended.code, expected, ended.said)
        self.result, = set(self.directory.glob(".weir/results/*")) - before
        return self.result / "attestation.json"

    def verify(self, *flags, subject=SUBJECT, env="test", code=0, words=(), **more):
        ended = self.run_weir("verify", "--subject", subject, "--env", env, *flags, **more)
        self.assertEqual(ended.code, code, ended.said)
        for each in words:
            self.assertIn(each, ended.said)
        return ended.said

    def change(self, path, **fields):
        envelope = json.loads(path.read_text())
        envelope.update(fields)
        return self.write("changed.json", json.dumps(envelope))


class Signed(GateTest):
    def test_openssl_verifies_what_the_gate_signed(self):
        envelope = json.loads(self.gate().read_text())
        body = base64.b64decode(envelope["payload"])
        kind = envelope["payloadType"]
        (self.directory / "pae").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(body), body))
        (self.directory / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
        check = ["pkeyutl", "-verify", "-pubin", "-inkey", self.directory / "gate.pub", "-rawin",
                 "-in", self.directory / "pae", "-sigfile", self.directory / "sig"]
        self.assertEqual(openssl(*check).returncode, 0, openssl(*check).stderr)
        (self.directory / "pae").write_bytes((self.directory / "pae").read_bytes().replace(b"pass", b"fail"))
        self.assertNotEqual(openssl(*check).returncode, 0)

        statement = json.loads(body)
        self.assertEqual(statement["_type"], "https://in-toto.io/Statement/v1")
        self.assertEqual(statement["subject"][0]["digest"]["sha256"], "a" * 64)
        self.assertEqual(statement["subject"][1]["digest"]["gitCommit"], COMMIT)
        predicate = statement["predicate"]
        self.assertEqual((predicate["verdict"], predicate["environment"], predicate["suite"]),
                         ("pass", "test", "peers"))
        self.assertEqual(predicate["conditions"][0]["state"], "held")
        record = (self.result / "record.json").read_bytes()
        self.assertEqual(predicate["record_sha256"], hashlib.sha256(record).hexdigest())

    def test_what_openssl_signed_is_admitted(self):
        """The other way round: nothing about a signature is Weir's alone."""
        path = self.gate()
        envelope = json.loads(path.read_text())
        kind, body = envelope["payloadType"], base64.b64decode(envelope["payload"])
        (self.directory / "pae").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(body), body))
        made = openssl("pkeyutl", "-sign", "-inkey", self.directory / "gate", "-rawin", "-in", self.directory / "pae")
        envelope["signatures"][0]["sig"] = base64.b64encode(made.stdout).decode()
        self.write("theirs.json", json.dumps(envelope, indent=2))
        self.verify("--attestation", "theirs.json", words=["admitted"])

    def test_a_pass_is_admitted_and_nothing_else(self):
        self.gate()
        self.verify(words=["admitted", "passed"])
        self.verify(words=["admitted"])
        self.verify(subject="sha256:" + "b" * 64, code=14, words=["there is no verdict"])
        self.verify(env="other", code=14, words=["there is no verdict"])
        self.verify("--commit", "2" * 40, code=14)
        self.verify("--commit", COMMIT)
        self.verify("--max-age", "1ms", code=14, words=["old, at most"])
        answer = json.loads(self.verify("--json"))
        self.assertTrue(answer["admitted"])
        self.assertEqual((answer["verdict"], answer["subject"], answer["commit"]), ("pass", SUBJECT, COMMIT))
        answer = json.loads(self.verify("--json", env="other", code=14))
        self.assertFalse(answer["admitted"])

    def test_each_answer_is_a_row(self):
        self.gate()
        self.verify()
        self.verify(env="other", code=14)
        shown = self.run_weir("ledger", "show").said
        self.assertIn("admission", shown)
        self.assertIn("admission refused", shown)
        self.assertEqual(self.run_weir("ledger", "verify").code, 0)

    def test_a_fail_is_refused_and_outdates_the_pass_before(self):
        passed = self.gate()
        shutil.copy(passed, self.directory / "old.json")
        self.verify("--attestation", "old.json")
        self.gate(BAD)
        self.verify(code=14, words=["the newest verdict is"])
        self.verify("--attestation", "old.json", code=14, words=["a later verdict says otherwise"])
        # By the file alone nobody can know; the warning says so.
        self.verify("--attestation", "old.json", "--store", "", words=["admitted", "warning"])

    def test_without_the_store(self):
        passed = str(self.gate())
        for store in ("sqlite:absent/history.db", "postgresql://127.0.0.1:1/none", ""):
            self.verify("--store", store, "--attestation", passed, words=["admitted", "warning"])
            self.verify("--store", store, "--attestation", passed, "--require-store", code=14, words=["the store"])
            self.verify("--store", store, code=14, words=["nothing to go by"])
        self.assertFalse((self.directory / "absent").exists(), "asking makes no store")

    def test_a_file_that_was_tampered_with(self):
        passed = self.gate()
        failed = self.gate(BAD)
        theirs = json.loads(failed.read_text())
        good = json.loads(passed.read_text())
        body = json.loads(base64.b64decode(theirs["payload"]))
        body["predicate"]["verdict"] = "pass"
        changed = base64.b64encode(json.dumps(body).encode()).decode()
        for fields, words in (({"payload": changed}, "changed after it was signed"),
                              ({"payload": theirs["payload"]}, "changed after it was signed"),
                              ({"payloadType": "text/plain"}, "changed after it was signed"),
                              ({"signatures": []}, "nobody signed it"),
                              ({"signatures": theirs["signatures"]}, "changed after it was signed"),
                              ({"payload": good["payload"][:-4]}, "")):
            self.verify("--attestation", self.change(passed, **fields), code=14, words=["refused", words])
        self.write("garbage.json", "garbage")
        self.verify("--attestation", "garbage.json", code=14, words=["not JSON"])
        self.write("cut.json", passed.read_text()[:-20])
        self.verify("--attestation", "cut.json", code=14)

    def test_a_strangers_key(self):
        passed = self.gate()
        self.run_weir("key", "new", "--out", "stranger")
        self.write("weir.toml", (self.directory / "weir.toml").read_text().replace("gate.pub", "stranger.pub"))
        self.verify("--attestation", str(passed), code=14, words=["not trusted"])
        self.verify("--attestation", str(passed), "--trusted", "gate.pub", words=["admitted"])

    def test_the_key_from_a_variable(self):
        suite = SUITE.replace('{ file = "gate" }', '{ env = "GATE_KEY" }')
        key = (self.directory / "gate").read_text()
        # As some pipelines keep several lines in one.
        for text in (key, key.replace("\n", "\\n")):
            path = self.gate(suite=suite, environment={"GATE_KEY": text})
            self.assertTrue(path.exists())
            self.verify()
            said = (self.result / "verdict.txt").read_text()
            self.assertNotIn(key.splitlines()[1], said)

    def test_what_cannot_be_understood(self):
        self.gate()
        for flags, words in ((["--subject", "latest"], "is no digest"), (["--subject", SUBJECT, "--env", "nowhere"], "no environment"),
                             ([], "--subject"), (["--subject", SUBJECT, "--max-age", "soon"], "--max-age"),
                             (["--subject", SUBJECT, "--attestation", "absent.json"], "absent.json"),
                             (["--subject", SUBJECT, "-c", "absent.toml"], "absent.toml"),
                             (["--subject", SUBJECT, "--trusted", "gate"], "private key")):
            ended = self.run_weir("verify", *flags)
            self.assertEqual(ended.code, 2, ended.said)
            self.assertIn(words, ended.said)

    def test_nobody_is_trusted(self):
        self.gate()
        self.write("weir.toml", (self.directory / "weir.toml").read_text().replace('trusted = ["gate.pub"]', ""))
        self.verify(code=14, words=["no key is trusted"])


class Bypassed(GateTest):
    """A deployment that a bypass lets through, whether the gate used it or weir verify does."""
    SUITE = SUITE + """
[bypass]
[[bypass.person]]
name = "Ann"
key = "ann.pub"
[[bypass.person]]
name = "Bob"
key = "bob.pub"
"""

    def setUp(self):
        super().setUp()
        for name in ("ann", "bob"):
            self.assertEqual(self.run_weir("key", "new", "--out", name).code, 0)

    def approved(self, *binding):
        """A bypass that Ann asked for and Bob allowed; its id."""
        asked = self.run_weir("bypass", "request", "--env", "test", *(binding or ("--commit", COMMIT)), "--as", "Ann",
                              "--key", "ann", "--reason", "the fix", "--incident", "INC-1", "--impact", "no sign-in",
                              "--json")
        self.assertEqual(asked.code, 0, asked.said)
        name = json.loads(asked.said)["id"]
        allowed = self.run_weir("bypass", "approve", name, "--env", "test", "--as", "Bob", "--key", "bob")
        self.assertEqual(allowed.code, 0, allowed.said)
        return name

    def test_what_the_gate_let_through_is_admitted_once(self):
        self.gate(BAD)
        name = self.approved()
        path = str(self.gate(BAD, code=(13,)))
        self.verify("--store", "", "--attestation", path, code=14, words=["without the store"])
        self.verify(words=["admitted", name])
        self.verify(code=14, words=["was used"])
        self.verify("--attestation", path, code=14, words=["was used"])
        self.gate()
        self.verify(words=["admitted", "passed"])

    def test_one_use_is_one_deployment_though_many_ask_at_once(self):
        self.gate(BAD)
        self.approved()
        asking = [self.start("verify", "--subject", SUBJECT, "--env", "test") for _ in range(6)]
        codes = sorted(self.finish(each).code for each in asking)
        self.assertEqual(codes, [0] + [14] * 5)
        self.assertEqual(self.run_weir("ledger", "verify").code, 0)

    def test_a_bypass_that_was_revoked_after_the_gate_used_it(self):
        self.gate(BAD)
        name = self.approved("--subject", SUBJECT)
        self.gate(BAD, code=(13,))
        self.assertEqual(self.run_weir("bypass", "revoke", name, "--env", "test", "--as", "Bob", "--key", "bob").code, 0)
        self.verify(code=14, words=["revoked by Bob"])

    def test_a_bypass_lets_through_what_it_names_alone(self):
        self.gate(BAD)
        self.approved("--commit", "2" * 40)
        self.verify(code=14, words=["the newest verdict is"])
        name = self.approved("--commit", COMMIT)
        self.verify(subject="sha256:" + "b" * 64, code=14)
        # The artefact's commit is known from the gate's statement.
        self.assertEqual(json.loads(self.verify("--json"))["bypass"], name)

    def test_a_file_that_cannot_be_believed_is_no_case_for_a_bypass(self):
        failed = self.gate(BAD)
        self.approved()
        self.verify("--attestation", self.change(failed, signatures=[]), code=14, words=["nobody signed it"])
        self.verify(words=["admitted"])

    def test_a_persons_key_that_is_missing_stops_no_pass(self):
        self.gate()
        (self.directory / "bob.pub").unlink()
        self.verify(words=["admitted", "passed"])

    def test_a_ledger_that_was_edited_admits_nothing(self):
        self.gate()
        database = sqlite3.connect(self.directory / ".weir/history.db")
        for trigger, in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("UPDATE weir_audit SET at = replace(at, '2', '3') WHERE sequence = 1")
        database.commit()
        database.close()
        self.verify(code=14, words=["ledger is broken", "row 1"])


if __name__ == "__main__":
    unittest.main()
