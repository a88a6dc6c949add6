/** Each condition with value, limit, interval and whether that decides. What was missed stands first. */
import type { Finding, ReportDocument } from '../../document.ts';
import { el, prose } from '../../ui/dom.ts';
import { count, figure, limit } from '../../ui/format.ts';
import { icon, type Icon } from '../../ui/icons.ts';
import { intervalWords } from '../in_short.ts';
import { intervalPicture } from '../interval.ts';
import { nothing, section } from '../section.ts';

const STATES: Record<Finding['state'], { order: number; icon: Icon; word: string }> = {
  missed: { order: 0, icon: 'fail', word: 'Missed' },
  undecided: { order: 1, icon: 'invalid', word: 'Undecided' },
  held: { order: 2, icon: 'pass', word: 'Held' },
};

function card(finding: Finding): HTMLElement {
  const state = STATES[finding.state];
  const interval = intervalWords(finding);
  const notes = [
    finding.aboutGenerator && 'about the load generator, not the service',
    finding.aboutBaseline && 'compared with earlier runs',
  ].filter((note) => note !== false).join(' · ');
  return el('li', { class: `condition ${state.icon}` },
    el('div', { class: 'condition-head' },
      el('span', { class: 'badge' }, icon(state.icon), state.word),
      el('h3', {}, prose(finding.condition))),
    el('p', { class: 'value' }, figure(finding.value, finding.unit),
      el('span', { class: 'muted' }, ` limit ${limit(finding.limit, finding.unit)}`)),
    el('div', { class: 'picture' }, intervalPicture(finding)),
    el('p', { class: 'words' }, prose(finding.words)),
    el('p', { class: 'how muted' },
      finding.decided ? 'Decided at the gate’s error level'
        : interval === undefined && !finding.aboutBaseline && !finding.aboutGenerator ? 'Its figure alone counts' : 'Not decided: the figure alone counts',
      `, ${count(finding.samples)} samples`, interval !== undefined && `, 99 % interval ${interval}`,
      notes !== '' && ` · ${notes}`));
}

export function conditionsSection(document: ReportDocument): HTMLElement {
  const sorted = document.findings.map((finding, i) => ({ finding, i }))
    .sort((a, b) => STATES[a.finding.state].order - STATES[b.finding.state].order || a.i - b.i);
  const missed = document.findings.filter((finding) => finding.state === 'missed').length;
  return section({
    id: 'conditions',
    title: 'Conditions',
    lead: document.findings.length > 0 && (missed > 0
      ? `${missed} of ${document.findings.length} missed. The dot is what was measured, the bar where a repeat would lie, the line the limit; shaded is where it should be.`
      : 'The dot is what was measured, the bar where a repeat would lie, the line the limit; shaded is where it should be.'),
    body: [document.findings.length === 0
      ? nothing('Nothing was asked of this run: there is no condition and no threshold.')
      : el('ul', { class: 'conditions' }, sorted.map(({ finding }) => card(finding)))],
  });
}
