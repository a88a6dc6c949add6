/** The answers that a reader wants before any chart: what, how much, since when, how sure, and what to do next. */
import type { BaselineChange, Finding, ReportDocument, Signal } from '../document.ts';
import { duration, figure, moment, ratio, short } from '../ui/format.ts';
import { slowdown } from './rows.ts';

export interface Answer {
  id: 'where' | 'asked' | 'slower' | 'since' | 'sure' | 'sound' | 'next';
  question: string;
  /** `names` in backquotes. */
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

/** The change that stands out most: of the request that missed, if it has one. */
export function mainChange(document: ReportDocument): BaselineChange | undefined {
  const request = mainFinding(document)?.request;
  const slower = document.baseline.changes.filter((change) => change.word === 'slower');
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

function sure(finding: Finding): string {
  const interval = intervalWords(finding);
  const range = interval === undefined ? '' : ` A repeat would lie at ${interval} (99 % interval); the limit is ${figure(finding.limit, finding.unit)}.`;
  return finding.decided
    ? `Decided, beyond what chance explains, on ${figure(finding.samples, 'plain')} samples.${range}`
    : `Not decided: the figure alone, of ${figure(finding.samples, 'plain')} samples, spoke.${range}`;
}

function since(document: ReportDocument): string | undefined {
  const good = document.baseline.lastGood;
  if (good === undefined) return undefined;
  const last = good.commit === undefined ? `run \`${good.id}\`` : `commit \`${short(good.commit)}\``;
  const now = document.run.commit === undefined ? '' : ` This run tested \`${short(document.run.commit)}\`.`;
  return `Last good: ${last} (${moment(good.started)}).${now}`;
}

function sound(document: ReportDocument): string {
  const against = doubts(document);
  if (against.length === 0) {
    return document.generator.onTarget
      ? 'Yes: no signal against it, and the load was offered as planned.'
      : 'No signal against it, but the load was not offered as planned.';
  }
  const hard = against.filter((signal) => signal.weight === 'hard');
  const names = (hard.length > 0 ? hard : against).map((signal) => signal.name).join(', ');
  return hard.length > 0 ? `No: ${names}.` : `With reservations: ${names}.`;
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

export function inShort(document: ReportDocument): Answer[] {
  const answers: Answer[] = [];
  const add = (id: Answer['id'], question: string, words: string | undefined) => {
    if (words !== undefined && words !== '') answers.push({ id, question, words });
  };
  const { kind } = document.verdict;
  if (kind === 'pass' || kind === 'none') {
    const slower = mainChange(document);
    if (slower !== undefined) add('slower', 'Slower than usual?', changeWords(slower));
    if (kind === 'pass') add('sound', 'Was the measurement sound?', sound(document));
    return answers;
  }
  const finding = mainFinding(document);
  if (finding !== undefined) {
    if (finding.request !== undefined && finding.request !== '') add('where', 'Where?', `\`${finding.request}\``);
    add('asked', 'What was asked, what came?', `${finding.condition}: ${figure(finding.value, finding.unit)}, limit ${figure(finding.limit, finding.unit)}.`);
  }
  const change = mainChange(document);
  add('slower', 'How much slower?', change === undefined
    ? document.baseline.runs === 0 ? 'Unknown: there is no earlier run to compare with.' : undefined
    : changeWords(change));
  if (kind !== 'invalid') add('since', 'Since which change?', since(document));
  if (finding !== undefined) add('sure', 'How sure is that?', sure(finding));
  add('sound', 'Was the measurement sound?', sound(document));
  add('next', 'What to do next?', next(document));
  return answers;
}

export function changeWords(change: BaselineChange): string {
  const figureName = change.figure === 'median' ? 'median' : '95 % of answers within';
  return `\`${change.request}\` takes ${ratio(slowdown(change))} as long: ${figureName} ${duration(change.nowMs)}, usually ${duration(change.usualMs)} (last ${change.runs} good runs).`;
}
