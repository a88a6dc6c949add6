#!/usr/bin/env python3
"""A bypass from its request to its cleared debt, and everything that must not become one; the ledger of it all."""
import base64
import hashlib
import json
import re
import subprocess
import unittest

from raw_server import RawServer, respond
from stores import SqliteStore, both
from told import SLACK, Told
from weir_program import WeirTest, newest_result

SUITE = """
[gate]
name = "shop"
rate = 40
duration = "500ms"
graceful_stop = "25s"
results = "results"

[[journey]]
script = "journey.js"

[environment.preprod]
base_url = "URL"

[environment.quality]
base_url = "URL"

[[condition]]
that = "98 % of `page` under 20 s"
min_samples = 10

# A busy machine is not what this is about.
[trust]
achieved_share = 0
late_share = 1
cpu_share = 1
steal_share = 1
loop_stall = "60s"
settled_share = 1000

[store]
url = "STORE"

[bypass]
MORE

[[bypass.person]]
name = "Ann"
key = "keys/ann.pub"

[[bypass.person]]
name = "Bob"
key = "keys/bob.pub"

[[bypass.person]]
name = "Cid"
key = "keys/cid.pub"
may = ["request"]
"""
JOURNEY = """import http from 'k6/http';
export default function () { http.get(`${__ENV.BASE_URL}/page`, { tags: { name: 'page' } }); }
"""
GOOD, BAD = respond(b"this is the page"), respond(b"oh no", status="500 Internal Server Error")
COMMIT, OTHER = "c0ffee" + "0" * 34, "badcafe" + "0" * 33
DIGEST, OTHER_DIGEST = "sha256:" + "ab" * 32, "sha256:" + "cd" * 32
WHY = ["--reason", "the fix of the outage", "--incident", "INC-7", "--impact", "nobody can pay"]


class BypassTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("journey.js", JOURNEY)
        (self.directory / "keys").mkdir()
        for name in ("ann", "bob", "cid", "mallory", "gate"):
            key = self.directory / "keys" / name
            subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, capture_output=True)
            subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", f"{key}.pub"], check=True)
        self.answer = [BAD]
        self.server = RawServer({"/": respond(b"up"), "/page": lambda *each: self.answer[0](*each)})
        self.addCleanup(self.server.close)

    def use(self, store, more=""):
        """A suite of its own on this store."""
        text = SUITE.replace("URL", self.server.url).replace("STORE", store.url).replace("MORE", more)
        self.write("weir.toml", text)
        self.answer[0] = BAD

    def gate(self, *more, commit=COMMIT):
        return self.run_weir("gate", "--quiet", "--no-lease", "--commit", commit, *more)

    def bypass(self, *words, who="ann"):
        named = ["--key", f"keys/{who}"] if words[0] in ("request", "approve", "revoke") else []
        return self.run_weir("bypass", *words, *named)

    def request(self, *more, who="ann", commit=COMMIT):
        """The id of a bypass that was asked for."""
        ended = self.bypass("request", *WHY, "--commit", commit, "--json", *more, who=who)
        self.assertEqual(ended.code, 0, ended.said)
        return json.loads(ended.said)["id"]

    def approved(self, *more, **others):
        found = self.request(*more, **others)
        ended = self.bypass("approve", found, who="bob")
        self.assertEqual(ended.code, 0, ended.said)
        return found

    def kinds(self, *more):
        shown = self.run_weir("ledger", "show", "--json", *more)
        self.assertEqual(shown.code, 0, shown.said)
        return [row["kind"] for row in json.loads(shown.said)["rows"]]

    def assert_ended(self, ended, code, words):
        self.assertEqual(ended.code, code, ended.said)
        self.assertIn(words, ended.said)


