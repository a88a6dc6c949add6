/**
 * What `weir history serve` answers, version 1; docs/history.md shows examples. Written by src/report/team/.
 *
 * Times of day are UTC, RFC 3339. Names that end in Ms are milliseconds, in Seconds seconds. Shares are 0 to 1.
 * A member that is not known is absent; a list is empty rather than absent. Later versions of Weir may add members.
 */
interface Head {
  version: 1;
  /** When the store was read. */
  asOf: string;
  /** "absent": no gate has kept a run yet. */
  store: 'read' | 'absent';
}

/** api/suites: that with the newest run first. */
export interface SuitesDocument extends Head {
  format: 'weir.suites';
  suites: { suite: string; environment: string; runs: number; newest: string }[];
}

/** api/history?suite=&environment=&since=&last=: runs of one suite in one environment. */
export interface HistoryDocument extends Head {
  format: 'weir.history';
  suite: string;
  /** Empty: without a name. */
  environment: string;
  since?: string;
  /** So many runs at most. */
  last: number;
  /** There are older ones. */
  more: boolean;
  /** Oldest first. What is said of runs elsewhere in the document is in this order, or names places in it. */
  runs: RunLine[];
  /** Runs that tested something else than the one before. */
  deployments: { run: number; from: string; to: string }[];
  verdicts: Record<'pass' | 'fail' | 'invalid' | 'running' | 'abandoned' | 'bypassed', number>;
  /** Of the commits that were tested more than once. */
  flaky: Rate;
  /** Of the runs that ended. */
  invalid: Rate & { causes: { name: string; runs: number }[] };
  conditions: ConditionTrend[];
  requests: RequestTrend[];
}

export interface RunLine {
  id: string;
  started: string;
  state: 'finished' | 'running' | 'abandoned';
  /** Of a finished run. */
  verdict?: 'pass' | 'fail' | 'invalid';
  durationSeconds?: number;
  commit?: string;
  /** "25/s" */
  load?: string;
  /** Repeats of the same gate count up from 1. */
  attempt: number;
  /** The bypass that let it through. */
  bypass?: string;
  /** In the order that matters. */
  reasons: string[];
  findings: { held: number; missed: number; undecided: number };
  /** What kept it from being trusted, or spoke against the service. */
  signals: { name: string; weight: 'hard' | 'against the service'; words: string; who: string }[];
  requests: { answered: number; failed: number };
  /** The report, relative to the page. */
  report?: string;
  /** Why there is none. */
  noReport?: string;
}

export interface Rate {
  hits: number;
  of: number;
  share?: number;
  /** Wilson's, at `confidence`. */
  interval?: [number, number];
  confidence?: number;
  words: string;
}

/** A new level begins. */
export interface Change {
  run: number;
  /** The mean since the change before, and until the next. */
  before: number;
  after: number;
  /** What was deployed just then: a place in `deployments`. */
  deployment?: number;
  words: string;
}

/** Lists are as long as `runs`; null where a run did not measure it, or cannot be trusted. */
export interface ConditionTrend {
  condition: string;
  unit: 'share' | 'ms' | 'per_second' | 'plain';
  values: (number | null)[];
  limits: (number | null)[];
  intervals: ([number, number] | null)[];
  states: ('held' | 'missed' | 'undecided' | null)[];
  samples: number[];
  changes: Change[];
}

export interface RequestTrend {
  journey: string;
  request: string;
  answered: number[];
  medianMs: (number | null)[];
  p95Ms: (number | null)[];
  medianChanges: Change[];
  p95Changes: Change[];
}

/** api/bypasses?suite=&environment= */
export interface BypassesDocument extends Head {
  format: 'weir.bypasses';
  suite?: string;
  environment?: string;
  open: Bypass[];
  debts: Debt[];
  usedIn30Days: number;
  ledger: { rows: number; whole: boolean; words: string };
}

export interface Bypass {
  id: string;
  /** "not judged": who may ask and allow is not known to the server. */
  state: 'valid' | 'pending' | 'not judged';
  words: string;
  suite: string;
  environment: string;
  commit?: string;
  /** SHA-256. */
  artefact?: string;
  requester: string;
  approvers: string[];
  reason: string;
  incident?: string;
  impact: string;
  created: string;
  expires: string;
  uses: number;
  usedBy: string[];
  notes: string[];
}

export interface Debt {
  /** Of the ledger. */
  row: number;
  bypass: string;
  run: string;
  suite: string;
  environment: string;
  since: string;
  /** That must hold again; empty: a run must pass. */
  conditions: string[];
}

/** In place of a document, with a status of 400 and above. */
export interface Problem {
  format: 'weir.problem';
  version: 1;
  status: number;
  words: string;
}
