/** A section of the report: a heading that the list of contents leads to, and what stands under it. */
import { append, el, type Child } from '../ui/dom.ts';

export interface Section {
  id: string;
  title: string;
  /** Short, for the list of contents. */
  short?: string;
  /** What the section is for, in a sentence. */
  lead?: Child;
  body: Child[];
}

export function section({ id, title, short, lead, body }: Section): HTMLElement {
  const element = el('section', { id, 'aria-labelledby': `${id}-title`, 'data-short': short }, el('h2', { id: `${id}-title` }, title));
  if (lead !== undefined && lead !== false && lead !== '') append(element, [el('p', { class: 'lead' }, lead)]);
  append(element, body);
  return element;
}

/** Names and what they are, side by side. What is unknown is left out. */
export function facts(list: [name: string, value: Child][], className = 'facts'): HTMLElement {
  return el('dl', { class: className }, list
    .filter(([, value]) => value !== undefined && value !== null && value !== false && value !== '')
    .map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

/** In place of a table or chart of nothing. */
export function nothing(words: string): HTMLElement {
  return el('p', { class: 'nothing' }, words);
}