class Story(BypassTest):
    @both
    def test_from_the_request_to_the_cleared_debt(self, store):
        self.use(store)
        self.assert_ended(self.gate(), 10, "verdict: fail")
        found = self.request()
        self.assert_ended(self.gate(), 10, f"bypass {found}: ")
        self.assert_ended(self.bypass("approve", found, who="ann"), 14, "somebody else has to approve")
        self.assert_ended(self.gate(), 10, "verdict: fail")
        self.assert_ended(self.bypass("verify", found), 14, "pending")
        self.assert_ended(self.bypass("approve", found, who="bob"), 0, "valid")
        self.assert_ended(self.bypass("verify", found, "--commit", COMMIT), 0, "valid")
        used = self.gate()
        self.assert_ended(used, 13, f"bypassed: the deployment may go on by bypass {found}, asked for by Ann, approved by Bob")
        self.assertIn("verdict: fail", used.said, "its own result is still said")
        self.assertIn("owed      debt since", used.said)
        result = newest_result(self.directory)
        self.assertEqual(json.loads((result / "verdict.json").read_text())["verdict"], "fail")
        self.assertIn("bypassed", (result / "verdict.txt").read_text())

        again = self.gate()
        self.assert_ended(again, 10, "verdict: fail")
        self.assertIn(f"bypass {found}: ", again.said)
        self.assertIn("must hold again: 98 % of `page` under 20s", again.said)
        self.assert_ended(self.bypass("verify", found), 14, "used")
        self.assert_ended(self.bypass("request", *WHY, "--commit", COMMIT), 14, "no further bypass while there is a debt")

        self.answer[0] = GOOD
        fixed = self.gate(commit=OTHER)
        self.assert_ended(fixed, 0, "cleared   debt since")
        self.assertNotIn("owed", fixed.said)
        self.assertNotIn("debt", self.gate(commit=OTHER).said)
        self.assertEqual(self.kinds(), ["bypass requested", "bypass refused", "bypass approved", "bypass used", "debt",
                                        "bypass refused", "debt cleared"])
        self.approved()

        whole = self.run_weir("ledger", "verify", "--json")
        self.assertEqual(whole.code, 0, whole.said)
        head = json.loads(whole.said)["head"]
        store.allow_changes()
        store.change("UPDATE weir_audit SET body = replace(body, 'preprod', 'preproc') WHERE sequence = 4;")
        self.assert_ended(self.run_weir("ledger", "verify"), 14, "broken at row 4: row 4 was edited")
        self.assert_ended(self.run_weir("ledger", "verify", "--head", head), 14, "row 4")
        self.answer[0] = BAD
        broken = self.gate()
        self.assert_ended(broken, 10, "none counts while the ledger is broken")

    @both
    def test_two_gates_at_once_get_one_use(self, store):
        self.use(store)
        self.approved()
        gates = [self.start("gate", "--quiet", "--no-lease", "--commit", COMMIT) for _ in range(3)]
        ended = [self.finish(gate) for gate in gates]
        self.assertEqual(sorted(each.code for each in ended), [10, 10, 13], "\n".join(each.said for each in ended))
        self.assertEqual(self.kinds("--kind", "bypass used"), ["bypass used"])
        self.assertEqual(self.run_weir("ledger", "verify").code, 0)


class Coverage(BypassTest):
    def setUp(self):
        super().setUp()
        self.store = SqliteStore(self.directory)
        self.use(self.store)

    def test_another_commit_another_artefact_and_another_environment_are_not_covered(self):
        self.approved("--subject", DIGEST)
        self.assert_ended(self.gate("--subject", DIGEST, commit=OTHER), 10, "blocked")
        self.assert_ended(self.gate("--subject", OTHER_DIGEST), 10, "blocked")
        self.assert_ended(self.gate(), 10, "blocked")
        self.assert_ended(self.gate("--subject", DIGEST, "--env", "quality"), 10, "blocked")
        self.assert_ended(self.gate("--subject", DIGEST, "--zero-when-allowed"), 0, "bypassed")
        self.assertEqual(self.kinds("--kind", "bypass used"), ["bypass used"])

    def test_a_pass_uses_nothing(self):
        found = self.approved()
        self.answer[0] = GOOD
        self.assert_ended(self.gate(), 0, "verdict: pass")
        self.assert_ended(self.bypass("verify", found), 0, "valid")

    def test_an_invalid_run_can_be_bypassed_and_owes_a_pass(self):
        self.server.answers["/"] = respond(status="503 Service Unavailable")
        self.approved()
        self.assert_ended(self.gate(), 13, "verdict: invalid — bypassed")
        self.server.answers["/"] = respond(b"up")
        self.answer[0] = GOOD
        self.assert_ended(self.gate(), 0, "cleared")

    def test_as_many_uses_as_the_configuration_allows(self):
        self.use(self.store, "uses = 2\nin_debt = \"allow\"")
        self.approved()
        self.assertEqual([self.gate().code for _ in range(3)], [13, 13, 10])

    def test_without_commit_and_artefact_nothing_is_covered(self):
        self.approved()
        clean = {name: "" for name in ("GITHUB_SHA", "CIRCLE_SHA1", "CI_COMMIT_SHA", "GIT_COMMIT")}
        ended = self.run_weir("gate", "--quiet", "--no-lease", environment=clean)
        self.assert_ended(ended, 10, "blocked")


