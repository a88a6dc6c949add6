import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { violations } from './axe.ts';
import type { ReportDocument } from '../../src/document.ts';
import { emptyDocument, fixture, hostile, longDocument } from '../fixtures.ts';
import { drawAll, inkOf, launch, open } from './pages.ts';

let browser: Browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

const OUT = process.env['WEIR_TEST_OUT'] ?? '.';

for (const name of ['passing', 'failing'] as const) {
  test(`the ${name} report draws all charts, without an error and without the network`, async () => {
    const { page, troubles } = await open(browser, fixture(name));
    await drawAll(page);
    const ink = await inkOf(page);
    assert.ok(ink.length >= 7, `${ink.length} charts`);
    for (const chart of ink) assert.ok(chart.pixels > 2000 && chart.colors > 3, `${chart.title}: ${JSON.stringify(chart)}`);
    assert.deepEqual(troubles, []);
    await page.context().close();
  });
}

test('the verdict has a word, a mark and its reasons', async () => {
  for (const name of ['passing', 'failing'] as const) {
    const document = fixture(name);
    const { page } = await open(browser, document);
    const verdict = page.locator('#verdict');
    assert.match(await verdict.locator('.kind').innerText(), new RegExp(document.verdict.kind, 'i'));
    assert.equal(await verdict.locator('svg.icon').count(), 1);
    assert.equal(await verdict.locator('.reasons li').count(), document.verdict.reasons.length);
    assert.ok((await page.locator('h1').innerText()).toLowerCase().includes(document.verdict.sentence.toLowerCase()));
    assert.ok((await page.locator('.strip').innerText()).includes(document.run.commit?.slice(0, 7) ?? ''));
    await page.context().close();
  }
});

test('a chosen request changes its charts, and all selects with it', async () => {
  const document = fixture('failing');
  const other = document.requests.findIndex((row) => row.request !== '' && row.request !== 'dashboard' && row.responseTime !== undefined);
  const { page } = await open(browser, document);
  await drawAll(page);
  const before = await inkOf(page);
  await page.locator('#time select').selectOption({ index: other });
  await drawAll(page);
  const after_ = await inkOf(page);
  assert.notEqual(after_[0]!.sum, before[0]!.sum);
  assert.ok(after_[0]!.title.includes(document.requests[other]!.request));
  assert.equal(await page.locator('#distribution select').evaluate((select) => (select as HTMLSelectElement).selectedIndex), other);
  // The same by its name in the table.
  await page.locator('#requests tbody button.name').first().click();
  assert.match(await page.locator('#time h3').first().innerText(), /All requests/);
  await page.context().close();
});

test('the table of requests filters by words and group and sorts by its headings', async () => {
  const document = fixture('failing');
  const { page } = await open(browser, document);
  const rows = page.locator('#requests tbody tr');
  const all = await rows.count();
  assert.equal(all, document.requests.length);
  await page.getByLabel('Filter').first().fill('SIGN');
  const found = document.requests.filter((row) => `${row.request}${row.journey}${row.group}`.includes('sign')).length;
  assert.equal(await rows.count(), found);
  assert.equal(await page.locator('#requests .said').innerText(), `${found} of ${all} rows`);
  await page.getByLabel('Filter').first().fill('');
  const head = page.locator('#requests thead th', { hasText: 'Count' });
  await head.locator('button').click();
  assert.equal(await head.getAttribute('aria-sort'), 'descending');
  assert.match(await rows.first().innerText(), /All requests/);
  await head.locator('button').click();
  assert.equal(await head.getAttribute('aria-sort'), 'ascending');
  assert.match(await rows.last().innerText(), /All requests/);
  const group = page.locator('#requests').getByLabel('Group', { exact: true });
  if (await group.count() > 0) {
    await group.selectOption({ index: 1 });
    assert.ok(await rows.count() < all);
  }
  await page.context().close();
});

test('the colours can be switched, and charts follow', async () => {
  const { page, troubles } = await open(browser, fixture('failing'));
  await drawAll(page);
  const light = await inkOf(page);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const was = await ground();
  await page.getByRole('button', { name: 'Dark colours' }).click();
  assert.notEqual(await ground(), was);
  assert.notEqual((await inkOf(page))[0]!.sum, light[0]!.sum);
  await page.getByRole('button', { name: 'Light colours' }).click();
  assert.equal(await ground(), was);
  assert.deepEqual(troubles, []);
  await page.context().close();
});

test('the system’s dark colours are taken without asking', async () => {
  const { page } = await open(browser, fixture('passing'), { colorScheme: 'dark' });
  assert.equal(await page.evaluate(() => document.documentElement.dataset['theme']), 'dark');
  await page.context().close();
});

test('a keyboard reaches everything, sees where it is, and reads a chart', async () => {
  const { page } = await open(browser, fixture('failing'));
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the verdict');
  const seen = new Set<string>();
  for (let i = 0; i < 250; i += 1) {
    const at = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      return {
        what: element === document.body ? 'end' : `${element.tagName.toLowerCase()}.${element.className}`.split(' ')[0]!,
        visible: style.outlineStyle !== 'none' && style.outlineWidth !== '0px', size: box.width * box.height,
      };
    });
    if (at.what === 'end') break;
    assert.ok(at.visible && at.size > 0, `${at.what} has the focus, and nobody sees it`);
    seen.add(at.what);
    await page.keyboard.press('Tab');
  }
  for (const what of ['button.quiet', 'select.request-select', 'div.plot', 'button.sort', 'div.scroll', 'button.entry', 'summary.']) {
    assert.ok(seen.has(what), `${what} cannot be reached: ${[...seen].join(' ')}`);
  }
  await page.locator('#time .plot').first().focus();
  await page.locator('#time .plot canvas').first().waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.match(await page.locator('#time .chart [role=status]').first().innerText(), /^0:01: p50 /);
  await page.context().close();
});

