/** One run: why it came to its verdict, what it tested, and the way to its report. */
import { el, prose, type Child } from '../ui/dom.ts';
import { count, plural, short, span } from '../ui/format.ts';
import type { HistoryDocument, RunLine } from './document.ts';
import { badge, stateOf, when } from './words.ts';

function fact(name: string, value: Child): Child {
  if (value === undefined || value === null || value === false || value === '') return null;
  return el('div', {}, el('dt', {}, name), el('dd', {}, value));
}

function findings({ findings: { held, missed, undecided } }: RunLine): string | undefined {
  const parts = [[missed, 'missed'], [undecided, 'undecided'], [held, 'held']] as const;
  const some = parts.filter(([n]) => n > 0).map(([n, word]) => `${count(n)} ${word}`);
  return some.length > 0 ? some.join(', ') : undefined;
}

export function runDetails(document: HistoryDocument, run: RunLine): HTMLElement {
  const place = document.runs.indexOf(run);
  const deployment = document.deployments.find((each) => each.run === place);
  const commit = run.commit === undefined ? undefined : el('code', { title: run.commit }, short(run.commit));
  return el('article', { class: `run ${stateOf(run).class}`, id: 'run' },
    el('h3', {}, badge(stateOf(run)), ` ${when(run)}`),
    run.reasons.length > 0 && el('ul', { class: 'reasons' }, run.reasons.map((reason) => el('li', {}, prose(reason)))),
    run.state === 'abandoned' && el('p', {}, 'Its process ended before it had a verdict: it was killed, or its machine was.'),
    run.state === 'running' && el('p', {}, 'It is under way.'),
    el('p', { class: 'report-link' }, run.report !== undefined
      ? el('a', { class: 'button', href: run.report, target: '_blank', rel: 'noopener' }, 'Open its report')
      : run.noReport !== undefined && el('span', { class: 'muted' }, `No report: ${run.noReport}.`)),
    el('dl', { class: 'facts' },
      fact('Tested', commit === undefined ? undefined
        : deployment === undefined ? commit : [commit, ', in place of ', el('code', { title: deployment.from }, short(deployment.from))]),
      fact('Conditions', findings(run)),
      fact('Requests', run.requests.answered + run.requests.failed === 0 ? undefined
        : `${count(run.requests.answered)} answered as expected, ${count(run.requests.failed)} not`),
      fact('Load', run.load),
      fact('Lasted', run.durationSeconds === undefined ? undefined : span(run.durationSeconds)),
      fact('Attempt', run.attempt > 1 ? count(run.attempt) : undefined),
      fact('Bypass', run.bypass === undefined ? undefined : el('code', {}, run.bypass)),
      fact('Run', el('code', {}, run.id))),
    run.signals.length > 0 && el('details', {}, el('summary', {}, plural(run.signals.length, 'signal')),
      el('ul', {}, run.signals.map((signal) => el('li', {},
        el('strong', {}, signal.name), ': ', prose(signal.words), signal.who !== '' && ` Who should look: ${signal.who}.`)))));
}
