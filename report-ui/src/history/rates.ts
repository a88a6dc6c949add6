/** How often the gate said what, and how far it can be trusted: figures with their words. */
import { el, type Child } from '../ui/dom.ts';
import { count, plural } from '../ui/format.ts';
import { icon, type Icon } from '../ui/icons.ts';
import type { HistoryDocument, Rate } from './document.ts';

function tile(name: string, figure: string, words: Child, mark?: { icon: Icon; class: string }): HTMLElement {
  return el('div', { class: `tile ${mark?.class ?? ''}` },
    el('dt', {}, name),
    el('dd', {}, el('span', { class: 'figure' }, mark !== undefined && icon(mark.icon), figure), el('span', { class: 'muted' }, words)));
}

function rate(value: Rate): string {
  if (value.share === undefined) return '–';
  return value.hits > 0 && value.share < 0.005 ? '< 1 %' : `${Math.round(value.share * 100)} %`;
}

export function rates(document: HistoryDocument): HTMLElement {
  const { verdicts, flaky, invalid } = document;
  const ended = verdicts.pass + verdicts.fail + verdicts.invalid;
  const rest = [
    verdicts.running > 0 && `${count(verdicts.running)} under way`,
    verdicts.abandoned > 0 && `${count(verdicts.abandoned)} abandoned`,
    verdicts.bypassed > 0 && `${count(verdicts.bypassed)} let through by a bypass`,
  ].filter((part) => part !== false);
  return el('dl', { class: 'tiles' },
    tile('Passed', count(verdicts.pass), `of ${plural(ended, 'run')} with a verdict`, { icon: 'pass', class: 'pass' }),
    tile('Failed', count(verdicts.fail), 'the service missed a condition', { icon: 'fail', class: 'fail' }),
    tile('Invalid', rate(invalid), [`${invalid.words}.`,
      invalid.causes.length > 0 && el('ul', { class: 'causes' }, invalid.causes.map((cause) =>
        el('li', {}, `${plural(cause.runs, 'run')}: ${cause.name}`)))], { icon: 'invalid', class: 'invalid' }),
    tile('Flaky', rate(flaky), `${flaky.words}.`),
    tile('Coverage', 'not measured', 'Weir does not yet compare journeys with what users do.'),
    rest.length > 0 && tile('Others', count(verdicts.running + verdicts.abandoned + verdicts.bypassed), rest.join(', ')));
}
