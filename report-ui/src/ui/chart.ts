/**
 * A chart on uPlot, with what a canvas lacks: it is drawn when it comes into sight, follows the theme, its legend says
 * the values under the cursor, arrow keys move the cursor, and a table has all of its figures.
 */
import uPlot from 'uplot';
import { el, freshId } from './dom.ts';
import { bars, drawLines, isolated, type Limit, type Mark } from './chart_drawing.ts';
import { color, onThemeChange } from './theme.ts';

export interface Series {
  label: string;
  values: (number | null)[];
  /** A token of the style sheet: "--p95". */
  color: string;
  kind?: 'line' | 'step' | 'area' | 'bars';
  width?: number;
  dash?: number[];
  /** Points without a neighbour on either side get a dot; here all do. */
  dots?: boolean;
  /** A line across the points between which there is none. */
  spans?: boolean;
}

export interface ChartSpec {
  title: string;
  /** One sentence that says what the chart shows, also to those who do not see it. */
  summary: string;
  height?: number;
  /** Charts of one key move their cursors together. */
  sync?: string;
  x: {
    title: string;
    values: number[];
    format: (value: number) => string;
    /** How ticks are written, where shorter than the value. */
    tick?: (value: number) => string;
    log?: boolean;
    range?: [number, number];
    splits?: number[];
    /** Seconds: ticks are at whole ones, minutes, hours. */
    seconds?: boolean;
    /** With bars: where each begins and ends. */
    bins?: [number, number][];
  };
  y: {
    title: string;
    format: (value: number | null) => string;
    tick?: (value: number) => string;
    /** From zero to above all values, unless said otherwise. */
    range?: [number, number];
    /** Its ticks are whole KiB or MiB. */
    bytes?: boolean;
  };
  series: Series[];
  /** Between two series, by index. */
  bands?: { upper: number; lower: number; color: string }[];
  limits?: Limit[];
  marks?: Mark[];
  /** In place of a chart of nothing. */
  empty?: string;
}

export interface Chart {
  readonly element: HTMLElement;
  show(spec: ChartSpec): void;
}

interface Drawn {
  redraw(): void;
  /** On paper a chart is as wide as the page; its picture is made larger than that, so that it is sharp. */
  paper(printing: boolean): void;
}

const PAPER_WIDTH = 960;
const drawn = new Set<Drawn>();
const waiting = new Map<Element, () => void>();
const sight = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) reveal(entry.target);
}, { rootMargin: '300px' });

function reveal(plot: Element): void {
  const draw = waiting.get(plot);
  if (draw === undefined) return;
  waiting.delete(plot);
  sight.unobserve(plot);
  draw();
}

onThemeChange(() => { for (const one of drawn) one.redraw(); });
addEventListener('beforeprint', () => {
  for (const plot of [...waiting.keys()]) reveal(plot);
  for (const one of drawn) one.paper(true);
});
addEventListener('afterprint', () => { for (const one of drawn) one.paper(false); });

const font = (size: number) =>
  `${size}px ${getComputedStyle(document.documentElement).getPropertyValue('--sans').trim() || 'sans-serif'}`;

/** A share of a token's colour: canvases know no color-mix() everywhere. */
function faint(token: string): string {
  const hex = color(token);
  return /^#[0-9a-f]{6}$/i.test(hex) ? `${hex}40` : hex;
}

function seriesOptions(series: Series, spec: ChartSpec): uPlot.Series {
  const options: uPlot.Series = {
    label: series.label,
    stroke: () => color(series.color),
    width: series.width ?? 1.5,
    spanGaps: series.spans ?? false,
    points: {
      show: series.dots ?? false,
      size: 6,
      fill: () => color(series.color),
      ...(series.dots ? {} : { filter: (u: uPlot, i: number) => isolated(u.data[i] as (number | null)[]) }),
    },
  };
  if (series.dash !== undefined) options.dash = series.dash;
  if (series.kind === 'step') options.paths = uPlot.paths.stepped!({ align: 1 });
  if (series.kind === 'area') options.fill = () => faint(series.color);
  if (series.kind === 'bars') {
    options.paths = bars(spec.x.bins ?? []);
    options.fill = () => color(series.color);
    options.width = 0;
    options.points = { show: false };
  }
  return options;
}

