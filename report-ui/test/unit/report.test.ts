import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BaselineChange, Finding } from '../../src/document.ts';
import { inverse, merged, percentileChart, powers } from '../../src/report/distribution.ts';
import { inShort, mainFinding } from '../../src/report/in_short.ts';
import { goodSide, scaleOf } from '../../src/report/interval.ts';
import { courseWords, limitsOf } from '../../src/report/over_time.ts';
import { readDocument } from '../../src/report/read_document.ts';
import { nameOf, timeLimit } from '../../src/report/rows.ts';
import { emptyDocument, fixture } from '../fixtures.ts';

const finding = (more: Partial<Finding>): Finding => ({
  condition: '98 % of `dashboard` under 2s', state: 'missed', unit: 'share', value: 0.5, limit: 0.98, samples: 300,
  decided: true, aboutGenerator: false, aboutBaseline: false, words: '', ...more,
});

test('what is no document becomes a sentence', () => {
  const trouble = (text: string) => { const read = readDocument(text); return 'trouble' in read ? read.trouble : ''; };
  assert.match(trouble(''), /no JSON/);
  assert.match(trouble('__WEIR_REPORT__'), /no JSON/);
  assert.match(trouble('[]'), /no report/);
  assert.match(trouble('null'), /no report/);
  assert.match(trouble('{"format":"weir.report","version":2}'), /later Weir/);
  assert.match(trouble('{"format":"weir.report","version":1,"run":[]}'), /run.*missing/);
  assert.equal(trouble(JSON.stringify(emptyDocument())), '');
});

test('the unit of a threshold is read from its words', () => {
  const document = emptyDocument();
  document.findings = [
    finding({ unit: 'plain', words: '9958.12 ms over 165 samples' }), finding({ unit: 'plain', words: '0.00 % over 574 samples' }),
    finding({ unit: 'plain', words: '12 over 3 samples' }), finding({ unit: 'per_second', words: '3 ms over 1 samples' }),
  ];
  const read = readDocument(JSON.stringify(document));
  assert.deepEqual('document' in read && read.document.findings.map((one) => one.unit), ['ms', 'share', 'plain', 'per_second']);
});

test('members that are not known are no trouble: later versions may add them', () => {
  assert.ok('document' in readDocument(JSON.stringify({ ...emptyDocument(), later: 1 })));
});

test('the time that a condition allows is read from its words', () => {
  const limit = (condition: string, more: Partial<Finding> = {}) => timeLimit(finding({ condition, ...more }));
  assert.equal(limit('98 % of `dashboard` under 2s'), 2000);
  assert.equal(limit('98 % of `dashboard` under 2 s'), 2000);
  assert.equal(limit('95 % under 350ms over 30s'), 350);
  assert.equal(limit('99 % under 1.5 m'), 90_000);
  assert.equal(limit('http_req_duration: p(98)<2000', { unit: 'ms', limit: 2000 }), 2000);
  assert.equal(limit('at most 1 % errors of `under 2`'), undefined);
});

test('the condition that the verdict is about: decided, of a request, not of the generator or the baseline', () => {
  const document = emptyDocument();
  document.findings = [
    finding({ condition: 'generator', aboutGenerator: true }), finding({ condition: 'baseline', aboutBaseline: true, request: 'a' }),
    finding({ condition: 'all' }), finding({ condition: 'weak', decided: false, request: 'a' }),
    finding({ condition: 'named', request: 'a' }), finding({ condition: 'held', state: 'held', request: 'a' }),
  ];
  assert.equal(mainFinding(document)?.condition, 'named');
});

test('a failed run is told in short: where, how much, since, how sure, sound, next', () => {
  const document = fixture('failing');
  const answers = Object.fromEntries(inShort(document).map((answer) => [answer.id, `${answer.headline ?? ''}: ${answer.words}`]));
  assert.match(answers['where'] ?? '', /dashboard/);
  assert.match(answers['asked'] ?? '', /limit 98 %/);
  assert.match(answers['sure'] ?? '', /Beyond chance.*Decided.*99 % interval/);
  assert.match(answers['next'] ?? '', /Who should look/);
});

test('an invalid run asks nobody of the service to look', () => {
  const document = emptyDocument();
  document.verdict.kind = 'invalid';
  document.signals = [{ name: 'generator saturated', weight: 'hard', words: '', who: 'whoever runs the machines' }];
  const answers = Object.fromEntries(inShort(document).map((answer) => [answer.id, `${answer.headline ?? ''}: ${answer.words}`]));
  assert.match(answers['sound'] ?? '', /^No: Generator saturated/);
  assert.match(answers['next'] ?? '', /says nothing about the service.*whoever runs the machines/);
});

