/** How response times are distributed: HdrHistogram's percentile plot, and a histogram. */
import type { Distribution, ReportDocument, RequestRow } from '../document.ts';
import type { ChartSpec } from '../ui/chart.ts';
import { count, duration, plural, share } from '../ui/format.ts';
import { durationTick, percentileTick } from '../ui/ticks.ts';
import { limitsOf } from './over_time.ts';
import { nameOf } from './rows.ts';

/** 1/(1-p), the axis of the plot, on which each nine takes the same room. The largest answer stands where it has its rank. */
export function inverse(share_: number, answers: number): number {
  return 1 / Math.max(1 - share_, 1 / Math.max(answers, 2));
}

/** The lines of several distributions on one axis: all abscissas, and each line's values there or null. */
export function merged(distributions: Distribution[]): { at: number[]; lines: (number | null)[][] } {
  const points = distributions.map((one) => new Map(one.percentiles.map(([p, ms]) => [inverse(p, one.count), ms])));
  const at = [...new Set(points.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
  return { at, lines: points.map((one) => at.map((value) => one.get(value) ?? null)) };
}

export function percentileChart(row: RequestRow, document: ReportDocument): ChartSpec {
  const kinds: { label: string; of: Distribution | undefined; color: string; dash?: number[] }[] = [
    { label: 'response time', of: row.responseTime, color: '--kind-1' },
    { label: 'service time', of: row.serviceTime, color: '--kind-2', dash: [5, 4] },
  ];
  const known = kinds.filter((kind): kind is typeof kind & { of: Distribution } => kind.of !== undefined && kind.of.count > 0);
  const { at, lines } = merged(known.map((kind) => kind.of));
  const most = at[at.length - 1] ?? 10;
  const splits = Array.from({ length: Math.floor(Math.log10(most)) + 1 }, (_, i) => 10 ** i);
  const d = row.responseTime;
  return {
    title: `Percentiles of ${nameOf(row, document)}`,
    summary: d === undefined ? '' : `Half of ${plural(d.count, 'answer')} came within ${duration(d.p50Ms)}, 95 % within ${duration(d.p95Ms)}, 99 % within ${duration(d.p99Ms)}; the slowest took ${duration(d.maxMs)}.`,
    height: 280,
    x: {
      title: 'share of answers that came within (each nine as wide)', values: at, log: true,
      format: (value) => share(1 - 1 / value), tick: percentileTick, splits, range: [1, Math.max(10, most)],
    },
    y: { title: 'time; service time counts from the actual send', format: duration, tick: durationTick },
    series: known.map((kind, i) => ({
      label: kind.label, values: lines[i] ?? [], color: kind.color, spans: true, width: 2, ...(kind.dash ? { dash: kind.dash } : {}),
    })),
    limits: limitsOf(row, document).filter((limit) => limit.color === '--limit'),
    ...(known.length > 0 ? {} : { empty: 'No answer that was expected came, so there is no distribution.' }),
  };
}

export function histogramChart(row: RequestRow, document: ReportDocument): ChartSpec {
  const d = row.responseTime;
  const bins = (d?.histogram ?? []).filter(([from, to]) => to > from && to > 0);
  const lowest = bins[0];
  const highest = bins[bins.length - 1];
  const edge = (ms: number) => Math.max(ms, 0.001);
  return {
    title: `Histogram of ${nameOf(row, document)}`,
    summary: d === undefined ? '' : `${plural(d.count, 'answer')} between ${duration(d.minMs)} and ${duration(d.maxMs)}; the mean is ${duration(d.meanMs)}.`,
    height: 280,
    x: {
      title: 'response time (logarithmic)', log: true, format: duration, tick: durationTick,
      values: bins.map(([from, to]) => Math.sqrt(edge(from) * to)),
      bins: bins.map(([from, to]) => [edge(from), to]),
      ...(lowest === undefined || highest === undefined ? {} : { range: [edge(lowest[0]), highest[1]] as [number, number], splits: powers(edge(lowest[0]), highest[1]) }),
    },
    y: { title: 'answers', format: count },
    series: [{ label: 'answers', values: bins.map(([, , n]) => n), color: '--kind-1', kind: 'bars' }],
    ...(d === undefined ? {} : { marks: [{ at: d.p50Ms, label: 'p50' }, { at: d.p95Ms, label: 'p95' }, { at: d.p99Ms, label: 'p99' }] }),
    ...(bins.length > 0 ? {} : { empty: 'No answer that was expected came, so there is no histogram.' }),
  };
}

/** 1, 2 and 5 times the powers of ten, as many as an axis can carry. */
export function powers(from: number, to: number): number[] {
  const decades = Math.log10(to / from);
  const steps = decades > 3 ? [1] : decades > 1.5 ? [1, 3] : decades > 0.5 ? [1, 2, 3, 5, 7]
    : [1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.4, 2.6, 2.8, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9];
  const found: number[] = [];
  for (let e = Math.floor(Math.log10(from)); e <= Math.ceil(Math.log10(to)); e += 1) {
    for (const step of steps) {
      const value = step * 10 ** e;
      if (value >= from && value <= to) found.push(Number(value.toPrecision(3)));
    }
  }
  return found;
}
