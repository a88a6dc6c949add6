/** Opens pages in the real browser, as a person would: from a file, with the page's own policy in force. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import type { ReportDocument } from '../../src/document.ts';

const PAGES = process.env['WEIR_PAGES'] ?? '';
const folder = mkdtempSync(join(tmpdir(), 'weir-report-'));
let made = 0;

export async function launch(): Promise<Browser> {
  const executablePath = process.env['WEIR_CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new Error(`there is no Chromium at ${executablePath}: setup/install installs it`);
  return chromium.launch({
    executablePath,
    // As root there is no sandbox. The rest makes pictures the same everywhere.
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--font-render-hinting=none', '--disable-lcd-text',
      '--force-color-profile=srgb', '--hide-scrollbars'],
  });
}

/** The page with a document in it, as Weir writes it. */
export function reportFile(document: ReportDocument | string): string {
  const frame = readFileSync(join(PAGES, 'report.html'), 'utf8');
  const text = (typeof document === 'string' ? document : JSON.stringify(document)).replaceAll('<', '\\u003c');
  made += 1;
  const file = join(folder, `report-${made}.html`);
  writeFileSync(file, frame.replace('__WEIR_REPORT__', () => text));
  return file;
}

export interface Opened {
  page: Page;
  /** What went wrong: console errors, refused content, exceptions, requests to anywhere but the file. */
  troubles: string[];
}

export async function open(browser: Browser, document: ReportDocument | string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce', ...options });
  await fixFonts(context);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    // The one warning is about how tests look at canvases.
    if (['error', 'warning'].includes(message.type()) && !message.text().includes('getImageData')) troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('request', (request) => { if (!/^(file|data):/.test(request.url())) troubles.push(`asked ${request.url()}`); });
  await page.goto(pathToFileURL(reportFile(document)).href);
  return { page, troubles };
}

/** The fonts that setup installs, so that a picture does not depend on what else a machine has. Before the page opens. */
export async function fixFonts(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const set = () => {
      const style = document.documentElement?.style;
      style?.setProperty('--sans', 'Inter, "DejaVu Sans", sans-serif');
      style?.setProperty('--mono', '"DejaVu Sans Mono", monospace');
      return style !== undefined;
    };
    if (!set()) {
      const watch = new MutationObserver(() => { if (set()) watch.disconnect(); });
      watch.observe(document, { childList: true });
    }
  });
}

/** Scrolls through the page, so that each chart is drawn. */
export async function drawAll(page: Page): Promise<void> {
  for (const plot of await page.locator('.plot').all()) {
    if (!(await plot.isVisible())) continue;
    await plot.scrollIntoViewIfNeeded();
    await plot.locator('canvas').waitFor();
  }
}

/** How many pixels of each canvas are not transparent, and how many colours they have. */
export async function inkOf(page: Page): Promise<{ title: string; pixels: number; colors: number; sum: number }[]> {
  return page.evaluate(() => [...document.querySelectorAll<HTMLCanvasElement>('.plot canvas')].map((canvas) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const colors = new Set<number>();
    let pixels = 0;
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] === 0) continue;
      pixels += 1;
      const color = (data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!;
      colors.add(color);
      sum = (sum * 31 + color + i) % 2147483647;
    }
    return { title: canvas.closest('.plot')?.getAttribute('aria-label') ?? '', pixels, colors: colors.size, sum };
  }));
}