class Refusals(BypassTest):
    def setUp(self):
        super().setUp()
        self.store = SqliteStore(self.directory)
        self.use(self.store)

    def test_without_what_users_suffer(self):
        for impact in ([], ["--impact", "  "]):
            ended = self.bypass("request", "--reason", "r", "--incident", "i", *impact, "--commit", COMMIT)
            self.assert_ended(ended, 14, "impact")
        self.assertEqual(self.kinds(), ["bypass refused", "bypass refused"])

    def test_of_somebody_unknown_or_under_a_wrong_name(self):
        self.assert_ended(self.bypass("request", *WHY, "--commit", COMMIT, who="mallory"), 14, "no bypass.person")
        self.assert_ended(self.bypass("request", *WHY, "--commit", COMMIT, "--as", "Bob"), 14, "Ann's, not Bob's")
        found = self.request()
        self.assert_ended(self.bypass("approve", found, who="mallory"), 14, "no bypass.person")
        self.assert_ended(self.bypass("approve", found, who="cid"), 14, "Cid may not approve")
        self.assertEqual(self.kinds("--kind", "bypass refused"), ["bypass refused"] * 4)
        self.assert_ended(self.gate(), 10, "blocked")

    def test_for_longer_than_allowed_and_of_what_has_expired(self):
        self.assert_ended(self.bypass("request", *WHY, "--commit", COMMIT, "--valid-for", "5h"), 14, "at most 4 h are allowed")
        found = self.request("--valid-for", "1ms")
        self.assert_ended(self.bypass("approve", found, who="bob"), 14, "expired")
        self.assert_ended(self.gate(), 10, "expired")
        self.assertEqual(self.kinds("--kind", "bypass expired"), ["bypass expired"], "noted once")
        self.assertIn("no bypass", self.bypass("list").said)
        self.assertIn("expired", self.bypass("list", "--all").said)

    def test_of_what_was_revoked(self):
        found = self.approved()
        self.assert_ended(self.bypass("revoke", found, who="bob"), 0, "revoked")
        self.assert_ended(self.gate(), 10, "revoked")
        self.assert_ended(self.bypass("approve", found, who="bob"), 14, "revoked")

    def test_fewer_approvers_than_the_quorum(self):
        self.use(self.store, "quorum = 3")
        ended = self.run_weir("inspect", "weir.toml")
        self.assert_ended(ended, 2, "nobody can get a bypass")

    def test_a_key_from_a_variable_and_one_that_is_not_there(self):
        key = (self.directory / "keys/ann").read_text()
        ended = self.run_weir("bypass", "request", *WHY, "--commit", COMMIT, environment={"WEIR_KEY": key})
        self.assert_ended(ended, 0, "asked by  Ann")
        self.assertNotIn(key.splitlines()[1], ended.said)
        one_line = key.replace("\n", "\\n")
        ended = self.run_weir("bypass", "request", *WHY, "--commit", COMMIT, environment={"WEIR_KEY": one_line})
        self.assert_ended(ended, 0, "asked by  Ann")
        self.assertEqual(self.run_weir("bypass", "request", *WHY, "--commit", COMMIT).code, 2)
        self.assertEqual(self.bypass("request", *WHY, "--commit", COMMIT, who="nobody").code, 2)

    def test_a_command_line_that_is_none(self):
        self.assertEqual(self.run_weir("bypass").code, 2)
        self.assertEqual(self.run_weir("bypass", "grant").code, 2)
        self.assertEqual(self.bypass("request", *WHY, "--commit", COMMIT, "--subject", "sha256:xyz").code, 2)
        self.assert_ended(self.bypass("verify", "b-0"), 14, "there is no bypass b-0")


