#!/usr/bin/env python3
"""k6's modules as scripts use them, in whole runs over real sockets: each script fails the run when an answer is wrong.

The contract is k6's public documentation (grafana.com/docs/k6/latest/javascript-api).
"""
import hashlib
import json
import re
import unittest

from raw_server import RawServer, respond
from weir_program import WeirTest

MUST = "import { fail } from 'k6';\nfunction is(got, want, what) { if (got !== want) fail(`${what}: ${got}, not ${want}`); }\n"


class K6Modules(WeirTest):
    def passes(self, script, *flags, answers=None):
        with RawServer(answers or {"/": respond(b'{"a":[1,2]}', headers=[("Content-Type", "application/json")])}) as server:
            ended = self.run_script(MUST + script, "-e", f"TARGET={server.url}", *flags)
            self.requests = list(server.requests)
        self.assertEqual(ended.code, 0, ended.said)
        self.assertNotIn("error:", ended.said)
        return ended

    def test_execution(self):
        self.passes("""import exec from 'k6/execution';
export const options = { scenarios: { one: { executor: 'per-vu-iterations', vus: 2, iterations: 3, exec: 'go',
  env: { WHO: 'me' }, tags: { colour: 'red' } } } };
const seen = [];
export function go() {
  is(exec.scenario.name, 'one', 'scenario'); is(exec.scenario.executor, 'per-vu-iterations', 'executor');
  is(exec.vu.iterationInInstance, seen.length, 'iteration in instance'); is(__ITER, seen.length, '__ITER');
  is(exec.vu.idInTest, __VU, 'user'); is(exec.vu.idInInstance, __VU, 'user in instance');
  is(exec.vu.iterationInScenario, seen.length, 'iteration in scenario');
  is(exec.instance.vusActive <= 2, true, 'active'); is(exec.instance.vusInitialized, 2, 'initialized');
  is(exec.scenario.progress >= 0 && exec.scenario.progress <= 1, true, 'progress');
  is(exec.scenario.startTime <= Date.now(), true, 'start'); is(__ENV.WHO, 'me', 'env');
  is(exec.vu.metrics.tags.colour, 'red', 'scenario tag'); exec.vu.metrics.tags.mood = 'good';
  is(exec.vu.metrics.tags.mood, 'good', 'own tag');
  is(exec.test.options.scenarios.one.vus, 2, 'options');
  seen.push(exec.scenario.iterationInTest);
}""")

    def test_iterations_in_the_test_are_told_apart(self):
        self.passes("""import http from 'k6/http'; import exec from 'k6/execution';
export const options = { scenarios: { s: { executor: 'shared-iterations', vus: 5, iterations: 40 } } };
export default function () { http.get(`${__ENV.TARGET}/?${exec.scenario.iterationInTest}`); }""")
        self.assertEqual({int(path[2:]) for _, path, _ in self.requests}, set(range(40)))

    def test_encoding_and_crypto(self):
        """Known answers of RFC 4648, 1321, 6234 and 4231."""
        sha = hashlib.sha256(b"abc").hexdigest()
        self.passes("""import encoding from 'k6/encoding'; import crypto from 'k6/crypto';
export default function () {
  is(encoding.b64encode('foob'), 'Zm9vYg==', 'std'); is(encoding.b64encode('foob', 'rawstd'), 'Zm9vYg', 'rawstd');
  is(encoding.b64encode(new Uint8Array([251, 255]).buffer, 'url'), '-_8=', 'url');
  is(encoding.b64decode('Zm9vYg==', 'std', 's'), 'foob', 'decoded');
  is(new Uint8Array(encoding.b64decode('-_8', 'rawurl'))[0], 251, 'bytes');
  is(crypto.md5('abc', 'hex'), '900150983cd24fb0d6963f7d28e17f72', 'md5');
  is(crypto.sha1('abc', 'hex'), 'a9993e364706816aba3e25717850c26c9cd0d89d', 'sha1');
  is(crypto.sha256('abc', 'hex'), '%s', 'sha256');
  const hash = crypto.createHash('sha256'); hash.update('a'); hash.update('bc'); is(hash.digest('hex'), '%s', 'pieces');
  is(crypto.hmac('sha256', 'Jefe', 'what do ya want for nothing?', 'hex'),
     '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'hmac');
  is(new Uint8Array(crypto.randomBytes(16)).length, 16, 'random');
}""" % (sha, sha))

    def test_shared_data_and_files(self):
        self.write("rows.json", json.dumps([{"n": i} for i in range(1000)]))
        (self.directory / "bytes.bin").write_bytes(bytes(range(256)))
        ended = self.passes("""import { SharedArray } from 'k6/data';
const rows = new SharedArray('rows', () => { console.log('read once'); return JSON.parse(open('./rows.json')); });
const bytes = open('./bytes.bin', 'b');
export const options = { vus: 4, iterations: 8 };
export default function () {
  is(rows.length, 1000, 'length'); is(rows[999].n, 999, 'row'); let sum = 0;
  for (const row of rows) sum += row.n;
  is(sum, 499500, 'sum'); is(new Uint8Array(bytes)[255], 255, 'binary');
  for (const change of [() => { rows[0].n = 5; }, () => rows.push(1)]) {
    try { change(); } catch (e) { continue; }
    fail('it was changed');
  }
}""")
        self.assertEqual(ended.said.count("read once"), 1)

    def test_async_requests_and_timers(self):
        self.passes("""import http from 'k6/http'; import { setTimeout, clearTimeout, setInterval, clearInterval } from 'k6/timers';
export default async function () {
  const order = [];
  const stopped = setTimeout(() => order.push('never'), 1); clearTimeout(stopped);
  let beats = 0;
  await new Promise((done) => { const id = setInterval(() => { if (++beats === 3) { clearInterval(id); done(); } }, 1); });
  const both = await Promise.all([http.asyncRequest('GET', __ENV.TARGET), http.asyncRequest('POST', __ENV.TARGET, 'x')]);
  is(both[0].status + both[1].status, 400, 'both'); is(both[0].json('a.1'), 2, 'json');
  await new Promise((done) => setTimeout(() => { order.push('late'); done(); }, 5));
  is(order.join(), 'late', 'order'); is(beats, 3, 'beats');
}""", "--iterations", "2")
        self.assertEqual(sorted(method for method, _, _ in self.requests), ["GET", "GET", "POST", "POST"])

    def test_libraries_need_no_network(self):
        self.passes("""import { randomIntBetween, uuidv4, randomItem } from 'https://jslib.k6.io/k6-utils/1.4.0/index.js';
import papaparse from 'https://jslib.k6.io/papaparse/5.1.1/index.js';
import { URL, URLSearchParams } from 'https://jslib.k6.io/url/1.0.0/index.js';
import { textSummary } from 'https://jslib.k6.io/k6-summary/0.1.0/index.js';
import { Httpx } from 'https://jslib.k6.io/httpx/0.1.0/index.js';
import { FormData } from 'https://jslib.k6.io/formdata/0.0.2/index.js';
const session = new Httpx({ baseURL: __ENV.TARGET, headers: { 'X-Session': '7' } });
export default function () {
  const n = randomIntBetween(3, 5); is(n >= 3 && n <= 5, true, 'between'); is(uuidv4().length, 36, 'uuid');
  is(['a', 'b'].includes(randomItem(['a', 'b'])), true, 'item');
  is(papaparse.parse('a,b\\n1,"2,3"', { header: true }).data[0].b, '2,3', 'csv');
  is(new URL('http://h/x?y=1').searchParams.get('y'), '1', 'url'); is(String(new URLSearchParams({ q: 'a b' })), 'q=a+b', 'params');
  is(session.get('/').status, 200, 'httpx');
  const form = new FormData(); form.append('k', 'v'); is(form.body().byteLength > 0, true, 'form');
}
export function handleSummary(data) { return { 'none.txt': textSummary(data, { indent: ' ', enableColors: false }) }; }
""", "--iterations", "1")
        self.assertIn("7", [re.search(r"(?i)x-session: (\d+)", head)[1] for _, _, head in self.requests])
        self.assertIn("http_reqs", (self.directory / "none.txt").read_text())

    def test_custom_metrics_tags_and_groups(self):
        ended = self.passes("""import http from 'k6/http'; import { group, check } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
const counter = new Counter('things'), gauge = new Gauge('level'), rate = new Rate('wins'), trend = new Trend('spans', true);
export const options = { iterations: 4, thresholds: { 'things{kind:a}': ['count==8'], wins: ['rate==0.5'], level: ['value==3'],
  'spans{group:::outer::inner}': ['max==30', 'min==10', 'avg==20', 'med==20'], 'checks{group:::outer}': ['rate==1'],
  'http_req_duration{name:home}': ['max<10000'], 'group_duration{group:::outer::inner}': ['max>=0'] } };
export default function () {
  group('outer', () => {
    group('inner', () => { trend.add(10); trend.add(20); trend.add(30); });
    check(http.get(`${__ENV.TARGET}/?${Math.random()}`, { tags: { name: 'home' } }), { ok: (r) => r.status === 200 });
  });
  counter.add(2, { kind: 'a' }); counter.add(5, { kind: 'b' }); gauge.add(3); rate.add(true); rate.add(0);
}""")
        self.assertEqual(ended.metric("things")["count"], 28)

    def test_requests_per_second_are_bounded(self):
        """Of all users together: the tenth request begins no sooner than nine tenths of a second after the first."""
        ended = self.passes("import http from 'k6/http';\nexport default function () { http.get(__ENV.TARGET); }",
                            "--vus", "5", "--iterations", "10", "--rps", "10")
        self.assertLessEqual(ended.metric("http_reqs")["rate"], 11.2)

    def test_digest_authentication(self):
        def guarded(connection, head):
            text = head.decode()
            given = dict(re.findall(r'(\w+)="?([^",\r]+)"?', text.split("Digest ")[1])) if "Digest " in text else {}
            md5 = lambda words: hashlib.md5(words.encode()).hexdigest()
            if given:
                secret, asked = md5("ann:staff:word"), md5(f"GET:{given['uri']}")
                want = md5(":".join([secret, given["nonce"], given["nc"], given["cnonce"], given["qop"], asked]))
                if given["response"] == want:
                    return respond(b"in")(connection, head)
            challenge = ("WWW-Authenticate", 'Digest realm="staff", nonce="n0nce", qop="auth", algorithm=MD5')
            return respond(status="401 Unauthorized", headers=[challenge])(connection, head)
        self.passes("""import http from 'k6/http';
export default function () {
  const r = http.get(__ENV.TARGET.replace('://', '://ann:word@') + '/guarded', { auth: 'digest' });
  is(r.status, 200, 'status'); is(r.body, 'in', 'body');
}""", "--iterations", "1", answers={"/guarded": guarded})

    def test_system_tags_are_chosen(self):
        ended = self.passes("import http from 'k6/http';\nexport default function () { http.get(__ENV.TARGET); }",
                            "--iterations", "1", "--system-tags", "status,method", "--out", "json=samples.json")
        lines = [json.loads(line) for line in (self.directory / "samples.json").read_text().splitlines()]
        tags = next(line["data"]["tags"] for line in lines if line["type"] == "Point" and line["metric"] == "http_reqs")
        self.assertEqual(tags, {"status": "200", "method": "GET"})
        self.assertEqual(ended.metric("http_reqs")["count"], 1)

    def test_setup_data_reaches_all(self):
        self.passes("""import http from 'k6/http';
export function setup() { return { token: http.get(__ENV.TARGET).json('a.0'), at: [1, { deep: 'x' }] }; }
export default function (data) { is(data.token, 1, 'token'); is(data.at[1].deep, 'x', 'deep'); }
export function teardown(data) { is(data.token, 1, 'token of teardown'); }""", "--vus", "3", "--iterations", "6")


if __name__ == "__main__":
    unittest.main()
