/**
 * The verdicts in the order of time, a mark for each run: a group of which one is chosen, with the arrow keys as well.
 * A bar before a run says that something else was deployed.
 */
import { el, svg, visuallyHidden } from '../ui/dom.ts';
import { plural, short } from '../ui/format.ts';
import { icon } from '../ui/icons.ts';
import type { HistoryDocument } from './document.ts';
import { sentence, stateOf } from './words.ts';

export interface Strip {
  readonly element: HTMLElement;
}

const LEGEND = [
  { word: 'pass', icon: 'pass', class: 'pass' }, { word: 'fail', icon: 'fail', class: 'fail' },
  { word: 'invalid', icon: 'invalid', class: 'invalid' }, { word: 'bypassed', icon: 'bypassed', class: 'bypassed' },
  { word: 'running', icon: 'note', class: 'note' }, { word: 'abandoned', icon: 'none', class: 'none' },
] as const;

export function strip(document: HistoryDocument, chosen: string | undefined, choose: (id: string) => void): Strip {
  const deployed = new Map(document.deployments.map((each) => [each.run, each]));
  const buttons = document.runs.map((run, i) => {
    const state = stateOf(run);
    const change = deployed.get(i);
    const words = `${sentence(run)}${change === undefined ? '' : `, the first of ${short(change.to)}`}`;
    return el('button', {
      type: 'button', role: 'radio', class: `mark ${state.class}${change === undefined ? '' : ' deployed'}`,
      title: words, 'aria-label': words, 'aria-checked': String(run.id === chosen), 'data-run': run.id,
      tabindex: run.id === chosen ? '0' : '-1',
    }, icon(state.icon));
  });

  function select(i: number): void {
    const button = buttons[i];
    const run = document.runs[i];
    if (button === undefined || run === undefined) return;
    buttons.forEach((each, at) => {
      each.setAttribute('aria-checked', String(at === i));
      each.tabIndex = at === i ? 0 : -1;
    });
    button.focus();
    choose(run.id);
  }

  buttons.forEach((button, i) => {
    button.addEventListener('click', () => select(i));
    button.addEventListener('keydown', (event) => {
      const to = { ArrowRight: i + 1, ArrowDown: i + 1, ArrowLeft: i - 1, ArrowUp: i - 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      select(Math.min(buttons.length - 1, Math.max(0, to)));
    });
  });

  const there = new Set(document.runs.map((run) => stateOf(run).icon));
  return {
    element: el('div', {},
      el('div', { class: 'strip', role: 'radiogroup', 'aria-label': `${plural(document.runs.length, 'run')}, oldest first` }, buttons),
      el('p', { class: 'strip-legend muted', 'aria-hidden': 'true' },
        'oldest first · ',
        LEGEND.filter((each) => there.has(each.icon)).map((each) =>
          el('span', { class: `key ${each.class}` }, icon(each.icon), each.word)),
        document.deployments.length > 0 && el('span', { class: 'key' }, bar(), 'something else deployed')),
      visuallyHidden('The arrow keys go from run to run.')),
  };
}

function bar(): SVGElement {
  return svg('svg', { viewBox: '0 0 8 24', class: 'icon bar', 'aria-hidden': 'true' },
    svg('path', { d: 'M4 2v20', stroke: 'currentColor', 'stroke-width': '3', fill: 'none' }));
}