def field(text):
    return f"{len(text.encode())}:{text}\n"


class Forgeries(BypassTest):
    """Who can write the store can append well-chained rows: they are worth what their signatures are."""

    def setUp(self):
        super().setUp()
        self.store = SqliteStore(self.directory)
        self.use(self.store)

    def forge(self, kind, content, bypass):
        """Appends a row as Weir itself would."""
        (sequence, previous), = self.store.rows("SELECT sequence, hash FROM weir_audit_head")
        sequence = int(sequence) + 1
        body = json.dumps({"suite": "shop", "environment": "preprod", "commit": COMMIT, "bypass": bypass,
                           "content": content}, separators=(",", ":"))
        at = "2026-11-24T10:00:00.000000000Z"
        bytes_ = "weir-chain-1\n" + "".join(map(field, (str(sequence), at, kind, body, previous)))
        digest = hashlib.sha256(bytes_.encode()).hexdigest()
        quoted = body.replace("'", "''")
        self.store.change(
            f"INSERT INTO weir_audit (sequence, at, kind, suite, environment, subject, commit_id, bypass, run_id, body, "
            f"previous, hash) VALUES ({sequence}, '{at}', '{kind}', 'shop', 'preprod', '', '{COMMIT}', '{bypass}', '', "
            f"'{quoted}', '{previous}', '{digest}'); UPDATE weir_audit_head SET sequence = {sequence}, hash = '{digest}';")

    def envelopes(self, kind):
        shown = self.run_weir("ledger", "show", "--json", "--kind", kind)
        return [row["content"]["envelope"] for row in json.loads(shown.said)["rows"]]

    def assert_whole_and_blocked(self):
        whole = self.run_weir("ledger", "verify")
        self.assertEqual(whole.code, 0, whole.said)
        self.assert_ended(self.gate(), 10, "blocked")

    def test_an_approval_without_a_signature_of_its_own(self):
        found = self.request()
        request = json.loads(self.envelopes("bypass requested")[0])
        answer = {"request_id": found, "person": "Bob"}
        for payload_type in (request["payloadType"], request["payloadType"].replace("request", "approval")):
            self.forge("bypass approved", {"envelope": json.dumps(
                {"payloadType": payload_type, "payload": base64.b64encode(json.dumps(answer).encode()).decode(),
                 "signatures": request["signatures"]})}, found)
            self.assert_whole_and_blocked()

    def test_an_approval_of_another_bypass(self):
        self.approved(commit=OTHER)
        approval = self.envelopes("bypass approved")[0]
        found = self.request()
        self.forge("bypass approved", {"envelope": approval}, found)
        self.assert_whole_and_blocked()

    def test_a_used_bypass_under_another_name(self):
        self.use(self.store, 'in_debt = "allow"')
        self.approved()
        self.assertEqual(self.gate().code, 13)
        self.forge("bypass requested", {"envelope": self.envelopes("bypass requested")[0]}, "b-fresh")
        self.forge("bypass approved", {"envelope": self.envelopes("bypass approved")[0]}, "b-fresh")
        self.assert_whole_and_blocked()

    def test_rows_of_garbage(self):
        self.request()
        for content in ({}, {"envelope": "{}"}, {"envelope": "garbage"}, {"envelope": 7}, [], "text", None):
            for kind in ("bypass requested", "bypass approved", "bypass revoked", "debt", "debt cleared", "attestation"):
                self.forge(kind, content, "b-garbage")
        self.assertEqual(self.run_weir("bypass", "list", "--all").code, 0)
        self.assertEqual(self.run_weir("ledger", "show").code, 0)
        self.assert_whole_and_blocked()


