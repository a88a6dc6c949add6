/** Whether the measurement can be believed: signals, probes beside the load, what the target said, the generator. */
import type { ReportDocument, Signal } from '../../document.ts';
import { chart, type ChartSpec } from '../../ui/chart.ts';
import { el, prose, type Child } from '../../ui/dom.ts';
import { bytes, count, duration, elapsed, plural, sentence, share } from '../../ui/format.ts';
import { icon, type Icon } from '../../ui/icons.ts';
import { bytesTick, durationTick } from '../../ui/ticks.ts';
import { table } from '../../ui/table.ts';
import { doubts, generatorTrouble } from '../in_short.ts';
import { facts, nothing, section } from '../section.ts';

const WEIGHTS: Record<Signal['weight'], { order: number; icon: Icon; word: string }> = {
  hard: { order: 0, icon: 'invalid', word: 'Makes the run invalid' },
  'against the service': { order: 1, icon: 'fail', word: 'Against the service' },
  soft: { order: 2, icon: 'invalid', word: 'Reservation' },
  note: { order: 3, icon: 'note', word: 'Note' },
};

export function signalsSection(document: ReportDocument): HTMLElement {
  const sorted = [...document.signals].sort((a, b) => WEIGHTS[a.weight].order - WEIGHTS[b.weight].order);
  const against = doubts(document).length;
  return section({
    id: 'signals',
    title: 'Can it be trusted?',
    short: 'Trust',
    lead: against === 0 ? 'Nothing speaks against the measurement.' : `${plural(against, 'signal')} ${against === 1 ? 'speaks' : 'speak'} against the measurement.`,
    body: [sorted.length === 0 ? nothing('No signal fired.') : el('ul', { class: 'signals' }, sorted.map((signal) => {
      const weight = WEIGHTS[signal.weight];
      return el('li', { class: weight.icon },
        el('span', { class: 'badge' }, icon(weight.icon), weight.word),
        el('div', {}, el('h3', {}, signal.name.charAt(0).toUpperCase() + signal.name.slice(1)), el('p', {}, prose(sentence(signal.words))),
          signal.who !== '' && el('p', { class: 'muted' }, `Who should look: ${signal.who}`)));
    }))],
  });
}

function probeChart(probed: ReportDocument['surroundings']['probed'][number]): ChartSpec {
  const answered = probed.probes.filter(([, , status]) => status >= 200 && status < 400);
  const bad = probed.probes.length - answered.length;
  return {
    title: `Probe of ${probed.name === '' ? 'the target' : probed.name}`,
    summary: `${plural(probed.probes.length, 'light request')} beside the load to ${probed.url}; ${bad === 0 ? 'all were answered' : `${count(bad)} had an error or no answer`}.${probed.lastError === '' ? '' : ` The last error: ${probed.lastError}.`}`,
    height: 200,
    sync: 'time',
    x: { title: 'time since the start, m:s', values: probed.probes.map(([at]) => at), format: elapsed, seconds: true },
    y: { title: 'answer time', format: duration, tick: durationTick },
    series: [
      { label: 'answered', values: probed.probes.map(([, ms, status]) => (status >= 200 && status < 400 ? ms : null)), color: '--kind-1', dots: true },
      ...(bad === 0 ? [] : [{ label: 'failed', values: probed.probes.map(([, ms, status]) => (status >= 200 && status < 400 ? null : ms)), color: '--fail', dots: true, width: 0 }]),
    ],
    ...(probed.slowOverMs === undefined ? {} : { limits: [{ value: probed.slowOverMs, label: `slow over ${durationTick(probed.slowOverMs)}`, color: '--limit' }] }),
    ...(probed.probes.length > 0 ? {} : { empty: 'It was not probed.' }),
  };
}

