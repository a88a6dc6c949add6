/** The answers that a reader wants before any chart: what, how much, since when, how sure, and what to do next. */
import type { BaselineChange, Finding, ReportDocument, Signal } from '../document.ts';
import { duration, figure, limit, moment, plural, ratio, short } from '../ui/format.ts';
import { slowdown } from './rows.ts';

export interface Answer {
  id: 'where' | 'asked' | 'slower' | 'since' | 'sure' | 'sound' | 'next';
  question: string;
  /** The answer in a word or a figure; `names` in backquotes, as in the words. */
  headline?: string;
  words: string;
}

/** The condition that the verdict is about: missed, decided, of the service; a share or a time before others. */
export function mainFinding(document: ReportDocument): Finding | undefined {
  const rank = (finding: Finding) => (finding.decided ? 0 : 8) + (finding.aboutBaseline ? 4 : 0) +
    (finding.request === undefined || finding.request === '' ? 2 : 0) + (finding.unit === 'plain' ? 1 : 0);
  const missed = document.findings.filter((finding) => finding.state === 'missed' && !finding.aboutGenerator);
  return missed.map((finding, i) => ({ finding, i }))
    .sort((a, b) => rank(a.finding) - rank(b.finding) || a.i - b.i)[0]?.finding;
}

/** Slower, or it would be said to be so if more answers had come: an outage leaves few. */
function isSlower(change: BaselineChange): boolean {
  return change.word === 'slower' || (change.word === 'too few answers' && (change.nowMs ?? 0) > change.limitMs);
}

/** The change that stands out most: of the request that missed, if it has one. */
export function mainChange(document: ReportDocument): BaselineChange | undefined {
  const request = mainFinding(document)?.request;
  const slower = document.baseline.changes.filter(isSlower);
  const own = slower.filter((change) => change.request === request);
  return (own.length > 0 ? own : slower).sort((a, b) => (slowdown(b) ?? 0) - (slowdown(a) ?? 0))[0];
}

export function intervalWords(finding: Finding): string | undefined {
  if (finding.interval === undefined) return undefined;
  const [low, high] = finding.interval;
  return `${figure(low, finding.unit)} to ${figure(high, finding.unit)}`;
}

/** Signals that speak against trusting the measurement. */
export function doubts(document: ReportDocument): Signal[] {
  return document.signals.filter((signal) => signal.weight === 'hard' || signal.weight === 'soft');
}

const GENERATOR = /generator|arrivals missed|CPU time stolen|ports exhausted|descriptors exhausted|too few users/i;

/** Signals that the load generator was in trouble itself. */
export function generatorTrouble(document: ReportDocument): Signal[] {
  return doubts(document).filter((signal) => GENERATOR.test(signal.name));
}

type Told = Pick<Answer, 'headline' | 'words'>;

function sure(finding: Finding): Told {
  const interval = intervalWords(finding);
  const range = interval === undefined ? '' : ` A repeat would lie at ${interval} (99 % interval); the limit is ${limit(finding.limit, finding.unit)}.`;
  return finding.decided
    ? { headline: 'Beyond chance', words: `Decided, on ${figure(finding.samples, 'plain')} samples.${range}` }
    : { headline: 'Not decided', words: `The figure alone, of ${figure(finding.samples, 'plain')} samples, spoke.${range}` };
}

function since(document: ReportDocument): Told | undefined {
  const good = document.baseline.lastGood;
  if (good === undefined) return undefined;
  const last = good.commit === undefined ? `run \`${good.id}\`` : `commit \`${short(good.commit)}\``;
  const now = document.run.commit === undefined ? '' : ` This run tested \`${short(document.run.commit)}\`.`;
  return {
    headline: good.commit === undefined || document.run.commit === undefined ? `After ${last}`
      : `\`${short(good.commit)}..${short(document.run.commit)}\``,
    words: `Last good: ${last} of ${moment(good.started)}.${now}`,
  };
}

function sound(document: ReportDocument): Told {
  const against = doubts(document);
  if (against.length === 0) return { headline: 'Yes', words: 'No signal against it, and the load generator kept up.' };
  const hard = against.filter((signal) => signal.weight === 'hard');
  const names = (hard.length > 0 ? hard : against).map((signal) => signal.name).join(', ');
  return { headline: hard.length > 0 ? 'No' : 'With reservations', words: `${names.charAt(0).toUpperCase()}${names.slice(1)}.` };
}

