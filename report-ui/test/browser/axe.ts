/** What axe finds to be in somebody's way. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(join(process.env['NODE_PATH'] ?? '.', 'any.js')).resolve('axe-core/axe.min.js'), 'utf8');

export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(source);
  return page.evaluate(async () => {
    const found = await (globalThis as any).axe.run(document, { resultTypes: ['violations'] });
    return found.violations.map((one: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }) =>
      `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`);
  });
}