test('each chart has its figures as a table', async () => {
  const { page } = await open(browser, fixture('failing'));
  const details = page.locator('#time details').first();
  await details.locator('summary').click();
  await details.locator('tbody tr').first().waitFor();
  const document = fixture('failing');
  assert.equal(await details.locator('tbody tr').count(), document.timeline.requests.length);
  await page.context().close();
});

/** A run that nobody can rely on: undecided, with signals of each weight. */
function doubtful(kind: 'invalid' | 'bypassed'): ReportDocument {
  const document = fixture('failing');
  document.verdict = { kind, allowed: kind === 'bypassed', sentence: 'this measurement says nothing about the service', reasons: ['generator saturated'] };
  for (const finding of document.findings) Object.assign(finding, { state: 'undecided', decided: false });
  document.signals = (['hard', 'soft', 'against the service', 'note'] as const).map((weight) =>
    ({ name: 'generator saturated', weight, words: 'of `it`', who: 'whoever runs the machines' }));
  return document;
}

test('an invalid run asks for those who can help, and does not blame the service', async () => {
  const { page, troubles } = await open(browser, doubtful('invalid'));
  assert.match(await page.locator('#verdict .kind').innerText(), /invalid/i);
  assert.match(await page.locator('#short-next').innerText(), /whoever runs the machines/);
  assert.match(await page.locator('#generator').innerText(), /In trouble/);
  assert.equal(await page.locator('#signals li').count(), 4);
  assert.deepEqual(troubles, []);
  await page.context().close();
});

const LOOKS = {
  light: {}, dark: { colorScheme: 'dark' as const }, phone: { viewport: { width: 360, height: 780 } },
};
for (const [look, options] of Object.entries(LOOKS)) {
  test(`nothing is in the way of people with other senses: ${look}`, async () => {
    const rarer = look === 'light' ? [fixture('passing'), doubtful('bypassed'), emptyDocument()] : [];
    for (const document of [fixture('failing'), doubtful('invalid'), ...rarer]) {
      const { page } = await open(browser, document, options);
      await drawAll(page);
      assert.deepEqual(await violations(page), []);
      await page.context().close();
    }
  });
}

test('on a phone the page does not scroll sideways', async () => {
  for (const report of [fixture('failing'), hostile(fixture('failing'))]) {
    const { page } = await open(browser, report, { viewport: { width: 360, height: 780 } });
    await drawAll(page);
    const wide = await page.evaluate(() => [document.scrollingElement!.scrollWidth,
      ...[...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > 361 && element.closest('.scroll, pre, .uplot, .visually-hidden') === null)
        .map((element) => `${element.tagName}.${element.className}`)]);
    assert.deepEqual(wide, [360]);
    await page.context().close();
  }
});

test('what a result says is text, whatever it says', async () => {
  const { page, troubles } = await open(browser, hostile(fixture('failing')));
  await drawAll(page);
  assert.deepEqual(troubles, []);
  assert.equal(await page.evaluate(() => document.title.includes('owned') && !document.title.includes('<')), false);
  assert.equal(await page.locator('img, b, iframe').count(), 0);
  assert.equal(await page.locator('a[href^="javascript"]').count(), 0);
  await page.context().close();
});

test('a run of nothing says so', async () => {
  const { page, troubles } = await open(browser, emptyDocument());
  assert.match(await page.locator('#conditions').innerText(), /Nothing was asked/);
  assert.match(await page.locator('#requests').innerText(), /No request was sent/);
  assert.deepEqual(troubles, []);
  await page.context().close();
});

test('a damaged document, a later one and none are told in a sentence', async () => {
  for (const [text, words] of [['{"format":', /damaged/], ['{"format":"weir.report","version":7}', /later Weir/], ['{}', /no report/]] as const) {
    const { page, troubles } = await open(browser, text);
    assert.match(await page.locator('main').innerText(), words);
    assert.deepEqual(troubles, []);
    await page.context().close();
  }
});

test('printed, the verdict comes first and the charts are there', async () => {
  const document = fixture('failing');
  const { page } = await open(browser, document, { colorScheme: 'dark' });
  const file = join(OUT, 'failing.pdf');
  writeFileSync(file, await page.pdf({ format: 'A4', printBackground: true }));
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/\s+/g, ' ');
  const at = (words: string) => text.toLowerCase().indexOf(words.toLowerCase());
  assert.ok(at(document.verdict.sentence) >= 0, text.slice(0, 400));
  assert.ok(at(document.verdict.sentence) < at('Conditions') && at('Conditions') < at('Over time'));
  const ink = await inkOf(page);
  assert.ok(ink.length >= 7 && ink.every((chart) => chart.pixels > 2000));
  await page.context().close();
});

test('an hour at 1,000 requests per second: under 3 MB', async (t) => {
  const text = longDocument();
  const { page, troubles } = await open(browser, text);
  const size = await page.evaluate(() => document.documentElement.outerHTML.length);
  const opened = await page.evaluate(() => {
    const entry = performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming;
    return Math.round(entry.loadEventEnd - entry.startTime);
  });
  await page.locator('#time canvas').first().waitFor();
  const drawn = await page.evaluate(() => Math.round(performance.now()));
  t.diagnostic(`document of ${(text.length / 1e6).toFixed(2)} MB: loaded after ${opened} ms, first chart after ${drawn} ms at most; ${(size / 1e6).toFixed(2)} MB in the page`);
  assert.ok(text.length < 3e6, `${text.length} bytes`);
  assert.deepEqual(troubles, []);
  await page.context().close();
});