class Notices(BypassTest):
    def test_each_step_is_told_once(self):
        with Told(schema=SLACK) as slack:
            self.use(SqliteStore(self.directory))
            self.write("weir.toml", (self.directory / "weir.toml").read_text() +
                       '[notify.slack]\nurl = { env = "HOOK" }\nstart = false\nverdict = false\n')
            self.write(".env", f"HOOK={slack.url}/hook\n")
            self.bypass("approve", self.request(), who="ann")
            self.request("--valid-for", "1ms")
            self.bypass("list")
            self.approved()
            self.gate()
            self.answer[0] = GOOD
            self.gate()
            told = [body["text"] for body in slack.bodies()]
        self.assertEqual(slack.broken, [])
        steps = ["asked for by Ann", "approval by Ann refused", "asked for by Ann", "expired", "asked for by Ann", "approved by Bob",
                 "goes on without a pass", "debt since", "cleared: debt since"]
        self.assertEqual(len(told), len(steps), told)
        for text, step in zip(told, steps):
            self.assertIn(step, text)


class Statements(BypassTest):
    AWAY = "postgresql://weir:s3cret@127.0.0.1:1/weir"

    def setUp(self):
        super().setUp()
        self.store = SqliteStore(self.directory)
        self.use(self.store)
        text = (self.directory / "weir.toml").read_text()
        self.write("weir.toml", text + '\n[attest]\nkey = { file = "keys/gate" }\n')

    def statement(self):
        """What the newest result's envelope says, if its signature is the gate's."""
        path = newest_result(self.directory) / "attestation.json"
        envelope = json.loads(path.read_text())
        payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"]
        signed = b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)
        (self.directory / "signed").write_bytes(signed)
        (self.directory / "signature").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
        subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "keys/gate.pub", "-rawin", "-in", "signed",
                        "-sigfile", "signature"], cwd=self.directory, check=True, capture_output=True)
        return json.loads(payload)["predicate"], path.read_text().strip()

    def rows(self):
        shown = self.run_weir("ledger", "show", "--json", "--kind", "attestation")
        return [row["content"]["envelope"] for row in json.loads(shown.said)["rows"]]

    def test_each_verdict_is_signed_and_a_row(self):
        said = []
        self.gate("--subject", DIGEST)
        said.append(self.statement())
        self.approved()
        self.assertEqual(self.gate().code, 13)
        said.append(self.statement())
        self.answer[0] = GOOD
        self.gate()
        said.append(self.statement())
        self.server.answers["/"] = respond(status="503 Service Unavailable")
        self.gate()
        said.append(self.statement())
        self.assertEqual([each[0]["verdict"] for each in said], ["fail", "bypassed", "pass", "invalid"])
        self.assertEqual(self.rows(), [each[1] for each in said])
        self.assertEqual(self.run_weir("ledger", "verify").code, 0)

    def test_a_row_that_could_not_be_written_waits_in_the_outbox(self):
        self.gate()
        away = self.gate("--store", self.AWAY)
        self.assert_ended(away, 10, "blocked")
        self.assertNotIn("s3cret", away.said)
        predicate, envelope = self.statement()
        self.assertFalse(predicate.get("ledger"))
        waiting = list(self.directory.glob("results.outbox/*.json"))
        self.assertEqual(len(waiting), 1, away.said)
        self.assertEqual(self.rows()[1:], [envelope], "appended by the next command")
        self.assertEqual(list(self.directory.glob("results.outbox/*.json")), [])
        self.assertEqual(len(self.rows()), 2, "once")

    def test_a_letter_that_is_none_is_left(self):
        (self.directory / "results.outbox").mkdir()
        for name, text in (("a.json", "garbage"), ("b.json", "{}"), ("c.json", '[{"kind": ""}]'),
                           ("d.json", '[{"kind": "debt", "content": "garbage"}]'), ("e.json", "7")):
            (self.directory / "results.outbox" / name).write_text(text)
        self.assert_ended(self.gate(), 10, "blocked")
        self.assertEqual(self.kinds(), ["attestation"])

    def test_a_key_that_cannot_be_read_is_found_before_the_load(self):
        text = (self.directory / "weir.toml").read_text()
        for source, words in (('file = "keys/nobody"', "keys/nobody"), ('env = "NO_KEY"', "NO_KEY"),
                              ('file = "keys/gate.pub"', "attest.key")):
            self.write("weir.toml", text.replace('file = "keys/gate"', source))
            self.server.requests.clear()
            self.assert_ended(self.gate(), 2, words)
            self.assertEqual(self.server.requests, [])


