// Makes each page of src/ one HTML file that needs nothing else: script and style inside, allowed by their hashes.
//
//   node build.mjs --modules NODE_MODULES --out FOLDER [--data DOCUMENT.json]
//
// A page is a folder of src/ with page.html (the frame), main.ts and page.css. With --data the report's placeholder is
// filled in as Weir does it, to look at a document without Weir: FOLDER/report.DOCUMENT.html.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: { modules: { type: 'string' }, out: { type: 'string' }, data: { type: 'string' } },
});
const modules = realpathSync(options.modules ?? join(here, '../build/third_party/report-ui/node_modules'));
const out = resolve(options.out ?? join(here, '../build/report-ui'));
const esbuild = createRequire(join(modules, 'any.js'))('esbuild');

const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  charset: 'utf8',
  target: ['es2020', 'chrome90', 'firefox90', 'safari15'],
  nodePaths: [modules],
  write: false,
  metafile: true,
  logLevel: 'warning',
};

const text = (result) => result.outputFiles[0].text.trim();
const hash = (inline) => `'sha256-${createHash('sha256').update(inline).digest('base64')}'`;

/** The licences of the packages that went into a bundle: they ask to be handed on. */
function licences(metafile) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const inside = relative(modules, resolve(here, input)).split(/[\\/]/);
    if (inside[0] !== '..') packages.add(inside[0].startsWith('@') ? inside.slice(0, 2).join('/') : inside[0]);
  }
  return [...packages].sort().map((name) => {
    const file = readdirSync(join(modules, name)).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence that could be handed on`);
    const { version } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
    return `/*! ${name} ${version}\n${readFileSync(join(modules, name, file), 'utf8').replaceAll('*/', '').trim()} */\n`;
  });
}

async function page(name) {
  const folder = join(here, 'src', name);
  const script = await esbuild.build({ ...shared, entryPoints: [join(folder, 'main.ts')], format: 'iife' });
  const style = await esbuild.build({ ...shared, entryPoints: [join(folder, 'page.css')] });
  const js = licences(script.metafile).join('') + text(script);
  const css = text(style);
  const parts = { script: js, style: css, 'script-hash': hash(js), 'style-hash': hash(css) };
  const frame = readFileSync(join(folder, 'page.html'), 'utf8');
  const html = frame.replace(/\{\{([\w-]+)\}\}/g, (_, part) => {
    if (!(part in parts)) throw new Error(`${name}/page.html: there is no part {{${part}}}`);
    return parts[part];
  });
  writeFileSync(join(out, `${name}.html`), html);
  return html;
}

mkdirSync(out, { recursive: true });
const names = readdirSync(join(here, 'src')).filter((name) => existsSync(join(here, 'src', name, 'page.html')));
for (const name of names) {
  const html = await page(name);
  if (name === 'report' && options.data !== undefined) {
    const document = readFileSync(options.data, 'utf8').trim().replaceAll('<', '\\u003c');
    writeFileSync(join(out, `report.${basename(options.data, '.json')}.html`),
      html.replace('__WEIR_REPORT__', () => document));
  }
}
