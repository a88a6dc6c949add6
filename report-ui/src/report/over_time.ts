/** Charts of what happened when, for one row of requests; and the sentence that each of them says. */
import type { ReportDocument, RequestRow, Timeline } from '../document.ts';
import type { ChartSpec } from '../ui/chart.ts';
import type { Limit, Mark } from '../ui/chart_drawing.ts';
import { bytes, count, duration, elapsed, perSecond, plural } from '../ui/format.ts';
import { bytesTick, durationTick } from '../ui/ticks.ts';
import { changesOf, conditionsOn, nameOf, timeLimit } from './rows.ts';

type Values = (number | null)[];

const times = (document: ReportDocument, n: number) =>
  Array.from({ length: n }, (_, i) => i * document.timeline.widthSeconds);

const x = (document: ReportDocument, n: number): ChartSpec['x'] => ({
  title: 'time since the start, m:s', values: times(document, n), format: elapsed, seconds: true,
});

function marks(document: ReportDocument): Mark[] {
  const first = document.run.versions[0];
  return document.run.versions.filter((seen) => seen.firstSeenSeconds > 1 && seen !== first).slice(0, 6).map((seen) => ({
    at: seen.firstSeenSeconds,
    label: seen.version !== first?.version ? `version ${seen.version}` : 'another instance',
  }));
}

/** Times that conditions allow for the row, each once, and what used to be. */
export function limitsOf(row: RequestRow, document: ReportDocument): Limit[] {
  const allowed = new Set(conditionsOn(row, document).map(timeLimit) as number[]);
  const limits: Limit[] = [...allowed].sort((a, b) => a - b)
    .map((value) => ({ value, label: `limit ${durationTick(value)}`, color: '--limit' }));
  for (const change of changesOf(row, document)) {
    if (change.figure === 'p95') limits.push({ value: change.usualMs, label: `usual p95 ${duration(change.usualMs)}`, color: '--ink-2' });
  }
  return limits;
}

const middle = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** "p95: 290 ms in the first fifth, 17.2 s in the last; at most 18.1 s, at 0:24." */
export function courseWords(name: string, values: Values, document: ReportDocument): string {
  const known = values.map((value, i) => ({ value, i })).filter((one): one is { value: number; i: number } => one.value !== null);
  if (known.length === 0) return 'No answer that was expected came.';
  const most = known.reduce((a, b) => (b.value > a.value ? b : a));
  const fifth = Math.max(1, Math.floor(known.length / 5));
  const first = middle(known.slice(0, fifth).map((one) => one.value));
  const last = middle(known.slice(-fifth).map((one) => one.value));
  return `${name}: ${duration(first)} in the first fifth of the run, ${duration(last)} in the last; at most ${duration(most.value)}, at ${elapsed(most.i * document.timeline.widthSeconds)}.`;
}

/** An outage leaves few answers that could have a response time: then that is said first. */
function fewWords(row: RequestRow): string {
  const good = row.responseTime?.count ?? 0;
  return good > 0 && good < row.count / 2 ? `Only ${plural(good, 'request')} of ${count(row.count)} had an answer that was expected. ` : '';
}

export function responseChart(row: RequestRow, document: ReportDocument): ChartSpec {
  const t = row.timeline;
  const line = (label: string, values: Values, color: string, width: number) => ({ label, values, color, width });
  return {
    title: `Response time of ${nameOf(row, document)}`,
    summary: fewWords(row) + courseWords('p95', t.p95Ms, document),
    height: 320,
    sync: 'time',
    x: x(document, t.p50Ms.length),
    y: { title: 'response time, from the intended start', format: duration, tick: durationTick },
    series: [
      line('p50', t.p50Ms, '--p50', 2), line('p75', t.p75Ms, '--p75', 1), line('p90', t.p90Ms, '--p90', 1),
      line('p95', t.p95Ms, '--p95', 2), line('p99', t.p99Ms, '--p99', 1.5),
      { ...line('max', t.maxMs, '--max', 1), dash: [3, 3] },
    ],
    bands: [
      { upper: 1, lower: 0, color: '--p50' }, { upper: 2, lower: 1, color: '--p75' },
      { upper: 3, lower: 2, color: '--p90' }, { upper: 4, lower: 3, color: '--p95' },
    ],
    limits: limitsOf(row, document),
    marks: marks(document),
    ...(t.p50Ms.some((value) => value !== null) ? {} : { empty: 'No answer that was expected came, so there is no response time.' }),
  };
}