test('an outage that leaves few answers is slower all the same', () => {
  const document = emptyDocument();
  document.verdict.kind = 'fail';
  document.baseline.runs = 5;
  document.baseline.changes = [{ journey: 'j', request: 'a', figure: 'median', runs: 5, usualMs: 10, expectedMs: [5, 20], limitMs: 60, nowMs: 9000, word: 'too few answers' }];
  const slower = inShort(document).find((answer) => answer.id === 'slower');
  assert.equal(slower?.headline, '900 × as long');
  assert.match(slower?.words ?? '', /Few answers came at all/);
});

test('without earlier runs nobody says how much slower, nor since when', () => {
  const document = emptyDocument();
  document.verdict.kind = 'fail';
  document.findings = [finding({ request: 'a' })];
  const answers = Object.fromEntries(inShort(document).map((answer) => [answer.id, `${answer.headline ?? ''}: ${answer.words}`]));
  assert.match(answers['slower'] ?? '', /no earlier run/);
  assert.equal(answers['since'], undefined);
});

test('the line of a condition spans figure, interval and limit; shares end at all and nothing', () => {
  const [from, to] = scaleOf({ value: 0.005, limit: 0.98, interval: [0, 0.02], unit: 'share' });
  assert.equal(from, 0);
  assert.equal(to, 1);
  const [low, high] = scaleOf({ value: 0.995, limit: 0.98, interval: [0.99, 1], unit: 'share' });
  assert.ok(low > 0.97 && low < 0.98 && high === 1);
  const [a, b] = scaleOf({ value: 0, limit: 0, unit: 'share' });
  assert.ok(b > a);
});

test('the side that is asked for is seen from the state', () => {
  assert.equal(goodSide({ state: 'held', value: 0.99, limit: 0.98 }), 'above');
  assert.equal(goodSide({ state: 'missed', value: 0.5, limit: 0.98 }), 'above');
  assert.equal(goodSide({ state: 'missed', value: 0.38, limit: 0.01 }), 'below');
  assert.equal(goodSide({ state: 'undecided', value: 0.38, limit: 0.01 }), undefined);
});

test('on the percentile plot each nine takes the same room, and the largest answer has its rank', () => {
  assert.equal(Math.round(inverse(0.9, 1000)), 10);
  assert.equal(Math.round(inverse(0.99, 1000)), 100);
  assert.equal(inverse(1, 1000), 1000);
  const distribution = { count: 100, meanMs: 1, minMs: 1, maxMs: 9, p50Ms: 1, p75Ms: 1, p90Ms: 1, p95Ms: 1, p99Ms: 1, p999Ms: 1, histogram: [] };
  const { at, lines } = merged([{ ...distribution, percentiles: [[0, 1], [0.5, 2], [1, 9]] }, { ...distribution, percentiles: [[0, 1], [0.9, 4]] }]);
  assert.deepEqual(at.map(Math.round), [1, 2, 10, 100]);
  assert.deepEqual(lines, [[1, 2, null, 9], [1, null, 4, null]]);
});

test('ticks of a logarithmic axis lie inside it, and are few', () => {
  for (const [from, to] of [[1, 10], [90, 400], [0.3, 18_000], [200, 230]] as const) {
    const ticks = powers(from, to);
    assert.ok(ticks.every((tick) => tick >= from && tick <= to), `${from}..${to}`);
    assert.ok(ticks.length <= 8, `${from}..${to}: ${ticks.length}`);
  }
});

test('a request without answers has no chart, but words', () => {
  const document = fixture('passing');
  const row = document.requests[0]!;
  delete row.responseTime;
  delete row.serviceTime;
  row.timeline.p95Ms = row.timeline.p95Ms.map(() => null);
  assert.ok(percentileChart(row, document).empty);
  assert.match(courseWords('p95', row.timeline.p95Ms, document), /No answer/);
});

test('a course says how it began, how it ended and when it was worst', () => {
  const document = emptyDocument();
  document.timeline.widthSeconds = 2;
  assert.equal(courseWords('p95', [100, null, 200, 900, 300, 400], document),
    'p95: 100 ms in the first fifth of the run, 400 ms in the last; at most 900 ms, at 0:06.');
});

test('limits of the time chart: of conditions on the request, each once, and what used to be', () => {
  const document = fixture('failing');
  const row = document.requests.find((one) => one.request === 'dashboard')!;
  document.findings = [finding({ request: 'dashboard' }), finding({ request: 'dashboard', unit: 'ms', limit: 2000 }), finding({ request: 'other', condition: '98 % under 1s' })];
  document.baseline.changes = [{ journey: row.journey, request: 'dashboard', figure: 'p95', runs: 5, usualMs: 300, expectedMs: [200, 400], limitMs: 500, word: 'slower' } as BaselineChange];
  assert.deepEqual(limitsOf(row, document).map((limit) => limit.value), [2000, 300]);
});

test('names of rows tell them apart', () => {
  const document = fixture('failing');
  const names = document.requests.map((row) => nameOf(row, document));
  assert.equal(new Set(names).size, names.length);
  assert.equal(names[0], 'All requests');
});
