/** What stands at the ticks of axes: as short as it can be. */
const trimmed = (value: number) => String(Number(value.toPrecision(4)));

/** Milliseconds: "0", "250 ms", "1.5 s", "2 m". */
export function durationTick(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 1000) return `${trimmed(ms)} ms`;
  if (ms < 120_000) return `${trimmed(ms / 1000)} s`;
  return `${trimmed(ms / 60_000)} m`;
}

/** 1/(1-p) to the percentile that it stands for: 10 is "90 %", 1000 "99.9 %". */
export function percentileTick(inverse: number): string {
  const nines = Math.round(Math.log10(inverse));
  if (nines <= 0) return '0 %';
  return nines <= 2 ? `${['90', '99'][nines - 1]} %` : `99.${'9'.repeat(nines - 2)} %`;
}

/** Bytes at steps that are powers of two: "0", "512 KiB", "1.5 MiB". */
export function bytesTick(value: number): string {
  if (value === 0) return '0';
  const power = Math.min(4, Math.floor(Math.log2(value) / 10));
  return `${trimmed(value / 1024 ** power)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
}
