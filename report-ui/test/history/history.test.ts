/** The team's page in the real browser, from the real program. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { violations } from '../browser/axe.ts';
import { drawAll, fixFonts, inkOf, launch, reportFile } from '../browser/pages.ts';
import { comparePicture } from '../browser/picture.ts';
import { fixture } from '../fixtures.ts';
import { runId, Team } from './team.ts';

const TOKEN = 'a-token-of-the-whole-team';
let browser: Browser;
let team: Team;
before(async () => {
  browser = await launch();
  team = new Team();
  team.fill();
  team.weir('bypass', 'request', '--as', 'Ann', '--key', 'ann', '--commit', 'b5e20a9c4d7f8e1b3c6a', '--reason', 'takes the <b>slow</b> query back',
    '--incident', 'INC-7', '--impact', 'nobody can open a case');
  team.report(runId(28), readFileSync(reportFile(fixture('failing')), 'utf8'));
  team.report(runId(39), `<!doctype html><title>stranger</title><p id=p>?</p><script>
    let seen = 'nothing'; try { seen = sessionStorage.getItem('weir-token') ?? 'storage'; } catch {}
    document.getElementById('p').textContent = self.origin + ' ' + seen;</script>`);
  await team.serve();
});
after(async () => { await browser.close(); team.end(); });

async function open(url: string, options: BrowserContextOptions = {}): Promise<{ page: Page; troubles: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce', ...options });
  await fixFonts(context);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text()); });
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('request', (request) => { if (!request.url().startsWith(new URL('.', url).href) && !request.url().startsWith('data:')) troubles.push(`asked ${request.url()}`); });
  await page.goto(url);
  return { page, troubles };
}

/** What is read; that a figure stays with its unit on one line is no part of it. */
const textOf = async (place: Locator) => (await place.innerText()).replaceAll('\u00a0', ' ');
const marks = (page: Page) => page.getByRole('radio');

test('all is drawn, without an error and without anybody else being asked', async () => {
  const { page, troubles } = await open(team.url);
  await marks(page).first().waitFor();
  assert.equal(await marks(page).count(), 40);
  assert.match(await textOf(page.locator('h1')), /cases in preprod/);
  await drawAll(page);
  const ink = await inkOf(page);
  assert.equal(ink.length, 4, 'two conditions, two requests');
  for (const chart of ink) assert.ok(chart.pixels > 2000 && chart.colors > 3, JSON.stringify(chart));
  assert.match(await textOf(page.locator('#conditions')), /Changed for good from 212\.\d ms to 38\d\.\d ms \(\+8\d %\), first in the run of 2026-11-08 14:00 UTC, with b5e20a9 in place of c3d95e1/);
  assert.match(await textOf(page.locator('#rates')), /1 of 39 runs said nothing about the service/);
  assert.match(await textOf(page.locator('#bypasses')), /takes the <b>slow<\/b> query back/, 'text, not markup');
  assert.match(await textOf(page.locator('#bypasses')), /pending/);
  assert.equal(await page.locator('#bypasses b').count(), 0);
  assert.deepEqual(troubles, []);
  await page.context().close();
});

test('a run is chosen by mouse and keys, and says why; its report opens', async () => {
  const { page } = await open(team.url);
  const last = marks(page).last();
  await last.waitFor();
  assert.equal(await last.getAttribute('aria-checked'), 'true', 'the newest is shown at first');
  await marks(page).nth(24).click();
  assert.match(await textOf(page.locator('#run')), /fail[\s\S]*95 % were within 38\d ms, 300 ms is asked/);
  await page.keyboard.press('ArrowLeft');
  assert.match(await textOf(page.locator('#run')), new RegExp(runId(23)));
  assert.equal(await marks(page).nth(23).evaluate((element) => element === document.activeElement), true);
  await page.keyboard.press('Home');
  assert.match(await textOf(page.locator('#run')), new RegExp(runId(0)));
  assert.match(await textOf(page.locator('#run')), /No report: its result is not in the results directory/);
  await marks(page).nth(8).click();
  assert.match(await textOf(page.locator('#run')), /invalid[\s\S]*sign-in failed/);
  await marks(page).nth(28).click();
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'Open its report' }).click();
  const report = await opened;
  const troubles: string[] = [];
  report.on('pageerror', (error) => troubles.push(String(error)));
  await report.locator('h1').waitFor();
  assert.match((await report.locator('h1').innerText()).toLowerCase(), /blocked/);
  await drawAll(report);
  assert.deepEqual(troubles, []);
  await page.context().close();
});

