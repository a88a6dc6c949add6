/** The page's parts, drawn from documents; each is drawn anew only when what it shows has changed. */
import { chart, type Chart, type ChartSpec } from '../ui/chart.ts';
import { append, el, prose, type Child } from '../ui/dom.ts';
import { count, moment, short } from '../ui/format.ts';
import { table } from '../ui/table.ts';
import { bypassParts } from './bypasses.ts';
import type { BypassesDocument, HistoryDocument, RunLine } from './document.ts';
import { rates } from './rates.ts';
import { runDetails } from './run_details.ts';
import { strip } from './strip.ts';
import { changeList, conditionSpec, requestSpec } from './trends.ts';
import { badge, stateOf, when } from './words.ts';

const FOCUSABLE = 'a[href], button, input, select, summary, [tabindex]';

/** New children; the focus stays where it was, at the same place. */
export function fill(parent: HTMLElement, children: Child[]): void {
  const place = [...parent.querySelectorAll<HTMLElement>(FOCUSABLE)].indexOf(document.activeElement as HTMLElement);
  const made = el('div');
  append(made, children);
  parent.replaceChildren(...made.childNodes);
  if (place >= 0) parent.querySelectorAll<HTMLElement>(FOCUSABLE)[place]?.focus({ preventScroll: true });
}

/** A part with a heading, hidden while there is nothing in it. */
export function part(id: string, title: string, lead?: string): { section: HTMLElement; body: HTMLElement } {
  const body = el('div');
  const section = el('section', { id, 'aria-labelledby': `${id}-title` },
    el('h2', { id: `${id}-title` }, title), lead !== undefined && el('p', { class: 'muted' }, lead), body);
  return { section, body };
}

/** Charts stay the same elements while what they are about stays. */
class ChartList {
  private readonly known = new Map<string, { chart: Chart; words: HTMLElement; box: HTMLElement }>();

  constructor(private readonly parent: HTMLElement) {}

  show(list: { key: string; spec: ChartSpec; words: Child }[]): void {
    for (const key of [...this.known.keys()]) {
      if (!list.some((each) => each.key === key)) this.known.delete(key);
    }
    const boxes = list.map(({ key, spec, words }) => {
      let entry = this.known.get(key);
      if (entry === undefined) {
        const made = chart(spec);
        const below = el('div');
        entry = { chart: made, words: below, box: el('div', { class: 'card' }, made.element, below) };
        this.known.set(key, entry);
      } else {
        entry.chart.show(spec);
      }
      entry.words.replaceChildren();
      append(entry.words, [words]);
      return entry.box;
    });
    const same = boxes.length === this.parent.children.length && boxes.every((box, i) => this.parent.children[i] === box);
    if (!same) this.parent.replaceChildren(...boxes);
  }
}

function runsTable(document: HistoryDocument): HTMLElement {
  const deployed = new Map(document.deployments.map((each) => [document.runs[each.run]?.id, each]));
  return table<RunLine>({
    caption: 'Table of runs',
    rows: [...document.runs].reverse(),
    first: 25,
    words: (run) => `${run.id} ${stateOf(run).word} ${run.commit ?? ''} ${run.bypass ?? ''} ${run.reasons.join(' ')} ${when(run)}`,
    columns: [
      { title: 'When', by: (run) => run.started, cell: (run) => when(run) },
      { title: 'Verdict', by: (run) => stateOf(run).word, cell: (run) => badge(stateOf(run)) },
      {
        title: 'Tested', by: (run) => run.commit,
        cell: (run) => run.commit === undefined ? '–' : [el('code', { title: run.commit }, short(run.commit)),
          deployed.has(run.id) && el('span', { class: 'muted' }, ' new')],
      },
      { title: 'Why', cell: (run) => prose(run.reasons[0] ?? '') },
      { title: 'Load', by: (run) => run.load, cell: (run) => run.load ?? '–' },
      {
        title: 'Report', cell: (run) => run.report === undefined
          ? el('span', { class: 'muted', title: run.noReport }, '–')
          : el('a', { href: run.report, target: '_blank', rel: 'noopener', 'aria-label': `Report of the run of ${when(run)}` }, 'report'),
      },
    ],
  });
}

