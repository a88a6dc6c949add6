/** What the reports look like, compared with docs/images/. WEIR_UPDATE_PICTURES=1 writes those instead. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pixelmatch from 'pixelmatch';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { PNG } from 'pngjs';
import { fixture } from '../fixtures.ts';
import { launch, open } from './pages.ts';

const FOLDER = join(process.env['WEIR_REPORT_UI'] ?? '.', '../docs/images');
const OUT = process.env['WEIR_TEST_OUT'] ?? '.';
/** Rasterisers differ at the edges of letters; a section that is missing or a chart that is blank differs in far more. */
const TOLERANCE = 0.02;

const LOOKS: Record<string, BrowserContextOptions> = {
  desktop: { viewport: { width: 1280, height: 1500 } },
  phone: { viewport: { width: 390, height: 1200 } },
  dark: { viewport: { width: 1280, height: 1500 }, colorScheme: 'dark' },
};

let browser: Browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

for (const name of ['passing', 'failing'] as const) {
  for (const [look, options] of Object.entries(LOOKS)) {
    test(`the ${name} report looks as it should: ${look}`, async () => {
      const { page } = await open(browser, fixture(name), options);
      for (const plot of await page.locator('.plot').all()) {
        const box = await plot.boundingBox();
        if (box !== null && box.y < (options.viewport?.height ?? 0)) await plot.locator('canvas').waitFor();
      }
      const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
      await page.context().close();
      const file = join(FOLDER, `report-${name}-${look}.png`);
      if (process.env['WEIR_UPDATE_PICTURES'] === '1') {
        writeFileSync(file, picture);
        return;
      }
      assert.ok(existsSync(file), `${file} is missing: WEIR_UPDATE_PICTURES=1 writes it`);
      const now = PNG.sync.read(picture);
      const reference = PNG.sync.read(readFileSync(file));
      assert.deepEqual([now.width, now.height], [reference.width, reference.height]);
      const difference = new PNG({ width: now.width, height: now.height });
      const differing = pixelmatch(reference.data, now.data, difference.data, now.width, now.height, { threshold: 0.2 });
      const share = differing / (now.width * now.height);
      if (share > TOLERANCE) {
        writeFileSync(join(OUT, `report-${name}-${look}.png`), picture);
        writeFileSync(join(OUT, `report-${name}-${look}.difference.png`), PNG.sync.write(difference));
      }
      assert.ok(share <= TOLERANCE, `${(share * 100).toFixed(1)} % of the pixels differ from ${file}; now and difference are in ${OUT}`);
    });
  }
}
