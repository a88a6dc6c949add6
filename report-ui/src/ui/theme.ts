/** Light or dark: the system's choice until the reader makes one. Print is always light. */
import { el } from './dom.ts';

export type Theme = 'light' | 'dark';
const KEY = 'weir-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const print = matchMedia('print');
const listeners = new Set<() => void>();
let chosen = stored();

function stored(): Theme | undefined {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : undefined;
  } catch {
    return undefined;  // a file opened from disk may have no storage
  }
}

export function theme(): Theme {
  return chosen ?? (dark.matches ? 'dark' : 'light');
}

function apply(shown: Theme): void {
  if (document.documentElement.dataset['theme'] === shown) return;
  document.documentElement.dataset['theme'] = shown;
  for (const listener of listeners) listener();
}

/** Called when colours have changed: what is drawn on a canvas has to be drawn again. */
export function onThemeChange(listener: () => void): void {
  listeners.add(listener);
}

export function startTheme(): void {
  apply(theme());
  dark.addEventListener('change', () => apply(theme()));
  print.addEventListener('change', () => apply(print.matches ? 'light' : theme()));
  addEventListener('beforeprint', () => apply('light'));
  addEventListener('afterprint', () => apply(theme()));
}

export function themeButton(): HTMLButtonElement {
  const label = () => (theme() === 'dark' ? 'Light colours' : 'Dark colours');
  const button = el('button', { type: 'button', class: 'quiet', id: 'theme' }, label());
  button.addEventListener('click', () => {
    chosen = theme() === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // remembered for this page alone
    }
    apply(chosen);
    button.textContent = label();
  });
  dark.addEventListener('change', () => { button.textContent = label(); });
  return button;
}

/** A colour of the style sheet, for canvases: color('--ink'). */
export function color(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}
