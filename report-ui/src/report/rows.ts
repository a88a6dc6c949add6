/** Rows of requests: what they are called, and what was asked of them. */
import type { BaselineChange, Finding, ReportDocument, RequestRow } from '../document.ts';

export function isAll(row: RequestRow): boolean {
  return row.journey === '' && row.request === '' && row.side === undefined;
}

/** "::browse::search" as people read it. */
export const groupName = (group: string) => group.replace(/^::/, '').replaceAll('::', ' › ');

/** A name that tells the row from all others of the document. */
export function nameOf(row: RequestRow, document: ReportDocument): string {
  if (isAll(row)) return 'All requests';
  const parts = [row.request === '' ? '(without a name)' : row.request];
  const namesakes = document.requests.filter((other) => !isAll(other) && other.request === row.request);
  if (row.journey !== '' && namesakes.some((other) => other.journey !== row.journey)) parts.push(row.journey);
  if (row.group !== '' && namesakes.some((other) => other.group !== row.group)) parts.push(groupName(row.group));
  if (namesakes.length > 1) for (const [tag, value] of Object.entries(row.tags)) parts.push(`${tag}=${value}`);
  if (row.side !== undefined) parts.push(row.side);
  return parts.join(' · ');
}

/** The time that a condition allows, ms: "98 % of `dashboard` under 2s", "p(98)<2000". Undefined: it is about no time. */
export function timeLimit(finding: Finding): number | undefined {
  if (finding.unit === 'ms') return finding.limit;
  const found = /\bunder (\d+(?:\.\d+)?) ?(us|ms|s|m|h)\b/.exec(finding.condition);
  if (found === null) return undefined;
  const scale = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[found[2] as 'us' | 'ms' | 's' | 'm' | 'h'];
  return Number(found[1]) * scale;
}

/** Conditions on the time of a row's requests. */
export function conditionsOn(row: RequestRow, document: ReportDocument): Finding[] {
  return document.findings.filter((finding) => !finding.aboutGenerator && !finding.aboutBaseline &&
    timeLimit(finding) !== undefined &&
    (finding.request === undefined || finding.request === '' || (finding.request === row.request &&
      (finding.journey === undefined || finding.journey === '' || finding.journey === row.journey))));
}

export function changesOf(row: RequestRow, document: ReportDocument): BaselineChange[] {
  return document.baseline.changes.filter((change) =>
    change.request === row.request && (change.journey === row.journey || change.journey === ''));
}

/** How many times as long as usual; undefined where either is unknown. */
export function slowdown(change: BaselineChange): number | undefined {
  return change.nowMs === undefined || change.usualMs <= 0 ? undefined : change.nowMs / change.usualMs;
}