function readingCharts(document: ReportDocument): Child {
  const { readings } = document.surroundings;
  if (readings.length < 2) return undefined;
  const at = readings.map((reading) => reading.atSeconds);
  const x = { title: 'time since the start, m:s', values: at, format: elapsed, seconds: true };
  const memory = readings.map((reading) => reading.memoryBytes);
  const optional = (values: (number | undefined)[]) => values.map((value) => value ?? null);
  const cpu = optional(readings.map((reading) => reading.cpuShare));
  const machine = optional(readings.map((reading) => reading.machineCpuShare));
  return [
    memory.some((value) => value > 0) && chart({
      title: 'Memory of the target', height: 200, sync: 'time', x,
      summary: `${bytes(memory[0])} at first, ${bytes(memory[memory.length - 1])} at the end.`,
      y: { title: 'resident memory, by its metrics', format: bytes, tick: bytesTick, bytes: true },
      series: [{ label: 'memory', values: memory, color: '--kind-4', kind: 'area' }],
    }).element,
    (cpu.some((value) => value !== null) || machine.some((value) => value !== null)) && chart({
      title: 'CPU of the target', height: 200, sync: 'time', x,
      summary: 'What the service and its whole machine used of the machine’s CPU.',
      y: { title: 'share of the machine', format: share, tick: (value) => `${Math.round(value * 100)} %` },
      series: [
        { label: 'service', values: cpu, color: '--kind-1' },
        { label: 'machine', values: machine, color: '--kind-2', dash: [5, 4] },
      ],
    }).element,
  ];
}

/** Not shown when nothing around the run was looked at. */
export function surroundingsSection(document: ReportDocument): HTMLElement | undefined {
  const { probed, readings, facts: known } = document.surroundings;
  if (probed.length === 0 && readings.length === 0 && known.length === 0) return undefined;
  return section({
    id: 'surroundings',
    title: 'Around the run',
    short: 'Surroundings',
    lead: 'Light requests beside the load, what the target said of itself, and the facts that were pinned.',
    body: [
      known.length > 0 && facts(known.map((fact) => [fact.name, count(fact.value)])),
      el('div', { class: 'pair' }, probed.map((one) => chart(probeChart(one)).element), readingCharts(document)),
    ],
  });
}

export function generatorSection(document: ReportDocument): HTMLElement {
  const g = document.generator;
  const trouble = generatorTrouble(document);
  return section({
    id: 'generator',
    title: 'The load generator',
    short: 'Generator',
    lead: el('span', { class: trouble.length === 0 ? 'pass' : 'invalid' },
      el('span', { class: 'badge' }, icon(trouble.length === 0 ? 'pass' : 'invalid'), trouble.length === 0 ? 'Kept up' : 'In trouble'),
      trouble.length === 0 ? ' What was late or slow is not its doing.' : ` ${trouble.map((signal) => signal.name).join(', ')}.`,
      g.onTarget && ' It ran on the target’s machine, and shared its CPU.'),
    body: [
      facts([
        ['Cores it may use', count(g.cores)],
        ['Threads with users', count(g.workers)],
        ['CPU, most', share(g.cpuShareMax)],
        ['CPU stolen, most', share(g.stealShareMax)],
        ['Longest stall', `${duration(g.loopStallMaxMs)}${g.loopStalls > 0 ? ` (${plural(g.loopStalls, 'stall')})` : ''}`],
        ['Arrivals missed', count(g.arrivalsMissed)],
        ['Late start, p99', duration(g.startDelayP99Ms)],
        ['Memory, most', bytes(g.memoryMostBytes)],
        ['Descriptors, most', count(g.descriptorsMost)],
        ['Samples not written', g.samplesUnwritten > 0 && count(g.samplesUnwritten)],
      ], 'facts grid'),
      g.telemetry.length > 0 && el('h3', { class: 'sub' }, 'Telemetry that was sent'),
      g.telemetry.length > 0 && table({
        caption: 'Telemetry by output',
        rows: g.telemetry,
        columns: [
          { title: 'Output', cell: (row) => row.output, by: (row) => row.output },
          { title: 'Sent', cell: (row) => count(row.sent), by: (row) => row.sent, number: true },
          { title: 'Dropped', cell: (row) => row.dropped > 0 ? el('span', { class: 'bad' }, count(row.dropped)) : '0', by: (row) => row.dropped, number: true },
          { title: 'In words', cell: (row) => row.words },
        ],
      }),
    ],
  });
}