test('suite, time and number are chosen, and stand in the address', async () => {
  const { page } = await open(team.url);
  await marks(page).first().waitFor();
  await page.getByLabel('At most', { exact: true }).selectOption('30 runs');
  await page.waitForFunction(() => document.querySelectorAll('[role=radio]').length === 30);
  assert.match(page.url(), /last=30/);
  assert.match(await textOf(page.locator('#verdicts')), /There are older runs/);
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll('[role=radio]').length === 30);
  await page.goto(`${team.url}?suite=nobody&environment=x`);
  await page.getByText('The store holds no run that fits this choice.').waitFor();
  await page.context().close();
});

test('the table of runs finds words', async () => {
  const { page } = await open(team.url);
  const rows = page.locator('#runs tbody tr');
  await rows.first().waitFor();
  await page.locator('#runs input').fill('sign-in');
  assert.equal(await rows.count(), 1);
  await page.locator('#runs input').fill('b5e20a9');
  assert.equal(await rows.count(), 14);
  await page.context().close();
});

for (const [look, options] of Object.entries({
  desktop: {}, dark: { colorScheme: 'dark' }, phone: { viewport: { width: 390, height: 844 } },
} satisfies Record<string, BrowserContextOptions>)) {
  test(`nothing stands in anybody's way: ${look}`, async () => {
    const { page } = await open(team.url, options);
    await marks(page).first().waitFor();
    await drawAll(page);
    assert.deepEqual(await violations(page), []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} pixels too wide`);
    await page.context().close();
  });
}

test('a new run comes by itself, and is told to those who cannot see it', async () => {
  const other = await new Team().serve();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(other.url);
  await page.getByText('There is no history store yet').waitFor();
  assert.match(await textOf(page.locator('#empty')), /weir gate --env NAME/);
  assert.deepEqual(await violations(page), []);
  other.fill();
  while (await marks(page).count() < 40) await page.clock.runFor(1000);
  await marks(page).nth(3).click();
  other.fill(41, 'fail', 'feed1234feed', 500);
  while (await marks(page).count() < 41) await page.clock.runFor(1000);
  assert.match(await textOf(page.locator('[role=status]').first()), /A new run: fail, .*tested feed123/);
  assert.equal(await marks(page).nth(3).getAttribute('aria-checked'), 'true', 'what was chosen stays');
  assert.equal(await marks(page).nth(3).evaluate((element) => element === document.activeElement), true, 'and the focus');
  await page.getByLabel('look for new runs').uncheck();

  await page.getByLabel('look for new runs').check();
  other.breakStore();
  const alert = page.getByRole('alert');
  while (!(await alert.allInnerTexts()).some((words) => /cannot be read at the moment/.test(words))) await page.clock.runFor(1000);
  assert.equal(await marks(page).count(), 41, 'what was known stays');
  other.removeStore();
  other.fill();
  while ((await alert.allInnerTexts()).some((words) => words !== '')) await page.clock.runFor(1000);
  assert.equal(await marks(page).count(), 40);
  other.end();
  while (!(await alert.allInnerTexts()).some((words) => /does not answer/.test(words))) await page.clock.runFor(1000);
  await context.close();
});

test('with a token: asked for once, kept for the tab, out of reach of reports', async () => {
  const guarded = new Team();
  guarded.fill();
  guarded.report(runId(39), readFileSync(`${team.folder}/results/${runId(39)}/report.html`, 'utf8'));
  await guarded.serve(['--token-env', 'TEAM_TOKEN'], { TEAM_TOKEN: TOKEN });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(guarded.url);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.deepEqual(await violations(page), []);
  assert.equal(await page.getByText('cases').count(), 0);
  await page.getByLabel('Token').fill('a-wrong-token-of-nobody');
  await page.keyboard.press('Enter');
  await page.getByText('The token is not the right one').waitFor();
  await page.getByLabel('Token').fill(TOKEN);
  await page.keyboard.press('Enter');
  await marks(page).first().waitFor();
  await page.reload();
  await marks(page).first().waitFor();
  assert.ok(!page.url().includes(TOKEN));

  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Open its report' }).click();
  const report = await opened;
  assert.equal(await report.locator('#p').innerText(), 'null nothing', 'an origin of its own, without our storage');
  await report.reload();
  assert.equal(await report.title(), 'stranger');

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.goto(`${guarded.url}#token=${TOKEN}`);
  await page.reload();
  await marks(page).first().waitFor();
  assert.ok(!page.url().includes('token'), page.url());
  await context.close();
  guarded.end();
});

test('it prints in light colours and whole', async () => {
  const { page } = await open(team.url, { colorScheme: 'dark' });
  await marks(page).first().waitFor();
  await drawAll(page);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()), '#ffffff');
  assert.equal(await page.locator('.controls').first().isVisible(), false);
  assert.ok((await page.pdf({ format: 'A4' })).length > 20_000);
  await page.context().close();
});

