/** Each condition's and each request's figure over the runs: with limits, change points and deployments. */
import { el, type Child } from '../ui/dom.ts';
import { duration, figure, short } from '../ui/format.ts';
import type { ChartSpec, Series } from '../ui/chart.ts';
import type { Mark } from '../ui/chart_drawing.ts';
import type { Change, ConditionTrend, HistoryDocument, RequestTrend } from './document.ts';
import { tested, when } from './words.ts';

type Values = (number | null)[];

function last<T>(values: readonly (T | null)[]): T | undefined {
  for (let i = values.length - 1; i >= 0; i -= 1) if (values[i] != null) return values[i] as T;
  return undefined;
}

/** The mean of each stretch between change points, where there are values. */
export function levels(values: Values, changes: readonly Change[]): Values {
  const first = changes[0];
  if (first === undefined) return values.map(() => null);
  return values.map((_, i) => {
    let level = first.before;
    for (const change of changes) if (change.run <= i) level = change.after;
    return level;
  });
}

/**
 * Deployments and change points; where both are at one run, one mark says both. Deployments that come close before
 * another mark keep their line without a name: the names would lie over each other.
 */
export function marksOf(document: HistoryDocument, changes: readonly Change[]): Mark[] {
  const marks = new Map<number, { label: string; changed: boolean }>();
  for (const each of document.deployments) marks.set(each.run, { label: short(each.to), changed: false });
  for (const change of changes) {
    const at = marks.get(change.run);
    marks.set(change.run, { label: at === undefined ? 'changed' : `changed, ${at.label}`, changed: true });
  }
  const room = document.runs.length / 8;
  const sorted = [...marks].sort(([a], [b]) => a - b);
  return sorted.map(([at, mark], i) => {
    const next = sorted[i + 1]?.[0];
    const named = mark.changed || next === undefined || next - at >= room;
    return { at, label: named ? mark.label : '' };
  });
}

function axis(document: HistoryDocument): ChartSpec['x'] {
  const { runs } = document;
  const at = (place: number) => Number.isInteger(place) ? runs[place] : undefined;
  return {
    title: 'runs, oldest first',
    values: runs.map((_, i) => i),
    format: (place) => {
      const run = at(place);
      if (run === undefined) return '';
      const commit = tested(run);
      return commit === undefined ? when(run) : `${when(run)}, ${commit}`;
    },
    tick: (place) => at(place) === undefined ? '' : when(at(place)!).replace(/ \d{4},.*$/, ''),
    ...(runs.length > 1 ? {} : { range: [-1, 1] as [number, number] }),
  };
}

/** Round the values and limits, not from zero: shares near 100 % would all be one line. */
export function rangeOf(lists: readonly Values[]): [number, number] | undefined {
  const all = lists.flat().filter((value): value is number => value !== null);
  if (all.length === 0) return undefined;
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = most > least ? (most - least) * 0.12 : Math.abs(most) * 0.05 || 1;
  return [least - room, most + room];
}

export function changeList(changes: readonly Change[], of = ''): Child {
  if (changes.length === 0) return null;
  return el('ul', { class: 'changes' }, changes.map((change) => el('li', {}, `${of}Changed for good ${change.words}.`)));
}

function conditionSummary(trend: ConditionTrend): string {
  const value = last(trend.values);
  const limit = last(trend.limits);
  const missed = trend.states.filter((state) => state === 'missed').length;
  const measured = trend.states.filter((state) => state !== null).length;
  const now = value === undefined ? 'No trusted run has measured it.' : `Last ${figure(value, trend.unit)}${limit === undefined ? '' : `, limit ${figure(limit, trend.unit)}`}.`;
  const often = measured === 0 ? '' : missed === 0 ? ` Held in all ${measured} runs that can be trusted.` : ` Missed in ${missed} of ${measured} runs that can be trusted.`;
  return `${now}${often}${trend.changes.length === 0 ? ' No change point.' : ''}`;
}

export function conditionSpec(document: HistoryDocument, trend: ConditionTrend): ChartSpec {
  const missed = trend.values.map((value, i) => trend.states[i] === 'missed' ? value : null);
  const series: Series[] = [
    { label: 'value', values: trend.values, color: '--kind-1', width: 2, dots: trend.values.length <= 60, spans: true },
    { label: 'limit', values: trend.limits, color: '--limit', kind: 'step', dash: [6, 4], spans: true },
  ];
  if (trend.states.includes('missed')) series.push({ label: 'missed', values: missed, color: '--fail', width: 0, dots: true });
  const means = levels(trend.values, trend.changes);
  if (trend.changes.length > 0) series.push({ label: 'mean of its stretch', values: means, color: '--kind-2', kind: 'step', spans: true });
  const range = rangeOf([trend.values, trend.limits]);
  return {
    title: trend.condition.replaceAll('`', ''),
    summary: conditionSummary(trend),
    height: 180,
    sync: 'runs',
    x: axis(document),
    y: { title: trend.unit === 'share' ? 'share' : trend.unit === 'ms' ? 'time' : trend.unit === 'per_second' ? 'per second' : 'value',
      format: (value) => figure(value, trend.unit), ...(range === undefined ? {} : { range }) },
    series,
    marks: marksOf(document, trend.changes),
    ...(last(trend.values) === undefined ? { empty: 'No run that can be trusted has measured it.' } : {}),
  };
}

export function requestSpec(document: HistoryDocument, trend: RequestTrend): ChartSpec {
  const p95 = last(trend.p95Ms);
  const changes = [...trend.p95Changes, ...trend.medianChanges.filter((one) => trend.p95Changes.every((other) => other.run !== one.run))];
  return {
    title: trend.request,
    summary: p95 === undefined ? 'No trusted run has an answer of it.'
      : `Last: half of the answers within ${duration(last(trend.medianMs))}, 95 % within ${duration(p95)}.${changes.length === 0 ? ' No change point.' : ''}`,
    height: 180,
    sync: 'runs',
    x: axis(document),
    y: { title: 'response time', format: duration },
    series: [
      { label: '95 % within', values: trend.p95Ms, color: '--p95', width: 2, dots: trend.p95Ms.length <= 60, spans: true },
      { label: 'median', values: trend.medianMs, color: '--p50', spans: true },
    ],
    marks: marksOf(document, changes),
    ...(p95 === undefined ? { empty: 'No run that can be trusted has an answer of it.' } : {}),
  };
}

