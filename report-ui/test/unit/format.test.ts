import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as format from '../../src/ui/format.ts';
import { bytesTick, durationTick, percentileTick } from '../../src/ui/ticks.ts';

test('durations have the unit that people would say, and three digits', () => {
  const said: [number, string][] = [
    [0, '0 ms'], [0.418, '0.42 ms'], [4.2, '4.20 ms'], [42.04, '42.0 ms'], [312.4, '312 ms'], [999.4, '999 ms'], [999.6, '1.00 s'],
    [1843, '1.84 s'], [17_518, '17.5 s'], [59_949, '59.9 s'], [59_960, '1 m'], [72_000, '1 m 12 s'], [3_600_000, '1 h'],
  ];
  for (const [ms, words] of said) assert.equal(format.duration(ms), words, String(ms));
});

test('what is not known is a dash, never NaN', () => {
  for (const write of [format.duration, format.share, format.count, format.bytes, format.perSecond, format.ratio, format.span]) {
    for (const value of [undefined, null, NaN, Infinity]) assert.equal(write(value), '–');
  }
});

test('a share that is not all is never shown as all, nor something as nothing', () => {
  assert.equal(format.share(1), '100.00 %');
  assert.equal(format.share(0.999999), '> 99.99 %');
  assert.equal(format.share(0.9999), '99.99 %');
  assert.equal(format.share(0.0029), '0.29 %');
  assert.equal(format.share(0.0000004), '< 0.01 %');
  assert.equal(format.share(0), '0.00 %');
});

test('counts, rates, bytes, ratios and spans', () => {
  assert.equal(format.count(1_234_567), '1,234,567');
  assert.equal(format.count(0.25), '0.25');
  assert.equal(format.perSecond(25), '25.0/s');
  assert.equal(format.perSecond(1000), '1,000/s');
  assert.equal(format.bytes(512), '512 B');
  assert.equal(format.bytes(61_865_984), '59.0 MiB');
  assert.equal(format.ratio(2.61), '2.6 ×');
  assert.equal(format.ratio(1.02), '1.02 ×');
  assert.equal(format.ratio(56.2), '56 ×');
  assert.equal(format.span(30), '30 s');
  assert.equal(format.span(2.345), '2.3 s');
  assert.equal(format.span(90), '1 m 30 s');
  assert.equal(format.span(7500), '2 h 5 m');
  assert.equal(format.elapsed(62), '1:02');
  assert.equal(format.elapsed(3723), '1:02:03');
});

test('limits are as somebody wrote them', () => {
  assert.equal(format.limit(0.98, 'share'), '98 %');
  assert.equal(format.limit(0.001, 'share'), '0.1 %');
  assert.equal(format.limit(0.07, 'share'), '7 %');
  assert.equal(format.limit(2000, 'ms'), '2 s');
  assert.equal(format.limit(350, 'ms'), '350 ms');
  assert.equal(format.limit(90_000, 'ms'), '1 m 30 s');
  assert.equal(format.limit(20, 'per_second'), '20/s');
});

test('times are UTC wherever the reader is; what is none stays', () => {
  assert.equal(format.moment('2026-11-24T03:57:08+01:00'), '24 Nov 2026, 02:57:08 UTC');
  assert.equal(format.moment('yesterday'), 'yesterday');
});

test('long commits are shortened, names are not', () => {
  assert.equal(format.short('3f2a91c08d7e6b5a4c3d2e1f0a9b8c7d6e5f4a3b'), '3f2a91c');
  assert.equal(format.short('release-2026.11'), 'release-2026.11');
});

test('ticks are short', () => {
  assert.deepEqual([0, 250, 1500, 60_000, 120_000].map(durationTick), ['0', '250 ms', '1.5 s', '60 s', '2 m']);
  assert.deepEqual([1, 10, 100, 1000, 10_000].map(percentileTick), ['0 %', '90 %', '99 %', '99.9 %', '99.99 %']);
  assert.deepEqual([0, 512, 2 ** 19, 3 * 2 ** 19, 2 ** 31].map(bytesTick), ['0', '512 B', '512 KiB', '1.5 MiB', '2 GiB']);
});
