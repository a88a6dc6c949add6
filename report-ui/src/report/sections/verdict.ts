/** The top of the report: the verdict in a sentence, its reasons, the answers in short, and which run this is. */
import type { ReportDocument, Verdict } from '../../document.ts';
import { el, link, prose, type Child } from '../../ui/dom.ts';
import { moment, sentence, short, span } from '../../ui/format.ts';
import { icon } from '../../ui/icons.ts';
import { inShort } from '../in_short.ts';
import { facts } from '../section.ts';

const WORDS: Record<Verdict['kind'], string> = {
  pass: 'Pass', fail: 'Fail', invalid: 'Invalid', bypassed: 'Bypassed', none: 'Not judged',
};

/** So many reasons are taken in at once; they stand in the order that matters. */
const FIRST = 4;

export function verdictSection(document: ReportDocument): HTMLElement {
  const { verdict } = document;
  const reasons = verdict.reasons;
  const answers = inShort(document);
  return el('section', { id: 'verdict', class: `verdict ${verdict.kind}`, 'aria-labelledby': 'verdict-title' },
    el('div', { class: 'headline' },
      icon(verdict.kind),
      el('div', {},
        el('p', { class: 'kind' }, WORDS[verdict.kind]),
        el('h1', { id: 'verdict-title' }, sentence(verdict.sentence)))),
    reasons.length > 0 && el('div', { class: 'reasons' },
      el('h2', {}, 'Because'),
      el('ul', {}, reasons.slice(0, FIRST).map((reason) => el('li', {}, prose(reason)))),
      reasons.length > FIRST && el('details', {}, el('summary', {}, `${reasons.length - FIRST} more`),
        el('ul', {}, reasons.slice(FIRST).map((reason) => el('li', {}, prose(reason)))))),
    answers.length > 0 && el('div', { class: 'short' },
      el('h2', { class: 'visually-hidden' }, 'In short'),
      el('dl', {}, answers.map((answer) => el('div', { id: `short-${answer.id}` },
        el('dt', {}, answer.question),
        answer.headline !== undefined && el('dd', { class: 'answer' }, prose(answer.headline)),
        answer.words !== '' && el('dd', {}, prose(answer.words)))))));
}

function versions(document: ReportDocument): Child {
  const names = [...new Set(document.run.versions.map((seen) =>
    (seen.side === undefined ? seen.version : `${seen.version} (${seen.side})`)))];
  return names.filter((name) => name !== '').join(', ');
}

/** Which run this was, in one strip under the verdict. */
export function runStrip(document: ReportDocument): HTMLElement {
  const { run } = document;
  const commit = run.commit === undefined ? undefined : el('code', { title: run.commit }, short(run.commit));
  const pipeline = run.pipelineUrl === undefined || run.pipelineUrl === '' ? undefined : link(run.pipelineUrl, 'pipeline');
  return facts([
    ['Commit', commit && [commit, run.branch !== undefined && ` on ${run.branch}`, pipeline && [' · ', pipeline]]],
    ['Environment', run.environment],
    ['Version that answered', versions(document)],
    ['Started', moment(run.started)],
    ['Lasted', span(run.durationSeconds)],
    ['Load', run.load],
    ['Attempt', run.attempt !== undefined && run.attempt > 1 ? String(run.attempt) : undefined],
  ], 'strip');
}
