/** What is drawn on a chart beside its series: limits, marks and bars of unequal width. */
import uPlot from 'uplot';
import { color } from './theme.ts';

export interface Limit {
  value: number;
  label: string;
  /** A token of the style sheet. */
  color: string;
}

export interface Mark {
  at: number;
  label: string;
}

/** Indices of the values that have no neighbour, which a line would not show; null when there are none. */
export function isolated(values: (number | null)[]): number[] | null {
  const found: number[] = [];
  for (let i = 0; i < values.length; i += 1) {
    if (values[i] != null && values[i - 1] == null && values[i + 1] == null) found.push(i);
  }
  return found.length > 0 ? found : null;
}

/** Horizontal limits and vertical marks, with their words, over a drawn chart. */
export function drawLines(u: uPlot, limits: Limit[], marks: Mark[], font: (size: number) => string): void {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top - 10 * ratio, width, height + 10 * ratio);
  ctx.clip();
  ctx.font = font(11 * ratio);
  ctx.lineWidth = 1.5 * ratio;

  ctx.setLineDash([6 * ratio, 4 * ratio]);
  for (const limit of limits) {
    ctx.strokeStyle = ctx.fillStyle = color(limit.color);
    const y = Math.round(u.valToPos(limit.value, 'y', true));
    if (y < top || y > top + height) continue;
    line(ctx, left, y, left + width, y);
    ctx.textAlign = 'right';
    ctx.textBaseline = y - top > 16 * ratio ? 'bottom' : 'top';
    haloed(ctx, limit.label, left + width - 4 * ratio, y + (ctx.textBaseline === 'bottom' ? -3 : 3) * ratio);
  }

  ctx.strokeStyle = ctx.fillStyle = color('--ink-2');
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  ctx.lineWidth = ratio;
  ctx.textBaseline = 'top';
  marks.forEach((mark, i) => {
    const x = Math.round(u.valToPos(mark.at, 'x', true));
    if (x < left || x > left + width) return;
    line(ctx, x, top, x, top + height);
    const right = x < left + width * 0.75;
    ctx.textAlign = right ? 'left' : 'right';
    haloed(ctx, mark.label, x + (right ? 4 : -4) * ratio, top + (2 + (i % 3) * 14) * ratio);
  });
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}

/** Text that can be read over lines. */
function haloed(ctx: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  const { strokeStyle, lineWidth } = ctx;
  const dash = ctx.getLineDash();
  ctx.setLineDash([]);
  ctx.strokeStyle = color('--paper');
  ctx.lineWidth = 4 * uPlot.pxRatio;
  ctx.lineJoin = 'round';
  ctx.strokeText(text, x, y);
  ctx.fillText(text, x, y);
  ctx.strokeStyle = strokeStyle;
  ctx.lineWidth = lineWidth;
  ctx.setLineDash(dash);
}

/** Bars from edge to edge of their bins, which a logarithmic axis makes unequal. */
export function bars(bins: [number, number][]): uPlot.Series.PathBuilder {
  return (u, seriesIdx, from, to) => {
    const fill = new Path2D();
    const values = u.data[seriesIdx] as (number | null)[];
    const base = u.valToPos(0, 'y', true);
    const gap = uPlot.pxRatio;
    for (let i = from; i <= to; i += 1) {
      const bin = bins[i];
      const value = values[i];
      if (bin === undefined || value == null || value <= 0) continue;
      const x0 = u.valToPos(bin[0], 'x', true);
      const x1 = u.valToPos(bin[1], 'x', true);
      // Rare answers are the interesting ones: a bar is never too low to be seen.
      const y = Math.min(u.valToPos(value, 'y', true), base - 1.5 * uPlot.pxRatio);
      fill.rect(x0, y, Math.max(1, x1 - x0 - gap), base - y);
    }
    return { stroke: null, fill, clip: null };
  };
}
