/** What the script did and measured by itself: scenarios, checks, metrics; and what this report stands on. */
import type { CheckRow, MetricRow, ReportDocument, Scenario, SeenInstance } from '../../document.ts';
import { el, link, type Child } from '../../ui/dom.ts';
import { bytes, count, duration, elapsed, moment, perSecond, share, span } from '../../ui/format.ts';
import { table, type Column } from '../../ui/table.ts';
import { groupName } from '../rows.ts';
import { facts, nothing, section } from '../section.ts';

export function scenariosSection(document: ReportDocument): HTMLElement | undefined {
  if (document.scenarios.length === 0) return undefined;
  const number = (title: string, of: (row: Scenario) => number, hint?: string): Column<Scenario> =>
    ({ title, cell: (row) => count(of(row)), by: of, number: true, ...(hint === undefined ? {} : { hint }) });
  return section({
    id: 'scenarios',
    title: 'Scenarios',
    body: [table<Scenario>({
      caption: 'Scenarios',
      rows: document.scenarios,
      columns: [
        { title: 'Scenario', cell: (row) => row.name, by: (row) => row.name },
        { title: 'Executor', cell: (row) => [el('code', {}, row.executor), row.openModel ? ' (open)' : ' (closed)'], by: (row) => row.executor },
        number('Offered', (row) => row.offered), number('Started', (row) => row.started), number('Completed', (row) => row.completed),
        number('Threw', (row) => row.threw, 'ended with an exception'), number('Interrupted', (row) => row.interrupted),
        number('Late', (row) => row.late, 'begun late for reasons of the generator'), number('Dropped', (row) => row.dropped, 'never begun'),
        number('Users, most', (row) => row.usersMost),
      ],
    })],
  });
}

export function checksSection(document: ReportDocument): HTMLElement | undefined {
  if (document.checks.length === 0) return undefined;
  const passed = (row: CheckRow) => (row.passed + row.failed === 0 ? undefined : row.passed / (row.passed + row.failed));
  return section({
    id: 'checks',
    title: 'Checks',
    body: [table<CheckRow>({
      caption: 'Checks of the script',
      rows: document.checks,
      sort: { column: 3, descending: true },
      words: (row) => `${row.name} ${row.group}`,
      columns: [
        { title: 'Check', cell: (row) => row.name, by: (row) => row.name },
        { title: 'Group', cell: (row) => groupName(row.group), by: (row) => row.group },
        { title: 'Passed', cell: (row) => count(row.passed), by: (row) => row.passed, number: true },
        { title: 'Failed', cell: (row) => row.failed > 0 ? el('span', { class: 'bad' }, count(row.failed)) : '0', by: (row) => row.failed, number: true },
        { title: 'Passed share', cell: (row) => share(passed(row)), by: passed, number: true },
      ],
    })],
  });
}

function written(value: number | undefined, row: MetricRow, key: string): string {
  if (value === undefined) return '';
  if (key === 'rate') return row.type === 'rate' ? share(value) : row.contains === 'data' ? `${bytes(value)}/s` : perSecond(value);
  if (row.type === 'rate' || (row.type !== 'trend' && key !== 'value' && row.contains !== 'data')) return count(value);
  return row.contains === 'time' ? duration(value) : row.contains === 'data' ? bytes(value) : count(value);
}

export function metricsSection(document: ReportDocument): HTMLElement | undefined {
  if (document.metrics.length === 0) return undefined;
  const tableOf = (caption: string, rows: MetricRow[]): Child => {
    if (rows.length === 0) return undefined;
    const keys = [...new Set(rows.flatMap((row) => Object.keys(row.figures)))];
    return [el('h3', { class: 'sub' }, caption), table<MetricRow>({
      caption,
      rows,
      words: (row) => row.name,
      columns: [
        { title: 'Metric', cell: (row) => el('code', {}, row.name), by: (row) => row.name },
        { title: 'Type', cell: (row) => row.type, by: (row) => row.type },
        ...keys.map((key): Column<MetricRow> => ({
          title: key, cell: (row) => written(row.figures[key], row, key), by: (row) => row.figures[key], number: true,
        })),
      ],
    })];
  };
  return section({
    id: 'metrics',
    title: 'Metrics',
    lead: 'What the script measured by itself, and what Weir counts beside requests, by k6’s names.',
    body: [
      tableOf('Trends', document.metrics.filter((row) => row.type === 'trend')),
      tableOf('Counters, rates and gauges', document.metrics.filter((row) => row.type !== 'trend')),
    ],
  });
}

export function environmentSection(document: ReportDocument): HTMLElement {
  const { run } = document;
  const several = run.versions.some((seen) => seen.side !== undefined);
  return section({
    id: 'environment',
    title: 'Run and environment',
    short: 'Run',
    body: [
      facts([
        ['Run', el('code', {}, run.id)],
        ['Suite', run.suite],
        ['Script', el('code', {}, run.script)],
        ['Environment', run.environment],
        ['Address', run.baseUrl !== undefined && link(run.baseUrl)],
        ['Commit', run.commit !== undefined && el('code', {}, run.commit)],
        ['Branch', run.branch],
        ['Artefact', run.artefact !== undefined && el('code', {}, run.artefact)],
        ['Pipeline', run.pipelineUrl !== undefined && run.pipelineUrl !== '' && link(run.pipelineUrl)],
        ['Load', run.load],
        ['Started', moment(run.started)],
        ['Lasted', span(run.durationSeconds)],
        ['Ended', run.ending.words],
        ['Attempt', run.attempt !== undefined && String(run.attempt)],
        ['Seed', el('code', {}, run.seed)],
        ['Weir', run.weirVersion],
      ]),
      el('h3', { class: 'sub' }, 'Versions that answered'),
      run.versions.length === 0 ? nothing('No answer named its version.') : table<SeenInstance>({
        caption: 'Versions and instances that answered',
        rows: run.versions,
        columns: [
          { title: 'Version', cell: (row) => row.version, by: (row) => row.version },
          { title: 'Instance', cell: (row) => el('code', {}, row.instance), by: (row) => row.instance },
          ...(several ? [{ title: 'Side', cell: (row: SeenInstance) => row.side ?? '' }] : []),
          { title: 'First seen', cell: (row) => elapsed(row.firstSeenSeconds), by: (row) => row.firstSeenSeconds, number: true },
          { title: 'Answers', cell: (row) => count(row.answers), by: (row) => row.answers, number: true },
        ],
      }),
    ],
  });
}

export function warningsSection(document: ReportDocument): HTMLElement | undefined {
  if (document.warnings.length === 0) return undefined;
  return section({
    id: 'warnings',
    title: 'Warnings',
    body: [el('ul', { class: 'warnings' }, document.warnings.map((warning) => el('li', {}, warning)))],
  });
}
