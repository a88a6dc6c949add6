/**
 * The report document, version 1: what `weir report RESULT --format json` writes and what the HTML report shows.
 * docs/formats/report.schema.json says the same as a JSON Schema; a test holds both to what Weir writes.
 *
 * Times of day are UTC, RFC 3339. Names that end in Ms are milliseconds, in Seconds seconds. Shares are 0 to 1.
 * A member that is not known is absent; a list is empty rather than absent. Later versions of Weir may add members.
 */
export interface ReportDocument {
  format: "weir.report";
  version: 1;
  run: Run;
  verdict: Verdict;
  /** Conditions and thresholds, in the order of the configuration. */
  findings: Finding[];
  /** What speaks for or against trusting the measurement. */
  signals: Signal[];
  baseline: Baseline;
  timeline: Timeline;
  /** The first is all requests together (journey and request empty); then each row of the record. */
  requests: RequestRow[];
  /** Trends, counters, rates and gauges of the script and of Weir that are not about requests. */
  metrics: MetricRow[];
  checks: CheckRow[];
  slowest: Exchange[];
  failures: { total: number; examples: Exchange[] };
  unfinished: { total: number; examples: Exchange[] };
  scriptFailures: { total: number; examples: ScriptFailure[] };
  scenarios: Scenario[];
  generator: Generator;
  surroundings: Surroundings;
  warnings: string[];
  /** The team's tracing tool, with "{trace_id}" where the id goes. */
  traceUrl?: string;
}

export interface Run {
  id: string;
  weirVersion: string;
  suite?: string;
  script: string;
  environment?: string;
  baseUrl?: string;
  started: string;
  durationSeconds: number;
  /** A whole number of up to 64 bits, as text. */
  seed: string;
  /** "25 journeys per second for 1m". */
  load?: string;
  ending: { kind: string; words: string };
  commit?: string;
  branch?: string;
  artefact?: string;
  pipelineUrl?: string;
  /** Repeats of the same gate count up from 1. */
  attempt?: number;
  versions: SeenInstance[];
}

export interface SeenInstance {
  version: string;
  instance: string;
  firstSeenSeconds: number;
  answers: number;
  side?: "baseline" | "candidate";
}

export interface Verdict {
  /** "none" when nothing was asked: no condition, no threshold. */
  kind: "pass" | "fail" | "invalid" | "bypassed" | "none";
  allowed: boolean;
  /** One sentence for people: "deployment blocked: the service does not keep its conditions". */
  sentence: string;
  /** In the order that matters. */
  reasons: string[];
}

export interface Finding {
  condition: string;
  state: "held" | "missed" | "undecided";
  unit: "share" | "ms" | "per_second" | "plain";
  value: number;
  limit: number;
  samples: number;
  /** 99 % confidence. */
  interval?: [number, number];
  /** At the gate's error level; else the figure alone decided. */
  decided: boolean;
  aboutGenerator: boolean;
  words: string;
  journey?: string;
  request?: string;
  /** It compares with earlier runs. */
  aboutBaseline: boolean;
}

export interface Signal {
  name: string;
  weight: "hard" | "soft" | "against the service" | "note";
  words: string;
  who: string;
}

/** What the last runs of the same suite that passed looked like. */
export interface Baseline {
  runs: number;
  /** Why there is nothing to compare with, or that there is. */
  words: string;
  /** The newest run that the limits were drawn from: what was last known to be good. */
  lastGood?: { id: string; commit?: string; started: string };
  changes: BaselineChange[];
}

export interface BaselineChange {
  journey: string;
  request: string;
  figure: "median" | "p95";
  runs: number;
  usualMs: number;
  /** Where the next run would lie. */
  expectedMs: [number, number];
  limitMs: number;
  nowMs?: number;
  word: "slower" | "faster" | "as usual" | "too few answers";
}

/** One entry a window; all lists have the same length. */
export interface Timeline {
  widthSeconds: number;
  intended: number[];
  started: number[];
  finished: number[];
  dropped: number[];
  requests: number[];
  failed: number[];
  bytesReceived: number[];
  bytesSent: number[];
  users: number[];
}

