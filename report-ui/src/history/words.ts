/** What a run came to, in a word and a mark that every part of the page uses alike. */
import { el } from '../ui/dom.ts';
import { moment, short } from '../ui/format.ts';
import { icon, type Icon } from '../ui/icons.ts';
import type { RunLine } from './document.ts';

export interface State {
  word: string;
  icon: Icon;
  /** Of the style sheet. */
  class: string;
}

export function stateOf(run: RunLine): State {
  if (run.state === 'running') return { word: 'running', icon: 'note', class: 'note' };
  if (run.state === 'abandoned') return { word: 'abandoned', icon: 'none', class: 'none' };
  if (run.bypass !== undefined) return { word: `${run.verdict ?? 'fail'}, bypassed`, icon: 'bypassed', class: 'bypassed' };
  switch (run.verdict) {
    case 'pass': return { word: 'pass', icon: 'pass', class: 'pass' };
    case 'fail': return { word: 'fail', icon: 'fail', class: 'fail' };
    default: return { word: 'invalid', icon: 'invalid', class: 'invalid' };
  }
}

export function badge(state: State): HTMLElement {
  return el('span', { class: `badge ${state.class}` }, icon(state.icon), state.word);
}

/** "24 Nov 2026, 08:29 UTC" */
export function when(run: RunLine): string {
  return moment(run.started).replace(/:\d\d UTC$/, ' UTC');
}

export function tested(run: RunLine): string | undefined {
  return run.commit === undefined ? undefined : short(run.commit);
}

/** One line for those who cannot see the mark. */
export function sentence(run: RunLine): string {
  const commit = tested(run);
  return `${stateOf(run).word}, ${when(run)}${commit === undefined ? '' : `, tested ${commit}`}`;
}
