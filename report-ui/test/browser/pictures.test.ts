/** What the reports look like, compared with docs/images/. WEIR_UPDATE_PICTURES=1 writes those instead. */
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { fixture } from '../fixtures.ts';
import { launch, open } from './pages.ts';
import { comparePicture } from './picture.ts';

/** How a report is opened, and the section that is looked at. */
const LOOKS: Record<string, [options: BrowserContextOptions, section?: string]> = {
  desktop: [{ viewport: { width: 1280, height: 1200 } }],
  charts: [{ viewport: { width: 1280, height: 1200 } }, '#time'],
  phone: [{ viewport: { width: 390, height: 1200 } }],
  dark: [{ viewport: { width: 1280, height: 1200 }, colorScheme: 'dark' }],
};

let browser: Browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

for (const name of ['passing', 'failing'] as const) {
  for (const [look, [options, section]] of Object.entries(LOOKS)) {
    test(`the ${name} report looks as it should: ${look}`, async () => {
      const { page } = await open(browser, fixture(name), options);
      if (section !== undefined) await page.locator(section).evaluate((element) => element.scrollIntoView());
      for (const plot of await page.locator('.plot').all()) {
        const box = await plot.boundingBox();
        if (box !== null && box.y < (options.viewport?.height ?? 0)) await plot.locator('canvas').waitFor();
      }
      const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
      await page.context().close();
      comparePicture(`report-${name}-${look}`, picture);
    });
  }
}
