/** The row of requests that the charts show: chosen in one select, or by its name in the table. */
import type { ReportDocument, RequestRow } from '../document.ts';
import { el, freshId } from '../ui/dom.ts';
import { nameOf } from './rows.ts';

export class Selection {
  private readonly listeners: ((row: RequestRow) => void)[] = [];
  private readonly selects: HTMLSelectElement[] = [];
  private chosen: RequestRow;

  constructor(private readonly document: ReportDocument, first: RequestRow) {
    this.chosen = first;
  }

  get row(): RequestRow {
    return this.chosen;
  }

  onChange(listener: (row: RequestRow) => void): void {
    this.listeners.push(listener);
  }

  choose(row: RequestRow): void {
    this.chosen = row;
    const index = this.document.requests.indexOf(row);
    for (const select of this.selects) select.selectedIndex = index;
    for (const listener of this.listeners) listener(row);
  }

  /** A select with its label; all selects of a page show the same choice. */
  control(): HTMLElement {
    const id = freshId('request');
    const select = el('select', { id, class: 'request-select' }, this.document.requests.map((row, i) =>
      el('option', { value: String(i) }, nameOf(row, this.document))));
    select.selectedIndex = this.document.requests.indexOf(this.chosen);
    select.addEventListener('change', () => {
      const row = this.document.requests[select.selectedIndex];
      if (row !== undefined) this.choose(row);
    });
    this.selects.push(select);
    return el('div', { class: 'controls' }, el('label', { for: id }, 'Request'), select);
  }
}
