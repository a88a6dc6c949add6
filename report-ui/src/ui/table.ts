/** A table that sorts by its headings and filters by words; long ones show their beginning first. */
import { append, el, freshId, visuallyHidden, type Child } from './dom.ts';

export interface Column<Row> {
  title: string;
  /** What stands in the cell. */
  cell: (row: Row) => Child;
  /** What the column sorts by; without it, it does not. Undefined goes last either way. */
  by?: (row: Row) => number | string | undefined;
  /** Figures stand at the right. */
  number?: boolean;
  /** Explains the heading. */
  hint?: string;
}

export interface TableOptions<Row> {
  /** Names the table for those who cannot see where it stands. */
  caption: string;
  /** The first column names the row. */
  columns: Column<Row>[];
  rows: readonly Row[];
  sort?: { column: number; descending: boolean };
  /** The words of a row that the filter looks in; without it there is none, nor where all is seen at a glance. */
  words?: (row: Row) => string;
  /** A filter however few rows there are. */
  filter?: boolean;
  /** Additional choice: rows of one group. */
  group?: { title: string; of: (row: Row) => string };
  /** So many rows are shown until all are asked for. */
  first?: number;
}

/** So many rows are seen at a glance. */
const GLANCE = 10;

function order(a: number | string | undefined, b: number | string | undefined, descending: boolean): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  const ascending = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en');
  return descending ? -ascending : ascending;
}

export function table<Row>(options: TableOptions<Row>): HTMLElement {
  const { columns, rows, first = 50 } = options;
  let sort = options.sort;
  let needle = '';
  let group: string | undefined;
  let all = false;
  const made = new Map<Row, HTMLTableRowElement>();

  const body = el('tbody');
  const said = el('p', { class: 'said', role: 'status' });
  const more = el('button', { type: 'button', class: 'quiet', on: { click: () => { all = true; show(); } } });
  const heads = columns.map((column, i) => {
    const head = el('th', { scope: 'col', class: column.number ? 'number' : undefined });
    if (column.by === undefined) {
      append(head, [column.title]);
    } else {
      head.append(el('button', {
        type: 'button', class: 'sort', title: column.hint,
        on: { click: () => { sort = next(i); show(); } },
      }, column.title, el('span', { class: 'arrow', 'aria-hidden': 'true' })));
    }
    return head;
  });

  // Figures are looked at from the largest, names from A.
  function next(column: number): { column: number; descending: boolean } {
    if (sort?.column === column) return { column, descending: !sort.descending };
    return { column, descending: columns[column]?.number === true };
  }

  function line(row: Row): HTMLTableRowElement {
    let tr = made.get(row);
    if (tr === undefined) {
      tr = el('tr', {}, columns.map((column, i) => el(i === 0 ? 'th' : 'td', {
        scope: i === 0 ? 'row' : undefined, class: column.number ? 'number' : undefined,
      }, column.cell(row))));
      made.set(row, tr);
    }
    return tr;
  }

  function chosen(): Row[] {
    const wanted = needle.toLowerCase().split(/\s+/).filter((word) => word !== '');
    let found = rows.filter((row) => {
      if (group !== undefined && options.group?.of(row) !== group) return false;
      if (wanted.length === 0 || options.words === undefined) return true;
      const words = options.words(row).toLowerCase();
      return wanted.every((word) => words.includes(word));
    });
    const by = sort === undefined ? undefined : columns[sort.column]?.by;
    if (by !== undefined) {
      const { descending } = sort as { descending: boolean };
      found = found.map((row, i) => ({ row, i, key: by(row) }))
        .sort((a, b) => order(a.key, b.key, descending) || a.i - b.i)
        .map(({ row }) => row);
    }
    return found;
  }

  function show(): void {
    const found = chosen();
    const shown = all ? found : found.slice(0, first);
    body.replaceChildren(...shown.map(line));
    heads.forEach((head, i) => {
      if (sort?.column === i) head.setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    more.hidden = shown.length === found.length;
    more.textContent = `Show all ${found.length} rows`;
    const filtered = needle !== '' || group !== undefined;
    said.textContent = filtered ? `${found.length} of ${rows.length} rows` : '';
  }

  function controls(): Child {
    const parts: Child[] = [];
    if (options.words !== undefined && (options.filter || rows.length > GLANCE)) {
      const id = freshId('filter');
      parts.push(el('span', { class: 'control' }, el('label', { for: id }, 'Filter'), el('input', {
        id, type: 'search', placeholder: 'words', autocomplete: 'off', spellcheck: 'false',
        on: { input: (event) => { needle = (event.target as HTMLInputElement).value; show(); } },
      })));
    }
    const of = options.group?.of;
    const groups = of === undefined ? [] : [...new Set(rows.map(of))].sort();
    if (groups.length > 1) {
      const id = freshId('group');
      const select = el('select', { id }, el('option', { value: '' }, 'all'),
        groups.map((name, i) => el('option', { value: String(i + 1) }, name === '' ? '(none)' : name)));
      select.addEventListener('change', () => {
        group = select.selectedIndex === 0 ? undefined : groups[select.selectedIndex - 1];
        show();
      });
      parts.push(el('span', { class: 'control' }, el('label', { for: id }, options.group?.title), select));
    }
    return parts.length > 0 && el('div', { class: 'controls' }, parts, said);
  }

  show();
  // Wide tables scroll within themselves; a keyboard reaches them to do so.
  return el('div', { class: 'table' }, controls(),
    el('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': `Table: ${options.caption}` },
      el('table', {}, el('caption', {}, visuallyHidden(options.caption)), el('thead', {}, el('tr', {}, heads)), body)),
    more);
}
