/** Sections with charts: what happened when, and how response times are distributed. */
import type { ReportDocument } from '../../document.ts';
import { chart } from '../../ui/chart.ts';
import { el } from '../../ui/dom.ts';
import { histogramChart, percentileChart } from '../distribution.ts';
import { arrivalsChart, errorsChart, responseChart, trafficChart, usersChart } from '../over_time.ts';
import { nothing, section } from '../section.ts';
import type { Selection } from '../selection.ts';

export function timeSection(document: ReportDocument, selection: Selection | undefined): HTMLElement {
  if (selection === undefined) {
    return section({ id: 'time', title: 'Over time', body: [nothing('No request was sent, so nothing has a course.')] });
  }
  const response = chart(responseChart(selection.row, document));
  const errors = chart(errorsChart(selection.row, document));
  selection.onChange((row) => {
    response.show(responseChart(row, document));
    errors.show(errorsChart(row, document));
  });
  return section({
    id: 'time',
    title: 'Over time',
    body: [selection.control(), response.element, el('div', { class: 'pair' }, errors.element,
      chart(arrivalsChart(document)).element, chart(usersChart(document)).element, chart(trafficChart(document)).element)],
  });
}

export function distributionSection(document: ReportDocument, selection: Selection | undefined): HTMLElement | undefined {
  if (selection === undefined) return undefined;
  const percentiles = chart(percentileChart(selection.row, document));
  const histogram = chart(histogramChart(selection.row, document));
  selection.onChange((row) => {
    percentiles.show(percentileChart(row, document));
    histogram.show(histogramChart(row, document));
  });
  return section({
    id: 'distribution',
    title: 'Distribution of response times',
    short: 'Distribution',
    body: [selection.control(), el('div', { class: 'pair' }, percentiles.element, histogram.element)],
  });
}
