/** Single exchanges that lead to a cause: the slowest, failures, unfinished ones, and what the script threw. */
import type { Exchange, ReportDocument, ScriptFailure } from '../../document.ts';
import { el, link, type Child } from '../../ui/dom.ts';
import { count, duration, elapsed } from '../../ui/format.ts';
import { table, type Column } from '../../ui/table.ts';
import { nothing, section } from '../section.ts';

function trace(exchange: Exchange, document: ReportDocument): Child {
  if (exchange.traceId === '') return undefined;
  const id = el('code', { class: 'trace' }, exchange.traceId);
  return document.traceUrl === undefined || document.traceUrl === '' ? id
    : link(document.traceUrl.replaceAll('{trace_id}', encodeURIComponent(exchange.traceId)), id);
}

function timing(exchange: Exchange): Child {
  return exchange.serverTiming.length > 0 && exchange.serverTiming.map((entry, i) => [i > 0 && ', ', el('span', { class: 'nowrap' },
    `${entry.description === undefined || entry.description === '' ? entry.name : entry.description}${entry.ms === undefined ? '' : ` ${duration(entry.ms)}`}`)]);
}

/** Without what all addresses of the run begin with. */
function address(exchange: Exchange, document: ReportDocument): HTMLElement {
  const { baseUrl } = document.run;
  const shown = baseUrl !== undefined && baseUrl !== '' && exchange.url.startsWith(`${baseUrl}/`) ? exchange.url.slice(baseUrl.length) : exchange.url;
  return el('span', { class: 'address', title: exchange.url }, `${exchange.method} ${shown}`);
}

const outcome = (exchange: Exchange) => exchange.status === 0
  ? exchange.error || 'no answer' : `${exchange.status}${exchange.error === '' ? '' : ` ${exchange.error}`}`;

function exchangeTable(caption: string, rows: Exchange[], document: ReportDocument, unfinished = false): HTMLElement {
  const columns: Column<Exchange>[] = [
    { title: 'Request', cell: (row) => row.request, by: (row) => row.request },
    { title: unfinished ? 'Age at the end' : 'Response time', cell: (row) => duration(row.responseMs), by: (row) => row.responseMs, number: true },
    { title: 'Service time', cell: (row) => duration(row.serviceMs), by: (row) => row.serviceMs, number: true },
    { title: 'Started at', cell: (row) => elapsed(row.startSeconds), by: (row) => row.startSeconds, number: true },
    { title: 'Answer', cell: (row) => el('span', { class: outcome(row).length < 40 ? 'nowrap' : undefined }, outcome(row)), by: outcome },
    { title: 'Trace', cell: (row) => trace(row, document) },
    { title: 'Server-Timing', cell: timing },
    { title: 'Exchange', cell: (row) => address(row, document), by: (row) => row.url },
    { title: 'Scenario', cell: (row) => row.scenario, by: (row) => row.scenario },
  ];
  const used = columns.filter((column) => rows.some((row) => {
    const cell = column.cell(row);
    return cell !== undefined && cell !== false && cell !== '';
  }));
  return table({
    caption, rows, columns: used, first: 15,
    words: (row) => `${row.request} ${row.method} ${row.url} ${outcome(row)} ${row.traceId} ${row.scenario}`,
  });
}

export function slowestSection(document: ReportDocument): HTMLElement {
  return section({
    id: 'slowest',
    title: 'Slowest exchanges',
    lead: document.slowest.length > 0 && (document.traceUrl === undefined
      ? 'The service was sent each trace id in traceparent. With trace_url under [report] in weir.toml they become links.'
      : 'The service was sent each trace id in traceparent; a link leads to the team’s tracing tool.'),
    body: [document.slowest.length === 0 ? nothing('No exchange was kept: none was answered.')
      : exchangeTable('Slowest exchanges', document.slowest, document)],
  });
}

function scriptTable(rows: ScriptFailure[]): HTMLElement {
  return el('ul', { class: 'script' }, rows.map((row) => el('li', {},
    el('p', {}, el('strong', {}, row.message), ` ${count(row.count)} ×`, row.location !== '' && [' at ', el('code', {}, row.location)]),
    row.stack !== '' && el('details', {}, el('summary', {}, 'Stack'), el('pre', {}, row.stack)))));
}

/** Not shown when there is none. */
export function failuresSection(document: ReportDocument): HTMLElement | undefined {
  const parts: Child[] = [];
  const { failures, unfinished, scriptFailures } = document;
  const part = (title: string, total: number, shown: number, body: HTMLElement) => {
    parts.push(el('h3', { class: 'sub' }, `${title}: ${count(total)}`, shown > 0 && shown < total && el('span', { class: 'muted' }, ` (${count(shown)} kept as examples)`)), body);
  };
  if (failures.total > 0) part('Failed requests', failures.total, failures.examples.length, exchangeTable('Failed requests', failures.examples, document));
  if (unfinished.total > 0) part('Unfinished at the end', unfinished.total, unfinished.examples.length, exchangeTable('Unfinished requests', unfinished.examples, document, true));
  if (scriptFailures.total > 0) part('Journeys that ended with an exception', scriptFailures.total, 0, scriptTable(scriptFailures.examples));
  if (parts.length === 0) return undefined;
  return section({ id: 'failures', title: 'Failures', body: parts });
}
