/** A figure, its interval and its limit on one line, so that one sees how far apart they are. */
import type { Finding } from '../document.ts';
import { svg } from '../ui/dom.ts';
import { figure, limit as limitWords } from '../ui/format.ts';
import { intervalWords } from './in_short.ts';

/** What the line spans: all that is drawn and a margin; shares end at 0 and 1, nothing is below 0. */
export function scaleOf(finding: Pick<Finding, 'value' | 'limit' | 'interval' | 'unit'>): [number, number] {
  const shown = [finding.value, finding.limit, ...(finding.interval ?? [])].filter(Number.isFinite);
  const low = Math.min(...shown);
  const high = Math.max(...shown);
  const margin = (high - low) * 0.18 || Math.abs(high) * 0.1 || 0.01;
  const most = finding.unit === 'share' && high <= 1 ? 1 : Infinity;
  return [low >= 0 ? Math.max(0, low - margin) : low - margin, Math.min(most, high + margin)];
}

/** Which side of the limit is asked for: seen from a state that says it. */
export function goodSide(finding: Pick<Finding, 'state' | 'value' | 'limit'>): 'above' | 'below' | undefined {
  if (finding.state === 'undecided' || finding.value === finding.limit) return undefined;
  return (finding.value > finding.limit) === (finding.state === 'held') ? 'above' : 'below';
}

export function intervalPicture(finding: Finding): SVGElement {
  const [from, to] = scaleOf(finding);
  const width = 280;
  const left = 8;
  const at = (value: number) => left + ((Math.min(to, Math.max(from, value)) - from) / (to - from)) * (width - 2 * left);
  const limit = at(finding.limit);
  const good = goodSide(finding);
  const [low, high] = finding.interval ?? [finding.value, finding.value];
  const words = intervalWords(finding);
  const label = `${figure(finding.value, finding.unit)}${words === undefined ? '' : `, 99 % interval ${words}`}; limit ${limitWords(finding.limit, finding.unit)}`;
  const anchor = limit < 70 ? 'start' : limit > width - 70 ? 'end' : 'middle';
  return svg('svg', { viewBox: `0 0 ${width} 44`, class: 'interval', role: 'img', 'aria-label': label },
    svg('rect', { class: 'track', x: left, y: 10, width: width - 2 * left, height: 10, rx: 2 }),
    good !== undefined && svg('rect', {
      class: 'good', y: 10, height: 10, rx: 2,
      x: good === 'above' ? limit : left, width: Math.max(0, good === 'above' ? width - left - limit : limit - left),
    }),
    svg('rect', { class: 'spread', x: at(low), y: 11.5, width: Math.max(2, at(high) - at(low)), height: 7, rx: 2 }),
    svg('circle', { class: 'dot', cx: at(finding.value), cy: 15, r: 5 }),
    svg('path', { class: 'limit', d: `M${limit} 4V26` }),
    svg('text', { class: 'limit-text', x: anchor === 'start' ? Math.max(2, limit - 6) : anchor === 'end' ? Math.min(width - 2, limit + 6) : limit, y: 40, 'text-anchor': anchor }, `limit ${limitWords(finding.limit, finding.unit)}`));
}