function firstRun(absent: boolean): Child[] {
  return [
    el('p', {}, absent ? 'There is no history store yet, so no gate has kept a run in it.' : 'The store holds no run that fits this choice.'),
    el('p', {}, 'The first run comes from ', el('code', {}, 'weir gate --env NAME'), ', started where ', el('code', {}, 'weir.toml'),
      ' is, or by a pipeline whose ', el('code', {}, 'store.url'), ' is the store that this page reads. This page shows it by itself within half a minute.'),
    el('p', {}, 'No ', el('code', {}, 'weir.toml'), ' yet? ', el('code', {}, 'weir init'), ' writes the files; docs/history.md says more.'),
  ];
}

export class View {
  readonly element: HTMLElement;
  private readonly verdicts = part('verdicts', 'Verdicts');
  private readonly trust = part('rates', 'How far it can be trusted');
  private readonly conditions = part('conditions', 'Conditions',
    'Each condition’s figure in the runs that can be trusted. A dotted line: something else was deployed, or the figure changed for good.');
  private readonly requests = part('requests', 'Requests', 'Response times of each request in the runs that can be trusted.');
  private readonly bypasses = part('bypasses', 'Bypasses and debts');
  private readonly runs = part('runs', 'Runs');
  private readonly empty = el('section', { id: 'empty', 'aria-label': 'No runs' });
  private readonly details = el('div', { 'aria-live': 'polite' });
  private readonly conditionCharts: ChartList;
  private readonly requestCharts: ChartList;
  private chosen: string | undefined;

  constructor() {
    this.element = el('div', { class: 'parts' }, this.empty, this.verdicts.section, this.trust.section, this.conditions.section,
      this.requests.section, this.bypasses.section, this.runs.section);
    this.conditions.body.className = this.requests.body.className = 'cards';
    this.conditionCharts = new ChartList(this.conditions.body);
    this.requestCharts = new ChartList(this.requests.body);
    for (const each of this.element.children) (each as HTMLElement).hidden = true;
  }

  showHistory(document: HistoryDocument): void {
    const none = document.runs.length === 0;
    this.empty.hidden = !none;
    fill(this.empty, none ? [el('h2', {}, 'No runs yet'), firstRun(document.store === 'absent')] : []);
    for (const each of [this.verdicts, this.trust, this.runs]) each.section.hidden = none;
    this.conditions.section.hidden = none || document.conditions.length === 0;
    this.requests.section.hidden = none || document.requests.length === 0;
    if (none) return;
    if (document.runs.every((run) => run.id !== this.chosen)) this.chosen = document.runs.at(-1)?.id;
    fill(this.verdicts.body, [
      strip(document, this.chosen, (id) => { this.chosen = id; this.showRun(document); }).element,
      document.more && el('p', { class: 'muted' }, `There are older runs than these ${count(document.runs.length)}.`),
      this.details,
    ]);
    this.showRun(document);
    fill(this.trust.body, [rates(document)]);
    this.conditionCharts.show(document.conditions.map((trend) => ({
      key: trend.condition, spec: conditionSpec(document, trend), words: changeList(trend.changes),
    })));
    this.requestCharts.show(document.requests.map((trend) => ({
      key: `${trend.journey}\n${trend.request}`, spec: requestSpec(document, trend),
      words: [changeList(trend.p95Changes, '95 %: '), changeList(trend.medianChanges, 'Median: ')],
    })));
    fill(this.runs.body, [runsTable(document)]);
  }

  showBypasses(document: BypassesDocument): void {
    this.bypasses.section.hidden = document.store === 'absent';
    fill(this.bypasses.body, bypassParts(document));
  }

  private showRun(document: HistoryDocument): void {
    const run = document.runs.find((each) => each.id === this.chosen);
    fill(this.details, run === undefined ? [] : [runDetails(document, run)]);
  }
}

/** "as of 24 Nov 2026, 08:29:05 UTC" */
export function asOf(document: HistoryDocument): string {
  return `as of ${moment(document.asOf)}`;
}