function yRange(spec: ChartSpec): uPlot.Scale.Range {
  if (spec.y.range !== undefined) return spec.y.range;
  return (_, __, max) => {
    const most = Math.max(max ?? 0, 0);
    // A limit far above all that happened would flatten it: then only its words say where it is.
    const limits = (spec.limits ?? []).map((limit) => limit.value).filter((value) => most === 0 || value <= most * 6);
    const top = Math.max(most, ...limits);
    return [0, top > 0 ? top * 1.08 : 1];
  };
}

function axisOptions(spec: ChartSpec): uPlot.Axis[] {
  const shared = {
    stroke: () => color('--ink-2'),
    font: font(12),
    ticks: { stroke: () => color('--line'), size: 4, width: 1 },
    grid: { stroke: () => color('--line-2'), width: 1 },
  };
  const x: uPlot.Axis = {
    ...shared,
    label: spec.x.title,
    labelFont: font(12),
    labelSize: 20,
    size: 30,
    gap: 4,
    space: 64,
    values: (_, splits) => splits.map((value) => (value === null ? null : (spec.x.tick ?? spec.x.format)(value))),
  };
  if (spec.x.seconds) x.incrs = SECONDS;
  if (spec.x.splits !== undefined) {
    x.splits = spec.x.splits;
    x.filter = (_, splits) => splits;
  }
  const y: uPlot.Axis = {
    ...shared,
    gap: 6,
    space: 36,
    ...(spec.y.bytes ? { incrs: BINARY } : {}),
    values: (_, splits) => splits.map((value) => (value === null ? null : (spec.y.tick ?? spec.y.format)(value))),
    size: (u, values) => {
      if (values === null || values === undefined) return 40;
      u.ctx.font = font(12 * uPlot.pxRatio);
      const widest = Math.max(0, ...values.map((value) => u.ctx.measureText(value ?? '').width / uPlot.pxRatio));
      return Math.ceil(widest) + 14;
    },
  };
  return [x, y];
}

const SECONDS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** Steps of an axis of bytes: powers of two, so that ticks are whole KiB or MiB. */
const BINARY = Array.from({ length: 45 }, (_, i) => 2 ** i);

