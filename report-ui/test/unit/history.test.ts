import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read, AskFailed } from '../../src/history/api.ts';
import { distance } from '../../src/history/bypasses.ts';
import { sinceOf } from '../../src/history/choice.ts';
import type { Change, ConditionTrend, HistoryDocument, RunLine } from '../../src/history/document.ts';
import { conditionSpec, levels, marksOf, rangeOf } from '../../src/history/trends.ts';
import { sentence, stateOf } from '../../src/history/words.ts';

function run(more: Partial<RunLine> = {}): RunLine {
  return {
    id: 'r', started: '2026-11-24T08:28:35.000000000Z', state: 'finished', verdict: 'pass', attempt: 1, reasons: [],
    findings: { held: 1, missed: 0, undecided: 0 }, signals: [], requests: { answered: 1, failed: 0 }, ...more,
  };
}

function history(runs: number, more: Partial<HistoryDocument> = {}): HistoryDocument {
  return {
    format: 'weir.history', version: 1, asOf: '2026-11-24T09:00:00Z', store: 'read', suite: 's', environment: 'e', last: 100, more: false,
    runs: Array.from({ length: runs }, (_, i) => run({ id: `r${i}` })), deployments: [],
    verdicts: { pass: runs, fail: 0, invalid: 0, running: 0, abandoned: 0, bypassed: 0 }, flaky: { hits: 0, of: 0, words: '' },
    invalid: { hits: 0, of: 0, words: '', causes: [] }, conditions: [], requests: [], ...more,
  };
}

function change(at: number, before: number, after: number, more: Partial<Change> = {}): Change {
  return { run: at, before, after, words: '', ...more };
}

test('a run has one state, with a mark and words of its own', () => {
  assert.equal(stateOf(run()).icon, 'pass');
  assert.equal(stateOf(run({ verdict: 'fail', bypass: 'b-1' })).word, 'fail, bypassed');
  assert.equal(stateOf(run({ state: 'running', verdict: undefined })).word, 'running');
  assert.equal(stateOf(run({ state: 'abandoned', verdict: undefined })).word, 'abandoned');
  const states = [run(), run({ verdict: 'fail' }), run({ verdict: 'invalid' }), run({ verdict: 'fail', bypass: 'b' }), run({ state: 'running' }), run({ state: 'abandoned' })];
  assert.equal(new Set(states.map((each) => stateOf(each).icon)).size, states.length, 'a shape each');
  assert.equal(sentence(run({ commit: '0123456789abcdef' })), 'pass, 24 Nov 2026, 08:28 UTC, tested 0123456');
});

test('levels are the means between changes', () => {
  assert.deepEqual(levels([1, 1, 5, null, 5], [change(2, 1, 5)]), [1, 1, 5, 5, 5]);
  assert.deepEqual(levels([1, 2, 3], [change(1, 1, 2), change(2, 2, 3)]), [1, 2, 3]);
  assert.deepEqual(levels([1, 2], []), [null, null]);
});

test('a deployment and a change at one run are one mark; names do not lie over each other', () => {
  const few = history(8, { deployments: [{ run: 2, from: 'a', to: 'b' }, { run: 4, from: 'b', to: 'c' }] });
  assert.deepEqual(marksOf(few, [change(4, 1, 2)]), [{ at: 2, label: 'b' }, { at: 4, label: 'changed, c' }]);
  const many = history(40, { deployments: [3, 4, 5, 20].map((run) => ({ run, from: '', to: `v${run}` })) });
  assert.deepEqual(marksOf(many, [change(4, 1, 2)]),
    [{ at: 3, label: '' }, { at: 4, label: 'changed, v4' }, { at: 5, label: 'v5' }, { at: 20, label: 'v20' }]);
});

test('an axis shows what differs, whatever the figures are', () => {
  const [low, high] = rangeOf([[0.995, 0.999, null], [0.98, 0.98, 0.98]])!;
  assert.ok(low > 0.97 && low < 0.98 && high > 0.999 && high < 1.01);
  assert.equal(rangeOf([[null], []]), undefined);
  for (const same of [0, 5, -3]) {
    const [least, most] = rangeOf([[same, same]])!;
    assert.ok(least < same && most > same, String(same));
  }
});

test('a condition says in words what its chart shows', () => {
  const trend: ConditionTrend = {
    condition: '95 % of `page` under 300 ms', unit: 'ms', values: [200, null, 400], limits: [300, null, 300], intervals: [null, null, [390, 410]],
    states: ['held', null, 'missed'], samples: [7, 0, 7], changes: [],
  };
  const spec = conditionSpec(history(3), trend);
  assert.equal(spec.summary, 'Last 400 ms, limit 300 ms. Missed in 1 of 2 runs that can be trusted. No change point.');
  assert.equal(spec.title, '95 % of page under 300 ms');
  assert.ok(spec.series.some((series) => series.label === 'missed' && series.values[2] === 400 && series.values[0] === null));
  const nothing = conditionSpec(history(3), { ...trend, values: [null, null, null], states: [null, null, null] });
  assert.match(nothing.empty ?? '', /No run that can be trusted/);
});

test('times are told from the server’s clock', () => {
  assert.equal(distance('2026-11-24T10:30:00.000000000Z', '2026-11-24T08:25:00.000000000Z'), 'in 2 h 5 min');
  assert.equal(distance('2026-11-24T08:00:00Z', '2026-11-24T08:25:00Z'), '25 min ago');
  assert.equal(distance('2026-11-20T08:00:00Z', '2026-11-24T08:25:00Z'), '4 days ago');
  assert.equal(sinceOf({ days: 7, last: 100 }, new Date('2026-11-24T08:59:59Z')), '2026-11-17T08:00:00');
  assert.equal(sinceOf({ last: 100 }, new Date()), undefined);
});

test('what is no document of ours is said so', () => {
  assert.throws(() => read<HistoryDocument>('<html>', 'weir.history'), AskFailed);
  assert.throws(() => read<HistoryDocument>('null', 'weir.history'), AskFailed);
  assert.throws(() => read<HistoryDocument>('{"format":"weir.history","version":2}', 'weir.history'), /another version/);
  assert.equal(read<HistoryDocument>(JSON.stringify(history(1)), 'weir.history').runs.length, 1);
});
