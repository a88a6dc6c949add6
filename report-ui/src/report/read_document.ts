/** Takes the document out of the page. What is no document of ours becomes a sentence for people, never a blank page. */
import type { Finding, ReportDocument } from '../document.ts';

export type Read = { document: ReportDocument } | { trouble: string };

const LISTS = ['findings', 'signals', 'requests', 'metrics', 'checks', 'slowest', 'scenarios', 'warnings'] as const;
const OBJECTS = ['run', 'verdict', 'baseline', 'timeline', 'failures', 'unfinished', 'scriptFailures', 'generator',
  'surroundings'] as const;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Thresholds are plain figures to the program; their words say what of: "9958.12 ms over 165 samples", "0.00 % over 574 samples". */
function withUnit(finding: Finding): Finding {
  if (finding.unit !== 'plain') return finding;
  const unit = /^-?[\d.]+ (ms|%) over /.exec(finding.words)?.[1];
  return unit === undefined ? finding : { ...finding, unit: unit === 'ms' ? 'ms' : 'share' };
}

export function readDocument(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { trouble: 'The data of this report is damaged: it is no JSON. Write the report again with “weir report”.' };
  }
  if (!isObject(value) || value['format'] !== 'weir.report') {
    return { trouble: 'There is no report of Weir in this file.' };
  }
  if (typeof value['version'] !== 'number' || value['version'] > 1) {
    return { trouble: 'This report was written by a later Weir than this page is from. Write it again with one version of both.' };
  }
  const missing = [...LISTS.filter((name) => !Array.isArray(value[name])), ...OBJECTS.filter((name) => !isObject(value[name]))];
  if (missing.length > 0) {
    return { trouble: `The data of this report is damaged: ${missing.join(', ')} is missing. Write the report again with “weir report”.` };
  }
  const document = value as unknown as ReportDocument;
  return { document: { ...document, findings: document.findings.map(withUnit) } };
}