/** Nothing of a picture depends on when it is taken. */
async function still(page: Page): Promise<void> {
  const fixed = '2026-11-13T08:31:10.000000000Z';
  await page.route(/api\/(suites|history)/, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace(/"asOf":"[^"]*"/, `"asOf":"${fixed}"`) });
  });
  await page.route(/api\/bypasses/, (route) => route.fulfill({ json: {
    format: 'weir.bypasses', version: 1, asOf: fixed, store: 'read', suite: 'cases', environment: 'preprod', usedIn30Days: 1,
    ledger: { rows: 9, whole: true, words: 'all 9 rows of the ledger are as they were written' },
    open: [{ id: 'b-20261113-9f86d081', state: 'valid', words: 'approved by Bob', suite: 'cases', environment: 'preprod', commit: 'b5e20a9c4d7f8e1b3c6a',
      requester: 'Ann', approvers: ['Bob'], reason: 'takes the slow query back', incident: 'INC-1044', impact: 'nobody can open a case',
      created: '2026-11-13T07:30:00.000000000Z', expires: '2026-11-13T11:30:00.000000000Z', uses: 1, usedBy: [], notes: [] }],
    debts: [{ row: 5, bypass: 'b-20261109-0a1b2c3d', run: runId(26), suite: 'cases', environment: 'preprod', since: '2026-11-09T14:01:00.000000000Z',
      conditions: ['95 % of `dashboard` under 300 ms'] }],
  } }));
}

for (const [name, options] of Object.entries({
  history: { viewport: { width: 1280, height: 1500 } },
  'history-phone': { viewport: { width: 390, height: 1200 } },
  'history-dark': { viewport: { width: 1280, height: 1500 }, colorScheme: 'dark' },
} satisfies Record<string, BrowserContextOptions>)) {
  test(`it looks as it should: ${name}`, async () => {
    const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce', ...options });
    await fixFonts(context);
    const page = await context.newPage();
    await still(page);
    await page.goto(team.url);
    await marks(page).nth(28).click();
    await page.mouse.move(0, 0);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    for (const plot of await page.locator('.plot').all()) {
      const box = await plot.boundingBox();
      if (box !== null && box.y < options.viewport.height) await plot.locator('canvas').waitFor();
    }
    comparePicture(name, await page.screenshot({ animations: 'disabled', caret: 'hide' }));
    await context.close();
  });
}