export interface RequestRow {
  journey: string;
  /** The tag `name`. */
  request: string;
  group: string;
  side?: "baseline" | "candidate";
  /** Tags that tell this row from others, but for those above. */
  tags: Record<string, string>;
  /** Answered, failed or unfinished. */
  count: number;
  /** Answered otherwise than expected, or not at all; unfinished ones aside. */
  failed: number;
  /** Still under way when the run ended. */
  unfinished: number;
  perSecond: number;
  checksPassed: number;
  checksFailed: number;
  /** Status and how often; 0: no answer. */
  statuses: [number, number][];
  /** From the intended start, of answers that were expected. */
  responseTime?: Distribution;
  /** From the actual send. */
  serviceTime?: Distribution;
  /** In the order of an exchange: blocked, connecting, tls_handshaking, sending, waiting, receiving. */
  phases: { name: string; meanMs: number; p95Ms: number }[];
  /** What the target said of its own work (the header Server-Timing). */
  serverTiming: { name: string; count: number; meanMs: number; p95Ms: number }[];
  /** Response times by when a request was intended to start; null where there was none. */
  timeline: {
    count: number[];
    failed: number[];
    p50Ms: (number | null)[];
    p75Ms: (number | null)[];
    p90Ms: (number | null)[];
    p95Ms: (number | null)[];
    p99Ms: (number | null)[];
    maxMs: (number | null)[];
  };
}

export interface Distribution {
  count: number;
  meanMs: number;
  minMs: number;
  maxMs: number;
  p50Ms: number;
  p75Ms: number;
  p90Ms: number;
  p95Ms: number;
  p99Ms: number;
  p999Ms: number;
  /** HdrHistogram's percentile plot: share of answers at or below, and the time. Ascending; ends with [1, max]. */
  percentiles: [number, number][];
  /** From, to and how many; on a logarithmic scale, without empty ends. */
  histogram: [number, number, number][];
}

export interface MetricRow {
  name: string;
  type: "counter" | "gauge" | "rate" | "trend";
  contains: "default" | "time" | "data";
  /** By k6's names: count, rate, avg, min, med, max, p(90), p(95), p(99), value, passes, fails. Times in ms. */
  figures: Record<string, number>;
}

export interface CheckRow {
  name: string;
  group: string;
  passed: number;
  failed: number;
}

export interface Exchange {
  request: string;
  method: string;
  url: string;
  status: number;
  errorCode: number;
  error: string;
  traceId: string;
  scenario: string;
  startSeconds: number;
  responseMs: number;
  serviceMs: number;
  /** The header Server-Timing of the answer. */
  serverTiming: { name: string; ms?: number; description?: string }[];
}

export interface ScriptFailure {
  message: string;
  location: string;
  stack: string;
  count: number;
}

export interface Scenario {
  name: string;
  executor: string;
  openModel: boolean;
  offered: number;
  started: number;
  completed: number;
  threw: number;
  interrupted: number;
  late: number;
  dropped: number;
  usersMost: number;
}

export interface Generator {
  cores: number;
  workers: number;
  cpuShareMax: number;
  stealShareMax: number;
  loopStallMaxMs: number;
  loopStalls: number;
  arrivalsMissed: number;
  startDelayP99Ms: number;
  memoryMostBytes: number;
  descriptorsMost: number;
  samplesUnwritten: number;
  /** Telemetry that could not be delivered, by output. */
  telemetry: { output: string; sent: number; dropped: number; words: string }[];
  /** It ran on the target's machine, and shared its CPU. */
  onTarget: boolean;
}

export interface Surroundings {
  probed: {
    name: string;
    url: string;
    slowOverMs?: number;
    /** Seconds from the run's start, ms, status (0: no answer). */
    probes: [number, number, number][];
    lastError: string;
  }[];
  /**
   * What the target said of itself. Seconds from the run's start. cpuShare is of one core, so it may exceed 1;
   * machineCpuShare of all that its machine has. Since the reading before.
   */
  readings: { atSeconds: number; memoryBytes: number; cpuShare?: number; machineCpuShare?: number }[];
  facts: { name: string; value: number }[];
}
