// Runs the tests of one folder with node's own runner, after esbuild has made JavaScript of them.
//
//   node test/run.mjs unit|browser --modules NODE_MODULES --out FOLDER [--pages FOLDER] [--only WORD]
//
// --pages: where build.mjs left the pages. Browser tests need Chromium (WEIR_CHROMIUM, /usr/bin/chromium by default).
// WEIR_UPDATE_PICTURES=1 writes the reference pictures instead of comparing with them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { modules: { type: 'string' }, out: { type: 'string' }, pages: { type: 'string' }, only: { type: 'string' } },
});
const part = positionals[0] ?? 'unit';
const modules = resolve(options.modules ?? join(here, '../../build/third_party/report-ui/node_modules'));
const out = resolve(options.out ?? join(here, '../../build/report-ui/tests'), part);
const esbuild = createRequire(join(modules, 'any.js'))('esbuild');

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const tests = readdirSync(join(here, part))
  .filter((name) => name.endsWith('.test.ts') && name.includes(options.only ?? ''))
  .map((name) => join(here, part, name));
esbuild.buildSync({
  entryPoints: tests, outdir: out, bundle: true, platform: 'node', target: 'node18', format: 'cjs', nodePaths: [modules],
  outExtension: { '.js': '.cjs' }, external: ['playwright-core', 'axe-core'], sourcemap: 'inline', logLevel: 'warning',
});
const made = readdirSync(out).filter((name) => name.endsWith('.test.cjs')).map((name) => join(out, name));
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', '--test-reporter', 'spec', ...made], {
  stdio: 'inherit',
  env: {
    ...process.env, NODE_PATH: modules, WEIR_REPORT_UI: dirname(here), WEIR_TEST_OUT: out,
    WEIR_PAGES: resolve(options.pages ?? join(here, '../../build/report-ui')),
  },
});
process.exit(status ?? 1);
