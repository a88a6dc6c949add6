/** What is looked at: suite, environment and how far back. It stands in the address, so that a link shows the same. */
import { el, freshId, type Child } from '../ui/dom.ts';
import { plural } from '../ui/format.ts';
import type { SuitesDocument } from './document.ts';

export interface Choice {
  /** Undefined: that with the newest run. */
  suite?: string | undefined;
  environment?: string | undefined;
  days?: number | undefined;
  last: number;
}

const DAYS = [7, 30, 90, 365] as const;
const LASTS = [30, 100, 300, 500] as const;
const LAST = 100;

export function choiceInAddress(): Choice {
  const query = new URLSearchParams(location.search);
  const whole = (name: string, known: readonly number[]) => known.find((value) => query.get(name) === String(value));
  return {
    suite: query.get('suite') ?? undefined,
    environment: query.get('environment') ?? undefined,
    days: whole('days', DAYS),
    last: whole('last', LASTS) ?? LAST,
  };
}

export function putIntoAddress(choice: Choice): void {
  const query = new URLSearchParams();
  if (choice.suite !== undefined) query.set('suite', choice.suite);
  if (choice.environment !== undefined) query.set('environment', choice.environment);
  if (choice.days !== undefined) query.set('days', String(choice.days));
  if (choice.last !== LAST) query.set('last', String(choice.last));
  const asked = query.toString();
  history.replaceState(null, '', asked === '' ? location.pathname : `${location.pathname}?${asked}`);
}

/** The hour so many days ago, as the server takes it: the same for all who look within an hour, so that it is read once. */
export function sinceOf(choice: Choice, now: Date): string | undefined {
  if (choice.days === undefined) return undefined;
  return `${new Date(now.getTime() - choice.days * 86_400_000).toISOString().slice(0, 13)}:00:00`;
}

function select(label: string, options: [text: string, chosen: boolean][], take: (place: number) => void): Child[] {
  const id = freshId('choice');
  const made = el('select', { id }, options.map(([text, chosen]) => el('option', { selected: chosen }, text)));
  made.addEventListener('change', () => take(made.selectedIndex));
  return [el('label', { for: id }, label), made];
}

/** `shown`: what the server chose where the choice left it open. */
export function chooser(
  suites: SuitesDocument, choice: Choice, shown: { suite: string; environment: string }, take: (choice: Choice) => void,
): HTMLElement {
  const names = [...new Set(suites.suites.map((line) => line.suite))];
  const lines = suites.suites.filter((line) => line.suite === shown.suite);
  const suitePlace = names.indexOf(shown.suite);
  return el('div', { class: 'controls', role: 'group', 'aria-label': 'What is shown' },
    names.length > 0 && select('Suite', names.map((name, i) => [name, i === suitePlace]),
      (i) => take({ ...choice, suite: names[i], environment: undefined })),
    lines.length > 0 && select('Environment',
      lines.map((line) => [`${line.environment === '' ? 'no name' : line.environment} (${plural(line.runs, 'run')})`,
        line.environment === shown.environment]),
      (i) => take({ ...choice, suite: shown.suite, environment: lines[i]?.environment })),
    select('Time', [['all', choice.days === undefined], ...DAYS.map((days): [string, boolean] =>
      [days === 365 ? 'a year' : `${days} days`, choice.days === days])],
      (i) => take({ ...choice, days: i === 0 ? undefined : DAYS[i - 1] })),
    select('At most', LASTS.map((last): [string, boolean] => [`${last} runs`, choice.last === last]),
      (i) => take({ ...choice, last: LASTS[i] ?? LAST })));
}