class UnreachableStore(BypassTest):
    def test_the_verdict_stands_and_no_bypass_is_used(self):
        store = SqliteStore(self.directory)
        self.use(store)
        self.approved()
        away = self.gate("--store", "postgresql://weir:s3cret@127.0.0.1:1/weir")
        self.assert_ended(away, 10, "no bypass can be used without the store")
        self.assertNotIn("s3cret", away.said)
        self.answer[0] = GOOD
        self.assertEqual(self.gate("--store", "postgresql://weir@127.0.0.1:1/weir").code, 0)
        self.assertEqual(self.kinds("--kind", "bypass used"), [])

    def test_nothing_is_asked_for_or_allowed(self):
        self.use(SqliteStore(self.directory))
        ended = self.bypass("request", *WHY, "--commit", COMMIT, "--store", "postgresql://weir@127.0.0.1:1/weir")
        self.assertEqual(ended.code, 12, ended.said)
        self.assertEqual(self.run_weir("ledger", "verify", "--store", "postgresql://weir@127.0.0.1:1/weir").code, 12)


class Ledger(BypassTest):
    def setUp(self):
        super().setUp()
        self.store = SqliteStore(self.directory)
        self.use(self.store)
        self.approved()
        self.gate()
        whole = self.run_weir("ledger", "verify")
        self.assertEqual(whole.code, 0, whole.said)
        self.head = re.search(r"head (\d+:[0-9a-f]{64})", whole.said)[1]
        self.store.allow_changes()

    def broken(self, sql, words, *more):
        self.store.change(sql)
        self.assert_ended(self.run_weir("ledger", "verify", *more), 14, words)

    def test_a_dropped_row(self):
        self.broken("DELETE FROM weir_audit WHERE sequence = 2;", "broken at row 2")

    def test_reordered_rows(self):
        self.broken("UPDATE weir_audit SET sequence = 9 WHERE sequence = 2; UPDATE weir_audit SET sequence = 2 WHERE "
                    "sequence = 3; UPDATE weir_audit SET sequence = 3 WHERE sequence = 9;", "broken at row 2")

    def test_a_cut_tail(self):
        self.broken("DELETE FROM weir_audit WHERE sequence > 2;", "broken at row 3")

    def test_a_chain_that_was_rewritten_is_known_by_a_head_from_before(self):
        (hash_,), = self.store.rows("SELECT hash FROM weir_audit WHERE sequence = 2")
        self.store.change(f"DELETE FROM weir_audit WHERE sequence > 2; "
                          f"UPDATE weir_audit_head SET sequence = 2, hash = '{hash_}';")
        self.assertEqual(self.run_weir("ledger", "verify").code, 0)
        self.assert_ended(self.run_weir("ledger", "verify", "--head", self.head), 14, "broken at row 3")

    def test_a_head_that_is_none(self):
        for head in ("4", "4:", "x:" + "0" * 64, "4:zz", ":" + "0" * 64):
            self.assert_ended(self.run_weir("ledger", "verify", "--head", head), 2, "SEQUENCE:HASH")

    def test_the_rows_refuse_to_be_changed_by_a_slip(self):
        fresh = SqliteStore(self.directory / "keys")
        self.use(fresh)
        self.request()
        with self.assertRaisesRegex(Exception, "append-only"):
            fresh.change("UPDATE weir_audit SET kind = 'x';")
        with self.assertRaisesRegex(Exception, "append-only"):
            fresh.change("DELETE FROM weir_audit;")


if __name__ == "__main__":
    unittest.main()
