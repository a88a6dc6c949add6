/** The team's page: asks the server, draws what it says, and looks again from time to time while somebody looks at it. */
import { el, visuallyHidden } from '../ui/dom.ts';
import { plural } from '../ui/format.ts';
import { startTheme, themeButton } from '../ui/theme.ts';
import { ask, AskFailed, read } from './api.ts';
import { chooser, choiceInAddress, putIntoAddress, sinceOf, type Choice } from './choice.ts';
import type { BypassesDocument, HistoryDocument, SuitesDocument } from './document.ts';
import { keepToken, knownToken, signInForm } from './token.ts';
import { asOf, fill, View } from './view.ts';
import { sentence } from './words.ts';

const EVERY_MS = 15_000;
const EVERY_MS_IN_TROUBLE = 30_000;

class Page {
  private choice: Choice = choiceInAddress();
  private token = knownToken();
  private refreshes = true;
  private next: ReturnType<typeof setTimeout> | undefined;
  /** Answers to an earlier choice are not drawn. */
  private asked = 0;
  private lastAsked = 0;
  private known: { suites?: string; history?: string; bypasses?: string } = {};
  private newest: string | undefined;

  private readonly view = new View();
  private readonly title = el('h1', {}, 'The gate’s history');
  private readonly when = el('p', { class: 'muted', id: 'as-of' });
  private readonly controls = el('div');
  private readonly trouble = el('div', { role: 'alert' });
  private readonly spoken = el('p', { class: 'visually-hidden', role: 'status' });
  private readonly main = el('main', { id: 'main' });

  start(): void {
    const refresh = el('input', { type: 'checkbox', id: 'refresh', checked: true });
    refresh.addEventListener('change', () => { this.refreshes = refresh.checked; this.plan(); });
    const signOut = el('button', { type: 'button', class: 'quiet', id: 'sign-out', hidden: this.token === undefined }, 'Sign out');
    signOut.addEventListener('click', () => { keepToken(undefined); location.reload(); });
    document.body.prepend(
      el('a', { class: 'skip', href: '#main' }, 'To the runs'),
      el('header', {}, el('div', {}, this.title, this.when),
        el('div', { class: 'buttons' }, el('label', { class: 'refresh', for: 'refresh' }, refresh, ' look for new runs'), signOut, themeButton())),
      this.main);
    this.showParts();
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && Date.now() - this.lastAsked > EVERY_MS) void this.look();
      else this.plan();
    });
    void this.look();
  }

  private showParts(): void {
    this.main.replaceChildren(this.controls, this.trouble, this.spoken, this.view.element);
  }

  private plan(inTrouble = false): void {
    clearTimeout(this.next);
    if (!this.refreshes || document.hidden) return;
    this.next = setTimeout(() => void this.look(), inTrouble ? EVERY_MS_IN_TROUBLE : EVERY_MS);
  }

  private async look(): Promise<void> {
    clearTimeout(this.next);
    const mine = ++this.asked;
    this.lastAsked = Date.now();
    try {
      const { suite, environment, last } = this.choice;
      const since = sinceOf(this.choice, new Date());
      const [suites, history] = await Promise.all([
        ask('api/suites', {}, this.token),
        ask('api/history', { suite, environment, since, last: String(last) }, this.token),
      ]);
      if (mine !== this.asked) return;
      const shown = read<HistoryDocument>(history, 'weir.history');
      const bypasses = await ask('api/bypasses', { suite: shown.suite, environment: shown.environment }, this.token);
      if (mine !== this.asked) return;
      this.draw(read<SuitesDocument>(suites, 'weir.suites'), shown, read<BypassesDocument>(bypasses, 'weir.bypasses'),
        { suites, history, bypasses });
      this.trouble.replaceChildren();
      this.plan();
    } catch (failure) {
      if (mine !== this.asked) return;
      this.fail(failure instanceof AskFailed ? failure : new AskFailed(`The page could not be drawn: ${String(failure)}`, 0));
    }
  }

  private draw(suites: SuitesDocument, shown: HistoryDocument, bypasses: BypassesDocument, texts: Required<Page['known']>): void {
    const changed = (name: keyof Page['known']) => {
      // When it was read, and since when was asked, are no news.
      const text = texts[name].replace(/"(asOf|since)":"[^"]*",?/g, '');
      const news = this.known[name] !== text;
      this.known[name] = text;
      return news;
    };
    const place = shown.environment === '' ? '' : ` in ${shown.environment}`;
    this.title.textContent = shown.suite === '' ? 'The gate’s history' : `${shown.suite}${place}: the gate’s history`;
    document.title = shown.suite === '' ? 'Weir: the gate’s history' : `${shown.suite}${place} · Weir`;
    this.when.textContent = asOf(shown);
    const news = [changed('suites'), changed('history'), changed('bypasses')] as const;
    if (news[0] || news[1]) {
      fill(this.controls, [chooser(suites, this.choice, shown, (choice) => {
        this.choice = choice;
        putIntoAddress(choice);
        void this.look();
      })]);
    }
    if (news[1]) {
      this.view.showHistory(shown);
      this.speak(shown);
    }
    if (news[2]) this.view.showBypasses(bypasses);
  }

  /** New runs are told to those who do not see them come. */
  private speak(shown: HistoryDocument): void {
    const newest = shown.runs.at(-1);
    this.spoken.textContent = newest === undefined ? 'No runs.'
      : this.newest === undefined ? `${plural(shown.runs.length, 'run')} shown.`
        : newest.id === this.newest ? this.spoken.textContent : `A new run: ${sentence(newest)}.`;
    this.newest = newest?.id;
  }

  private fail(failure: AskFailed): void {
    if (failure.wantsToken) {
      const given = this.token !== undefined;
      keepToken(undefined);
      this.token = undefined;
      this.main.replaceChildren(signInForm(given ? failure.message : undefined, (token) => {
        keepToken(token);
        this.token = token;
        document.getElementById('sign-out')?.removeAttribute('hidden');
        this.showParts();
        void this.look();
      }));
      this.main.querySelector('input')?.focus();
      return;
    }
    const old = this.known.history !== undefined;
    fill(this.trouble, [el('p', { class: 'fail trouble-words' }, failure.message,
      old ? ' Shown is what was known before.' : ' ', this.refreshes ? ' It is asked again in half a minute.' : '',
      visuallyHidden(' '))]);
    this.plan(true);
  }
}

startTheme();
new Page().start();