const total = (values: number[]) => values.reduce((a, b) => a + b, 0);
const rates = (values: number[], document: ReportDocument) => values.map((value) => value / document.timeline.widthSeconds);

export function errorsChart(row: RequestRow, document: ReportDocument): ChartSpec {
  const t = row.timeline;
  return {
    title: 'Requests and errors',
    summary: row.failed === 0 ? `No request failed of ${count(row.count)}.` : `${count(row.failed)} of ${plural(row.count, 'request')} failed.`,
    height: 220,
    sync: 'time',
    x: x(document, t.count.length),
    y: { title: 'per second, by intended start', format: perSecond, tick: count },
    series: [
      { label: 'requests', values: rates(t.count, document), color: '--kind-1', kind: 'step' },
      { label: 'failed', values: rates(t.failed, document), color: '--fail', kind: 'area', width: 2 },
    ],
    marks: marks(document),
    ...(total(t.count) > 0 ? {} : { empty: 'No request was begun.' }),
  };
}

export function arrivalsChart(document: ReportDocument): ChartSpec {
  const t = document.timeline;
  const [intended, started, dropped] = [total(t.intended), total(t.started), total(t.dropped)];
  return {
    title: 'Arrivals, intended and actual',
    summary: `${count(started)} of ${plural(intended, 'intended journey')} began${dropped > 0 ? `; ${count(dropped)} were dropped` : ''}.`,
    height: 220,
    sync: 'time',
    x: x(document, t.intended.length),
    y: { title: 'journeys per second', format: perSecond, tick: count },
    series: [
      { label: 'intended', values: rates(t.intended, document), color: '--kind-2', kind: 'step', width: 2, dash: [5, 4] },
      { label: 'begun', values: rates(t.started, document), color: '--kind-1', kind: 'step' },
      { label: 'finished', values: rates(t.finished, document), color: '--kind-3', kind: 'step' },
      ...(dropped > 0 ? [{ label: 'dropped', values: rates(t.dropped, document), color: '--fail', kind: 'area' as const, width: 2 }] : []),
    ],
    ...(intended + started > 0 ? {} : { empty: 'No journey was intended to begin.' }),
  };
}

export function usersChart(document: ReportDocument): ChartSpec {
  const { users } = document.timeline;
  const most = users.reduce((a, b) => Math.max(a, b), 0);
  return {
    title: 'Active users',
    summary: `At most ${plural(most, 'user')} at once. Users pile up when answers are late.`,
    height: 220,
    sync: 'time',
    x: x(document, users.length),
    y: { title: 'users on a journey', format: count },
    series: [{ label: 'users', values: users, color: '--kind-4', kind: 'area' }],
    ...(most > 0 ? {} : { empty: 'No user was active, or it was not recorded.' }),
  };
}

export function trafficChart(document: ReportDocument): ChartSpec {
  const t: Timeline = document.timeline;
  const rate = (value: number | null) => (value === null ? '–' : `${bytes(value)}/s`);
  return {
    title: 'Data',
    summary: `${bytes(total(t.bytesReceived))} received, ${bytes(total(t.bytesSent))} sent.`,
    height: 220,
    sync: 'time',
    x: x(document, t.bytesReceived.length),
    y: { title: 'per second', format: rate, tick: bytesTick, bytes: true },
    series: [
      { label: 'received', values: rates(t.bytesReceived, document), color: '--kind-5' },
      { label: 'sent', values: rates(t.bytesSent, document), color: '--kind-6' },
    ],
    ...(total(t.bytesReceived) + total(t.bytesSent) > 0 ? {} : { empty: 'No data was sent or received.' }),
  };
}
