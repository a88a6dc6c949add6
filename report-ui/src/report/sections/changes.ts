/** What changed against the last runs that passed: usual, expected, now, how many times as much. */
import type { BaselineChange, ReportDocument } from '../../document.ts';
import { el } from '../../ui/dom.ts';
import { count, duration, moment, ratio, sentence, short } from '../../ui/format.ts';
import { icon, type Icon } from '../../ui/icons.ts';
import { table } from '../../ui/table.ts';
import { slowdown } from '../rows.ts';
import { facts, nothing, section } from '../section.ts';

const ICONS: Record<BaselineChange['word'], Icon> = {
  slower: 'fail', faster: 'pass', 'as usual': 'none', 'too few answers': 'invalid',
};

export function changesSection(document: ReportDocument): HTMLElement {
  const { baseline, run } = document;
  const good = baseline.lastGood;
  const several = new Set(baseline.changes.map((change) => change.journey)).size > 1;
  return section({
    id: 'changes',
    title: 'What changed',
    short: 'Changes',
    lead: sentence(baseline.words),
    body: [
      good !== undefined && facts([
        ['Last good run', [el('code', {}, good.id), ` ${moment(good.started)}`]],
        ['Last good commit', good.commit !== undefined && el('code', { title: good.commit }, short(good.commit))],
        ['This run’s commit', run.commit !== undefined && el('code', { title: run.commit }, short(run.commit))],
      ], 'facts'),
      baseline.changes.length === 0 ? (baseline.words === '' && nothing('No earlier run to compare with.')) : table<BaselineChange>({
        caption: 'Response times now and in the last good runs',
        rows: baseline.changes,
        columns: [
          { title: 'Request', cell: (row) => [row.request, several && ` · ${row.journey}`], by: (row) => row.request },
          { title: 'Figure', cell: (row) => row.figure, by: (row) => row.figure },
          { title: 'Usually', cell: (row) => duration(row.usualMs), by: (row) => row.usualMs, number: true },
          { title: 'Expected', cell: (row) => `${duration(row.expectedMs[0])} – ${duration(row.expectedMs[1])}`, number: true, hint: 'where the next run would lie if nothing changed' },
          { title: 'Now', cell: (row) => el('strong', {}, duration(row.nowMs)), by: (row) => row.nowMs, number: true },
          { title: 'Ratio', cell: (row) => ratio(slowdown(row)), by: slowdown, number: true },
          { title: 'Limit', cell: (row) => duration(row.limitMs), number: true, hint: 'more than this counts as slower' },
          { title: 'Good runs', cell: (row) => count(row.runs), number: true },
          { title: 'Verdict', cell: (row) => el('span', { class: `badge ${ICONS[row.word]}` }, icon(ICONS[row.word]), row.word), by: (row) => row.word },
        ],
      }),
    ],
  });
}
