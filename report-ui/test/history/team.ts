/** `weir history serve` as a team starts it, on a store of the test's own. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const WEIR = resolve(process.env['WEIR'] ?? 'weir');
const PAST_RUNS = join(process.env['WEIR_REPORT_UI'] ?? '.', '../tests/peers/past_runs.py');

const SUITE = `
[gate]
name = "cases"
results = "results"
[[journey]]
script = "journey.js"
[environment.preprod]
base_url = "http://cases.preprod.example"
[[condition]]
that = "at most 1 % errors"
[store]
url = "sqlite:store.db"
[[bypass.person]]
name = "Ann"
key = "ann.pub"
[[bypass.person]]
name = "Bob"
key = "bob.pub"
`;

export class Team {
  readonly folder = mkdtempSync(join(tmpdir(), 'weir-team-'));
  private process: ChildProcess | undefined;
  url = '';

  constructor() {
    writeFileSync(join(this.folder, 'weir.toml'), SUITE);
    writeFileSync(join(this.folder, 'journey.js'), 'export default function () {}\n');
    for (const name of ['ann', 'bob']) this.weir('key', 'new', '--out', name);
  }

  weir(...words: string[]): string {
    return execFileSync(WEIR, words, { cwd: this.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** The story of past_runs.py, or one more run: number, verdict, commit, 95 % quantile in ms. */
  fill(...run: (string | number)[]): void {
    if (run.length === 0) this.weir('history');
    execFileSync('/usr/bin/python3', [PAST_RUNS, join(this.folder, 'store.db'), ...run.map(String)],
      { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
  }

  report(run: string, html: string): void {
    mkdirSync(join(this.folder, 'results', run), { recursive: true });
    writeFileSync(join(this.folder, 'results', run, 'report.html'), html);
  }

  breakStore(): void {
    rmSync(join(this.folder, 'store.db-wal'), { force: true });
    writeFileSync(join(this.folder, 'store.db'), 'this is no database'.repeat(100));
  }

  removeStore(): void {
    for (const end of ['', '-wal', '-shm']) rmSync(join(this.folder, `store.db${end}`), { force: true });
  }

  async serve(flags: string[] = [], env: Record<string, string> = {}): Promise<this> {
    this.process = spawn(WEIR, ['history', 'serve', '--listen', '127.0.0.1:0', ...flags],
      { cwd: this.folder, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines = createInterface({ input: this.process.stdout! });
    for await (const line of lines) {
      const found = /(http:\/\/\S+) shows/.exec(line);
      if (found === null) continue;
      this.url = found[1]!;
      return this;
    }
    throw new Error('weir history serve ended before it listened');
  }

  end(): void {
    this.process?.kill('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** As past_runs.py names them. */
export function runId(number: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `202611${two(3 + Math.floor(number / 4))}T${12 + (number % 4)}0000Z-${number.toString(16).padStart(8, '0')}`;
}
