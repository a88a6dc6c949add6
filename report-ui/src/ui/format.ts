/** Figures as people read them. An unknown figure is "–". English, whatever the browser's language: so is the rest. */
export const UNKNOWN = '–';

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

function known(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** Three significant digits, or all digits before the point. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return whole.format(value);
  return value.toFixed(size >= 9.995 ? 1 : 2);
}

/** 12,345. Fractions stay where there are some: 0.25. */
export function count(value: number | null | undefined): string {
  if (!known(value)) return UNKNOWN;
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return whole.format(value);
  return String(Number(value.toPrecision(4)));
}

/** Milliseconds: "0.42 ms", "312 ms", "1.84 s", "1 m 12 s". */
export function duration(ms: number | null | undefined): string {
  if (!known(ms)) return UNKNOWN;
  const size = Math.abs(ms);
  if (size === 0) return '0 ms';
  if (size < 999.5) return `${digits(ms)} ms`;
  if (size < 59_950) return `${digits(ms / 1000)} s`;
  return span(ms / 1000);
}

/** Seconds of a run: "30 s", "1 m 30 s", "2 h 5 m". */
export function span(seconds: number | null | undefined): string {
  if (!known(seconds)) return UNKNOWN;
  if (seconds < 10 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)} s`;
  const all = Math.round(seconds);
  if (all < 60) return `${all} s`;
  const [h, m, s] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60), all % 60];
  if (h > 0) return m > 0 ? `${h} h ${m} m` : `${h} h`;
  return s > 0 ? `${m} m ${s} s` : `${m} m`;
}

/** Seconds since the start, as an axis shows them: "0:07", "1:02:03". */
export function elapsed(seconds: number): string {
  const all = Math.max(0, Math.round(seconds));
  const two = (part: number) => String(part).padStart(2, '0');
  const [h, m, s] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60), all % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A share of 0 to 1: "98.00 %". What is not all is never shown as all, nor something as nothing. */
export function share(value: number | null | undefined): string {
  if (!known(value)) return UNKNOWN;
  if (value > 0 && value < 0.00005) return '< 0.01 %';
  if (value < 1 && value > 0.99995) return '> 99.99 %';
  return `${(value * 100).toFixed(2)} %`;
}

export function perSecond(value: number | null | undefined): string {
  return known(value) ? `${digits(value)}/s` : UNKNOWN;
}

export function bytes(value: number | null | undefined): string {
  if (!known(value)) return UNKNOWN;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = value;
  let unit = 0;
  while (Math.abs(size) >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${whole.format(size)} B` : `${digits(size)} ${units[unit]}`;
}

/** How many times as much: "2.6 ×". */
export function ratio(value: number | null | undefined): string {
  if (!known(value)) return UNKNOWN;
  return `${value >= 9.95 ? whole.format(value) : value.toFixed(value < 1.095 && value > 0.905 ? 2 : 1)} ×`;
}

export type Unit = 'share' | 'ms' | 'per_second' | 'plain';

export function figure(value: number | null | undefined, unit: Unit): string {
  switch (unit) {
    case 'share': return share(value);
    case 'ms': return duration(value);
    case 'per_second': return perSecond(value);
    case 'plain': return count(value);
  }
}

/** A limit as somebody wrote it: "98 %", "2 s", without digits that say nothing. */
export function limit(value: number, unit: Unit): string {
  const trimmed = (n: number) => String(Number(n.toPrecision(6)));
  switch (unit) {
    case 'share': return `${trimmed(value * 100)} %`;
    case 'ms': return value < 1000 ? `${trimmed(value)} ms` : value < 60_000 ? `${trimmed(value / 1000)} s` : duration(value);
    case 'per_second': return `${trimmed(value)}/s`;
    case 'plain': return count(value);
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** RFC 3339 to "24 Nov 2026, 02:57:08 UTC"; what is no time stays as it is. */
export function moment(text: string): string {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return text;
  const iso = time.toISOString();
  return `${time.getUTCDate()} ${MONTHS[time.getUTCMonth()]} ${iso.slice(0, 4)}, ${iso.slice(11, 19)} UTC`;
}

/** A commit or digest as people say it: the first seven digits. */
export function short(commit: string): string {
  return /^[0-9a-f]{12,64}$/i.test(commit) ? commit.slice(0, 7) : commit;
}

/** Words of the program as a sentence: with a capital, and an end. */
export function sentence(words: string): string {
  return words === '' ? '' : words.charAt(0).toUpperCase() + words.slice(1) + (/[.!?]$/.test(words) ? '' : '.');
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
