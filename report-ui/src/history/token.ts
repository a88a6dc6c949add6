/** The token: by a sign-in form, or once behind the address (#token=…); kept for this tab, sent as a header, never stored longer. */
import { el, freshId } from '../ui/dom.ts';

const KEY = 'weir-token';

export function keepToken(token: string | undefined): void {
  try {
    if (token === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, token);
  } catch {
    // kept by this page alone
  }
}

/** That of the address goes first, and goes away: an address is read over shoulders and kept in histories. */
export function knownToken(): string | undefined {
  const found = new URLSearchParams(location.hash.slice(1)).get('token');
  if (found !== null) {
    history.replaceState(null, '', location.pathname + location.search);
    if (found !== '') keepToken(found);
    return found === '' ? undefined : found;
  }
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Asks for it; `why`: what was wrong with the last one. */
export function signInForm(why: string | undefined, take: (token: string) => void): HTMLElement {
  const id = freshId('token');
  const trouble = freshId('trouble');
  const input = el('input', {
    id, type: 'password', autocomplete: 'current-password', spellcheck: 'false', required: true,
    'aria-describedby': why === undefined ? undefined : trouble, 'aria-invalid': why === undefined ? undefined : 'true',
  });
  return el('form', {
    class: 'sign-in', on: {
      submit: (event) => {
        event.preventDefault();
        const token = input.value.trim();
        if (token !== '') take(token);
      },
    },
  },
    el('h1', {}, 'Sign in'),
    el('p', {}, 'This page asks for the token that “weir history serve” was started with.'),
    why !== undefined && el('p', { id: trouble, class: 'fail trouble-words', role: 'alert' }, why),
    el('label', { for: id }, 'Token'), input,
    el('button', { type: 'submit', class: 'quiet' }, 'Show the history'),
    el('p', { class: 'muted' }, 'It is kept for this tab alone, until the tab is closed.'));
}
