/** Documents for tests: what Weir wrote, and what a test makes of it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportDocument } from '../src/document.ts';

const FOLDER = join(process.env['WEIR_REPORT_UI'] ?? '.', 'test/fixtures');

/** A document that tests may change: read anew each time. */
export function fixture(name: 'passing' | 'failing'): ReportDocument {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as ReportDocument;
}

/** An hour at 1,000 requests per second, with 40 names. */
export function longDocument(): string {
  return execFileSync(process.execPath, [join(FOLDER, 'make.mjs'), 'long'], { encoding: 'utf8', maxBuffer: 64 << 20 }).trim();
}

/** A run that asked for nothing and sent nothing: each list is empty. */
export function emptyDocument(): ReportDocument {
  return {
    format: 'weir.report', version: 1,
    run: {
      id: 'r', weirVersion: '0.1.0', script: 'empty.js', started: '2026-11-24T02:57:08Z', durationSeconds: 0, seed: '1',
      ending: { kind: 'complete', words: 'the load was offered to its end' }, versions: [],
    },
    verdict: { kind: 'none', allowed: true, sentence: 'nothing was asked of this run', reasons: [] },
    findings: [], signals: [], baseline: { runs: 0, words: '', changes: [] },
    timeline: {
      widthSeconds: 1, intended: [], started: [], finished: [], dropped: [], requests: [], failed: [], bytesReceived: [],
      bytesSent: [], users: [],
    },
    requests: [], metrics: [], checks: [], slowest: [], failures: { total: 0, examples: [] }, unfinished: { total: 0, examples: [] },
    scriptFailures: { total: 0, examples: [] }, scenarios: [],
    generator: {
      cores: 1, workers: 1, cpuShareMax: 0, stealShareMax: 0, loopStallMaxMs: 0, loopStalls: 0, arrivalsMissed: 0, startDelayP99Ms: 0,
      memoryMostBytes: 0, descriptorsMost: 0, samplesUnwritten: 0, telemetry: [], onTarget: true,
    },
    surroundings: { probed: [], readings: [], facts: [] }, warnings: [],
  };
}

/** The same document with every text replaced by one that would do harm as markup. */
export function hostile(document: ReportDocument): ReportDocument {
  const KEPT = new Set(['format', 'kind', 'state', 'unit', 'weight', 'word', 'figure', 'type', 'contains', 'side', 'started']);
  const bad = '</script><img src=x onerror="document.title=\'owned\'"><b>`x`';
  const visit = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return KEPT.has(key) ? value : key === 'baseUrl' || key === 'pipelineUrl' || key === 'traceUrl' ? 'javascript:document.title="owned"//{trace_id}' : `${bad} ${value}`;
    if (Array.isArray(value)) return value.map((one) => visit(one, key));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, visit(one, name)]));
    }
    return value;
  };
  return visit(document, '') as ReportDocument;
}