export function chart(first: ChartSpec): Chart {
  let spec = first;
  let plot: uPlot | undefined;
  let hidden = new Set<string>();
  const summaryId = freshId('summary');
  const heading = el('h3');
  const summary = el('p', { class: 'muted', id: summaryId });
  const unit = el('p', { class: 'unit', 'aria-hidden': 'true' });
  const legend = el('div', { class: 'legend' });
  const area = el('div', { class: 'plot', tabindex: '0', role: 'img', 'aria-describedby': summaryId });
  const readout = el('p', { class: 'visually-hidden', role: 'status' });
  const details = el('details', {}, el('summary', {}, 'Figures as a table'));
  const values: HTMLElement[] = [];
  const element = el('figure', { class: 'chart' }, el('figcaption', {}, heading, summary), unit, legend, area, readout, details);

  function height(): number {
    return innerWidth < 600 ? Math.min(spec.height ?? 260, 220) : spec.height ?? 260;
  }

  function draw(): void {
    plot?.destroy();
    plot = undefined;
    area.replaceChildren();
    const width = Math.floor(area.clientWidth);
    if (spec.empty !== undefined || width === 0) return;
    const options: uPlot.Options = {
      width,
      height: height(),
      padding: [10, spec.x.seconds ? 18 : 10, 0, 0],  // the last tick of a time is wide
      legend: { show: false },
      cursor: {
        y: false,
        points: { size: 7 },
        drag: { x: true, y: false },
        ...(spec.sync === undefined ? {} : { sync: { key: spec.sync } }),
      },
      scales: {
        x: {
          time: false,
          ...(spec.x.log ? { distr: 3 as const } : {}),
          ...(spec.x.range === undefined ? {} : { range: spec.x.range }),
        },
        y: { range: yRange(spec) },
      },
      axes: axisOptions(spec),
      series: [{}, ...spec.series.map((one) => ({ ...seriesOptions(one, spec), show: !hidden.has(one.label) }))],
      bands: (spec.bands ?? []).map((band) => ({
        series: [band.upper + 1, band.lower + 1] as [number, number], fill: () => faint(band.color),
      })),
      hooks: {
        draw: [(u) => drawLines(u, spec.limits ?? [], spec.marks ?? [], font)],
        setCursor: [(u) => tell(u.cursor.idx ?? null)],
      },
    };
    plot = new uPlot(options, [spec.x.values, ...spec.series.map((one) => one.values)] as uPlot.AlignedData, area);
  }

  /** The values at the cursor, in the legend; undefined index: none. */
  function tell(index: number | null): void {
    const at = index === null ? undefined : spec.x.values[index];
    unit.textContent = at === undefined ? spec.y.title : `${spec.y.title} · ${spec.x.format(at)}`;
    spec.series.forEach((one, i) => {
      const value = values[i];
      if (value !== undefined) value.textContent = index === null ? '' : spec.y.format(one.values[index] ?? null);
    });
  }

  function keys(event: KeyboardEvent): void {
    if (plot === undefined) return;
    const last = spec.x.values.length - 1;
    const now = plot.cursor.idx ?? -1;
    const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: last }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, to));
    plot.setCursor({ left: plot.valToPos(spec.x.values[index] as number, 'x'), top: 10 });
    readout.textContent = `${spec.x.format(spec.x.values[index] as number)}: ` + spec.series
      .filter((one) => !hidden.has(one.label))
      .map((one) => `${one.label} ${spec.y.format(one.values[index] ?? null)}`).join(', ');
  }

  function entry(one: Series, i: number): HTMLElement {
    const value = el('span', { class: 'value' });
    values[i] = value;
    const button = el('button', { type: 'button', class: 'entry', 'aria-pressed': 'true' },
      el('span', { class: `swatch ${one.kind === 'bars' || one.kind === 'area' ? 'block' : one.dash === undefined ? '' : 'dashed'}`, css: { '--c': `var(${one.color})` } }),
      one.label, value);
    button.addEventListener('click', () => {
      if (hidden.has(one.label)) hidden.delete(one.label);
      else hidden.add(one.label);
      button.setAttribute('aria-pressed', String(!hidden.has(one.label)));
      plot?.setSeries(i + 1, { show: !hidden.has(one.label) });
    });
    if (hidden.has(one.label)) button.setAttribute('aria-pressed', 'false');
    return button;
  }

  function fillTable(): void {
    while (details.children.length > 1) details.lastElementChild?.remove();
    if (!details.open) return;
    details.append(el('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': `Figures: ${spec.title}` },
      el('table', {},
        el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, spec.x.title),
          spec.series.map((one) => el('th', { scope: 'col', class: 'number' }, one.label)))),
        el('tbody', {}, spec.x.values.map((x, i) => el('tr', {},
          el('th', { scope: 'row' }, spec.x.bins?.[i] === undefined ? spec.x.format(x)
            : spec.x.bins[i]!.map((edge) => spec.x.format(edge)).join(' – ')),
          spec.series.map((one) => el('td', { class: 'number' }, spec.y.format(one.values[i] ?? null)))))))));
  }

  function show(next: ChartSpec): void {
    const labels = new Set(next.series.map((one) => one.label));
    hidden = new Set([...hidden].filter((label) => labels.has(label)));
    spec = next;
    heading.textContent = spec.title;
    summary.textContent = spec.empty ?? spec.summary;
    element.classList.toggle('empty', spec.empty !== undefined);
    for (const part of [unit, legend, area, details]) part.hidden = spec.empty !== undefined;
    area.setAttribute('aria-label', spec.title);
    area.style.setProperty('min-height', `${height()}px`);  // nothing moves when it is drawn
    legend.replaceChildren(...spec.series.map(entry), ...(spec.limits ?? []).map((limit) =>
      el('span', { class: 'entry' }, el('span', { class: 'swatch dashed', css: { '--c': `var(${limit.color})` } }), limit.label)));
    tell(null);
    fillTable();
    if (plot !== undefined) {
      draw();
    } else if (!waiting.has(area)) {
      waiting.set(area, start);
      sight.observe(area);
    }
  }

  let started = false;
  let printing = false;
  function start(): void {
    draw();
    if (started) return;
    started = true;
    let width = area.clientWidth;
    new ResizeObserver(() => {
      if (printing || area.clientWidth === width || area.clientWidth === 0) return;
      width = area.clientWidth;
      plot?.setSize({ width: Math.floor(width), height: height() });
    }).observe(area);
    drawn.add({
      redraw: () => plot?.redraw(false, true),
      paper: (now) => {
        printing = now;
        plot?.setSize({ width: now ? PAPER_WIDTH : Math.floor(area.clientWidth), height: height() });
      },
    });
  }

  area.addEventListener('keydown', keys);
  details.addEventListener('toggle', fillTable);
  show(first);
  return { element, show };
}
