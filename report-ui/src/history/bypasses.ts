/** What may still be let through without a pass, and what was and must hold again. */
import { el, prose, type Child } from '../ui/dom.ts';
import { count, moment, plural, short } from '../ui/format.ts';
import { table } from '../ui/table.ts';
import type { Bypass, BypassesDocument, Debt } from './document.ts';

/** "in 2 h", "in 25 min"; of what is over: "3 min ago". */
export function distance(to: string, from: string): string {
  const minutes = Math.round((new Date(to).getTime() - new Date(from).getTime()) / 60_000);
  const size = Math.abs(minutes);
  const words = size < 60 ? `${size} min` : size < 48 * 60 ? `${Math.floor(size / 60)} h${size % 60 === 0 ? '' : ` ${size % 60} min`}`
    : `${Math.floor(size / 1440)} days`;
  return minutes >= 0 ? `in ${words}` : `${words} ago`;
}

function boundTo(bypass: Bypass): Child[] {
  const commit = bypass.commit !== undefined && ['commit ', el('code', { title: bypass.commit }, short(bypass.commit))];
  const artefact = bypass.artefact !== undefined && ['artefact ', el('code', { title: bypass.artefact }, `sha256:${bypass.artefact.slice(0, 12)}…`)];
  return [commit, commit !== false && artefact !== false && ' and ', artefact];
}

function open(document: BypassesDocument): HTMLElement {
  return table<Bypass>({
    caption: 'Open bypasses',
    rows: document.open,
    sort: { column: 2, descending: false },
    columns: [
      { title: 'Bypass', by: (row) => row.id, cell: (row) => [el('code', {}, row.id), el('br'), el('span', { class: 'muted' }, `${row.suite}${row.environment === '' ? '' : ` in ${row.environment}`}`)] },
      { title: 'State', by: (row) => row.state, cell: (row) => [el('strong', {}, row.state), `: ${row.words}`] },
      { title: 'Ends', by: (row) => row.expires, cell: (row) => [distance(row.expires, document.asOf), el('br'), el('span', { class: 'muted' }, moment(row.expires))] },
      { title: 'For', cell: boundTo },
      { title: 'Why', cell: (row) => [row.reason, el('br'), el('span', { class: 'muted' }, `Users: ${row.impact}${row.incident === undefined ? '' : ` (${row.incident})`}`)] },
      { title: 'Who', by: (row) => row.requester, cell: (row) => `asked by ${row.requester}${row.approvers.length === 0 ? ', approved by nobody yet' : `, approved by ${row.approvers.join(', ')}`}` },
      { title: 'Uses', number: true, by: (row) => row.usedBy.length, cell: (row) => `${count(row.usedBy.length)} of ${count(row.uses)}` },
    ],
  });
}

function debts(document: BypassesDocument): HTMLElement {
  return table<Debt>({
    caption: 'Debts',
    rows: document.debts,
    sort: { column: 1, descending: false },
    columns: [
      { title: 'Of', by: (row) => row.bypass, cell: (row) => [el('code', {}, row.bypass), el('br'), el('span', { class: 'muted' }, `${row.suite}${row.environment === '' ? '' : ` in ${row.environment}`}`)] },
      { title: 'Since', by: (row) => row.since, cell: (row) => [distance(row.since, document.asOf), el('br'), el('span', { class: 'muted' }, moment(row.since))] },
      { title: 'Must hold again', cell: (row) => row.conditions.length === 0 ? 'a run must pass' : el('ul', {}, row.conditions.map((condition) => el('li', {}, prose(condition)))) },
      { title: 'Let through', by: (row) => row.run, cell: (row) => el('code', {}, row.run) },
    ],
  });
}

export function bypassParts(document: BypassesDocument): Child[] {
  const { ledger, usedIn30Days: used } = document;
  return [
    !ledger.whole && el('p', { class: 'fail trouble-words', role: 'alert' }, `${ledger.words}. No bypass counts until that is cleared up: “weir ledger verify”.`),
    el('h3', {}, 'Open bypasses'),
    document.open.length > 0 ? open(document) : el('p', { class: 'nothing' }, 'None: nothing goes through without a pass.'),
    el('h3', {}, 'Debts'),
    document.debts.length > 0 ? debts(document) : el('p', { class: 'nothing' }, 'None: whatever was let through holds again.'),
    el('p', { class: 'muted' }, used === 0 ? 'No bypass was used in the last 30 days. '
      : `${plural(used, 'bypass', 'bypasses')} used in the last 30 days${used > 1 ? ': more than one a month is a finding about the tests' : ''}. `,
    ledger.whole && `${ledger.words.charAt(0).toUpperCase()}${ledger.words.slice(1)}.`),
  ];
}
