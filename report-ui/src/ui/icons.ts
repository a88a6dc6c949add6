/** The marks of states: a shape of its own for each, beside a word, so that colour is never alone. */
import { svg } from './dom.ts';

export type Icon = 'pass' | 'fail' | 'invalid' | 'bypassed' | 'none' | 'note';

const PATHS: Record<Icon, string> = {
  pass: 'M6.5 12.4l3.6 3.7 7.4-8.2',
  fail: 'M7.8 7.8l8.4 8.4M16.2 7.8l-8.4 8.4',
  invalid: 'M9.2 9.3a2.8 2.8 0 1 1 4.3 2.4c-.9.6-1.5 1.1-1.5 2.2M12 17v.1',
  bypassed: 'M6.5 8l4 4-4 4M12.5 8l4 4-4 4',
  none: 'M7.5 12h9',
  note: 'M12 11.2v5M12 7.6v.1',
};

/** Takes the colour of the text around it. Says nothing to a screen reader: the word beside it does. */
export function icon(name: Icon): SVGElement {
  const line = { fill: 'none', stroke: 'currentColor', 'stroke-width': '2.2', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
  const rim = name === 'invalid'
    ? svg('path', { ...line, d: 'M12 2.6l9.4 9.4-9.4 9.4L2.6 12z', 'stroke-width': '2' })
    : name === 'fail'
      ? svg('path', { ...line, d: 'M8 2.5h8l5.5 5.5v8L16 21.5H8L2.5 16V8z', 'stroke-width': '2' })
      : svg('circle', { ...line, cx: '12', cy: '12', r: '9.6', 'stroke-width': '2' });
  return svg('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' }, rim, svg('path', { ...line, d: PATHS[name] }));
}