function next(document: ReportDocument): string | undefined {
  const { kind } = document.verdict;
  const who = (weights: Signal['weight'][]) => [...new Set(document.signals
    .filter((signal) => weights.includes(signal.weight) && signal.who !== '').map((signal) => signal.who))].join('; ');
  if (kind === 'invalid') {
    const asked = who(['hard']) || who(['soft']);
    return `It says nothing about the service.${asked === '' ? '' : ` Who should look: ${asked}.`} Then run the gate again.`;
  }
  if (kind === 'fail' || kind === 'bypassed') {
    const asked = who(['against the service']) || 'the service’s developers';
    const range = document.baseline.lastGood?.commit !== undefined && document.run.commit !== undefined
      ? `read what changed in \`${short(document.baseline.lastGood.commit)}..${short(document.run.commit)}\`` : 'read what changed since the last good run';
    const slow = document.slowest.some((one) => one.traceId !== '') ? ', and follow the trace of a slow exchange below' : '';
    return `Who should look: ${asked}. They ${range}${slow}.`;
  }
  return undefined;
}

function slower(document: ReportDocument): Told | undefined {
  const change = mainChange(document);
  if (change !== undefined) return changeWords(change);
  return document.baseline.runs === 0 ? { headline: 'Unknown', words: 'There is no earlier run to compare with.' } : undefined;
}

/** No request became slower: which came closest to it. */
function asUsual(document: ReportDocument): Told | undefined {
  const change = document.baseline.changes.filter((one) => slowdown(one) !== undefined)
    .sort((a, b) => (slowdown(b) ?? 0) - (slowdown(a) ?? 0))[0];
  return change === undefined ? undefined : { headline: 'No', words: `At most ${changeWords(change).headline}: ${changeWords(change).words}` };
}

function allDecided(document: ReportDocument): Told | undefined {
  // Thresholds are judged by their figure, so nobody asks of them whether they were decided.
  const asked = document.findings.filter((finding) => !finding.aboutGenerator && finding.interval !== undefined);
  if (asked.length === 0) return undefined;
  const weak = asked.filter((finding) => !finding.decided);
  return weak.length === 0
    ? { headline: 'Beyond chance', words: `${asked.length === 1 ? 'The condition is' : `All ${plural(asked.length, 'condition')} are`} decided, on ${figure(Math.min(...asked.map((one) => one.samples)), 'plain')} samples or more.` }
    : { headline: 'Not decided', words: `Of ${weak[0]!.condition}${weak.length > 1 ? ` and ${weak.length - 1} more` : ''} the figure alone spoke: a longer run would say more.` };
}

/** What came, and what was asked. */
function asked(finding: Finding): Told {
  return { headline: figure(finding.value, finding.unit), words: `${finding.condition}; limit ${limit(finding.limit, finding.unit)}` };
}

export function inShort(document: ReportDocument): Answer[] {
  const answers: Answer[] = [];
  const add = (id: Answer['id'], question: string, told: Told | undefined) => {
    if (told !== undefined) answers.push({ id, question, ...told });
  };
  const { kind } = document.verdict;
  if (kind === 'pass' || kind === 'none') {
    add('slower', 'Slower than usual?', mainChange(document) === undefined ? asUsual(document) : slower(document));
    add('sure', 'How sure is that?', allDecided(document));
    if (kind === 'pass') add('sound', 'Was the measurement sound?', sound(document));
    return answers;
  }
  const finding = mainFinding(document);
  if (finding?.request !== undefined && finding.request !== '') {
    add('where', 'Where?', { headline: `\`${finding.request}\``, words: finding.journey === undefined || finding.journey === '' ? '' : `in ${finding.journey}` });
  }
  if (finding !== undefined) add('asked', 'What came, what was asked?', asked(finding));
  add('slower', 'How much slower?', slower(document));
  if (kind !== 'invalid') add('since', 'Since which change?', since(document));
  if (finding !== undefined) add('sure', 'How sure is that?', sure(finding));
  add('sound', 'Was the measurement sound?', sound(document));
  const then = next(document);
  if (then !== undefined) add('next', 'What to do next?', { words: then });
  return answers;
}

export function changeWords(change: BaselineChange): Told {
  const figureName = change.figure === 'median' ? 'median' : '95 % of answers within';
  return {
    headline: `${ratio(slowdown(change))} as long`,
    words: `\`${change.request}\`: ${figureName} ${duration(change.nowMs)}, usually ${duration(change.usualMs)} (last ${change.runs} good runs).${change.word === 'too few answers' ? ' Few answers came at all.' : ''}`,
  };
}
