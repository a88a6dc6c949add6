/** The table of requests by name and group, and where their time went. */
import type { ReportDocument, RequestRow } from '../../document.ts';
import { el, type Child } from '../../ui/dom.ts';
import { count, duration, perSecond, share } from '../../ui/format.ts';
import { table, type Column } from '../../ui/table.ts';
import { groupName, isAll, nameOf } from '../rows.ts';
import { nothing, section } from '../section.ts';
import type { Selection } from '../selection.ts';

function statuses(row: RequestRow): string {
  return row.statuses.map(([status, n]) => `${status === 0 ? 'no answer' : status} × ${count(n)}`).join(', ');
}

const failedShare = (row: RequestRow) => (row.count === 0 ? undefined : row.failed / row.count);

export function requestsSection(document: ReportDocument, selection: Selection | undefined): HTMLElement {
  const time = (title: string, of: (row: RequestRow) => number | undefined): Column<RequestRow> =>
    ({ title, cell: (row) => duration(of(row)), by: of, number: true });
  const named = (row: RequestRow): Child => selection === undefined ? nameOf(row, document) : el('button', {
    type: 'button', class: 'name', title: 'Show in the charts',
    on: { click: () => { selection.choose(row); window.document.getElementById('time')?.scrollIntoView(); } },
  }, nameOf(row, document));
  return section({
    id: 'requests',
    title: 'Requests',
    lead: document.requests.length > 0 && 'Response time counts from the intended start, of answers that were expected. A name shows its charts.',
    body: [document.requests.length === 0 ? nothing('No request was sent.') : table<RequestRow>({
      caption: 'Requests by name and group',
      rows: document.requests,
      filter: true,
      words: (row) => `${nameOf(row, document)} ${row.journey} ${row.group} ${statuses(row)}`,
      group: { title: 'Group', of: (row) => groupName(row.group) },
      columns: [
        { title: 'Request', cell: named, by: (row) => nameOf(row, document) },
        ...(document.requests.some((row) => row.group !== '') ? [{ title: 'Group', cell: (row: RequestRow) => groupName(row.group), by: (row: RequestRow) => row.group }] : []),
        { title: 'Count', cell: (row) => count(row.count), by: (row) => row.count, number: true },
        { title: 'Rate', cell: (row) => perSecond(row.perSecond), by: (row) => row.perSecond, number: true },
        {
          title: 'Failed', by: failedShare, number: true, cell: (row) => row.failed === 0 ? '0'
            : el('span', { class: 'bad' }, `${count(row.failed)} (${share(failedShare(row))})`),
        },
        { title: 'Unfinished', cell: (row) => count(row.unfinished), by: (row) => row.unfinished, number: true },
        time('Mean', (row) => row.responseTime?.meanMs), time('p50', (row) => row.responseTime?.p50Ms),
        time('p90', (row) => row.responseTime?.p90Ms), time('p95', (row) => row.responseTime?.p95Ms),
        time('p99', (row) => row.responseTime?.p99Ms), time('p99.9', (row) => row.responseTime?.p999Ms),
        time('Max', (row) => row.responseTime?.maxMs),
        { ...time('Service p95', (row) => row.serviceTime?.p95Ms), hint: 'from the actual send: without the wait of a late start' },
        {
          title: 'Checks failed', number: true, by: (row) => row.checksFailed,
          cell: (row) => row.checksPassed + row.checksFailed === 0 ? '' : `${count(row.checksFailed)} of ${count(row.checksPassed + row.checksFailed)}`,
        },
        { title: 'Answers', cell: (row) => el('span', { class: 'nowrap' }, statuses(row)) },
      ],
    })],
  });
}

const PHASES: Record<string, string> = {
  blocked: 'waiting for a connection', connecting: 'connecting', tls_handshaking: 'TLS handshake', sending: 'sending',
  waiting: 'waiting for the first byte', receiving: 'receiving',
};

/** Where the time of a request goes, on average: one bar a request, all on one scale. */
export function phasesSection(document: ReportDocument): HTMLElement | undefined {
  const whole = (row: RequestRow) => row.phases.reduce((sum, phase) => sum + phase.meanMs, 0);
  const rows = document.requests.filter((row) => whole(row) > 0);
  if (rows.length === 0) return undefined;
  const most = Math.max(...rows.map(whole));
  const names = [...new Set(rows.flatMap((row) => row.phases.map((phase) => phase.name)))];
  const hue = (name: string) => `--kind-${(names.indexOf(name) % 6) + 1}`;
  const shown = [...rows].sort((a, b) => whole(b) - whole(a)).slice(0, 15);
  const server = document.requests.filter((row) => !isAll(row) || document.requests.length === 1)
    .flatMap((row) => row.serverTiming.map((entry) => ({ row, ...entry })));
  return section({
    id: 'phases',
    title: 'Where the time goes',
    short: 'Phases',
    lead: 'The mean of each phase of an exchange, from the actual send. All bars have one scale.',
    body: [
      el('div', { class: 'legend', 'aria-hidden': 'true' }, names.map((name) => el('span', { class: 'entry' },
        el('span', { class: 'swatch block', css: { '--c': `var(${hue(name)})` } }), PHASES[name] ?? name))),
      el('ul', { class: 'bars' }, shown.map((row) => el('li', {},
        el('span', { class: 'bar-name' }, nameOf(row, document)),
        el('span', { class: 'bar-total' }, duration(whole(row))),
        el('span', {
          class: 'bar', role: 'img', css: { '--w': `${(100 * whole(row)) / most}%` },
          'aria-label': row.phases.map((phase) => `${PHASES[phase.name] ?? phase.name} ${duration(phase.meanMs)}`).join(', '),
        }, row.phases.filter((phase) => phase.meanMs > 0).map((phase) =>
          el('span', { title: `${PHASES[phase.name] ?? phase.name}: ${duration(phase.meanMs)}`, css: { 'flex-grow': String(phase.meanMs), background: `var(${hue(phase.name)})` } })))))),
      el('details', {}, el('summary', {}, 'Figures as a table'), table<RequestRow>({
        caption: 'Mean and 95 % quantile of each phase',
        rows,
        columns: [
          { title: 'Request', cell: (row) => nameOf(row, document), by: (row) => nameOf(row, document) },
          ...names.map((name): Column<RequestRow> => {
            const of = (row: RequestRow) => row.phases.find((phase) => phase.name === name);
            return {
              title: PHASES[name] ?? name, number: true, by: (row) => of(row)?.meanMs,
              cell: (row) => `${duration(of(row)?.meanMs)} (p95 ${duration(of(row)?.p95Ms)})`,
            };
          }),
        ],
      })),
      server.length > 0 && el('h3', { class: 'sub' }, 'What the service said of its own work (Server-Timing)'),
      server.length > 0 && table({
        caption: 'Server-Timing by request',
        rows: server,
        columns: [
          { title: 'Request', cell: ({ row }) => nameOf(row, document), by: ({ row }) => nameOf(row, document) },
          { title: 'Part', cell: ({ name }) => el('code', {}, name), by: ({ name }) => name },
          { title: 'Answers', cell: (entry) => count(entry.count), by: (entry) => entry.count, number: true },
          { title: 'Mean', cell: (entry) => duration(entry.meanMs), by: (entry) => entry.meanMs, number: true },
          { title: 'p95', cell: (entry) => duration(entry.p95Ms), by: (entry) => entry.p95Ms, number: true },
        ],
      }),
    ],
  });
}
