/** A stranger reads the failing report alone: the ten questions of docs/read-the-report.md, each answered where it says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { ReportDocument } from '../../src/document.ts';
import { duration, figure, limit, ratio, share, short } from '../../src/ui/format.ts';
import { doubts, generatorTrouble, mainChange, mainFinding } from '../../src/report/in_short.ts';
import { slowdown } from '../../src/report/rows.ts';
import { fixture } from '../fixtures.ts';
import { launch, open } from './pages.ts';

let browser: Browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

/** By the number of the question: what has to be read in the place that the page of docs names. */
const ANSWERS: Record<number, (document: ReportDocument) => string[]> = {
  1: () => ['Fail', 'blocked'],
  2: (document) => [mainFinding(document)?.request ?? '?'],
  3: (document) => { const finding = mainFinding(document)!; return [figure(finding.value, finding.unit), `limit ${limit(finding.limit, finding.unit)}`]; },
  4: (document) => { const change = mainChange(document)!; return [ratio(slowdown(change)), duration(change.nowMs), duration(change.usualMs)]; },
  5: (document) => [short(document.baseline.lastGood?.commit ?? '?'), short(document.run.commit ?? '?')],
  6: (document) => ['Decided', ...mainFinding(document)!.interval!.map((edge) => figure(edge, 'share'))],
  7: () => ['first fifth of the run', 'in the last'],
  8: (document) => {
    const against = doubts(document).map((signal) => signal.name);
    return against.length === 0 ? ['Nothing speaks against the measurement'] : ['against the measurement', ...against];
  },
  9: (document) => [generatorTrouble(document).length === 0 ? 'Kept up' : 'In trouble', share(document.generator.cpuShareMax)],
  10: () => ['Who should look'],
};

interface Question { number: number; question: string; places: string[] }

/** Rows of the page's table: | 2 | Which page? | [place](#anchor-in-the-report) |, a place in code: `#short-where`. */
function questions(): Question[] {
  const text = readFileSync(join(process.env['WEIR_REPORT_UI'] ?? '.', '../docs/read-the-report.md'), 'utf8');
  return [...text.matchAll(/^\| (\d+) \| ([^|]+) \|([^|]+)\|/gm)].map((row) => ({
    number: Number(row[1]), question: row[2]!.trim(), places: [...row[3]!.matchAll(/`(#[\w-]+)`/g)].map((place) => place[1]!),
  }));
}

test('there are ten questions, each with its place', () => {
  assert.deepEqual(questions().map((one) => one.number), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  for (const one of questions()) assert.ok(one.places.length > 0, one.question);
});

test('each question is answered in each place that is named', async (t) => {
  const document = fixture('failing');
  const { page } = await open(browser, document);
  for (const { number, question, places } of questions()) {
    await t.test(`${number}. ${question}`, async () => {
      for (const place of places) {
        const text = (await page.locator(place).innerText()).replaceAll('\u00a0', ' ');
        for (const words of ANSWERS[number]!(document)) {
          assert.ok(text.toLowerCase().includes(words.toLowerCase()), `${place} does not say “${words}”: ${text.slice(0, 500)}`);
        }
      }
    });
  }
  await page.context().close();
});

test('the first screen answers where, how much, since when and how sure', async () => {
  const { page } = await open(browser, fixture('failing'));
  const inSight = async (part: Page, selector: string) => {
    const box = await part.locator(selector).boundingBox();
    return box !== null && box.y + box.height <= 900;
  };
  for (const part of ['#verdict-title', '#short-where', '#short-slower', '#short-since', '#short-sure']) {
    assert.ok(await inSight(page, part), `${part} is below the first screen`);
  }
  await page.context().close();
});
