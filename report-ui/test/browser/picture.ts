/** Pictures of pages, compared with docs/images/. WEIR_UPDATE_PICTURES=1 writes those instead. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

const FOLDER = join(process.env['WEIR_REPORT_UI'] ?? '.', '../docs/images');
const OUT = process.env['WEIR_TEST_OUT'] ?? '.';
/** Rasterisers differ at the edges of letters; where something moved or is missing, more differs. Blank charts have a test of their own. */
const TOLERANCE = 0.01;

/** `name`: of the file, without ".png". */
export function comparePicture(name: string, picture: Buffer): void {
  const file = join(FOLDER, `${name}.png`);
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
    writeFileSync(join(OUT, `${name}.png`), picture);
    writeFileSync(join(OUT, `${name}.difference.png`), PNG.sync.write(difference));
  }
  assert.ok(share <= TOLERANCE, `${(share * 100).toFixed(1)} % of the pixels differ from ${file}; now and difference are in ${OUT}`);
}
