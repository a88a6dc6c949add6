/** The report of one run: takes the document out of the page and draws it, section by section. */
import type { ReportDocument, RequestRow } from '../document.ts';
import { el } from '../ui/dom.ts';
import { moment } from '../ui/format.ts';
import { startTheme, themeButton } from '../ui/theme.ts';
import { mainFinding } from './in_short.ts';
import { readDocument } from './read_document.ts';
import { changesSection } from './sections/changes.ts';
import { conditionsSection } from './sections/conditions.ts';
import { distributionSection, timeSection } from './sections/course.ts';
import { failuresSection, slowestSection } from './sections/exchanges.ts';
import { phasesSection, requestsSection } from './sections/requests.ts';
import { checksSection, environmentSection, metricsSection, scenariosSection, warningsSection } from './sections/script.ts';
import { generatorSection, signalsSection, surroundingsSection } from './sections/trust.ts';
import { runStrip, verdictSection } from './sections/verdict.ts';
import { Selection } from './selection.ts';

/** A red report opens with the charts of the request that made it red. */
function firstRow(report: ReportDocument): RequestRow | undefined {
  const finding = mainFinding(report);
  const missed = (finding?.request ?? '') === '' ? undefined : report.requests.find((row) =>
    row.request === finding?.request && ((finding.journey ?? '') === '' || finding.journey === row.journey));
  return missed ?? report.requests[0];
}

function draw(report: ReportDocument): void {
  const first = firstRow(report);
  const selection = first === undefined ? undefined : new Selection(report, first);
  const sections = [
    conditionsSection(report), changesSection(report), timeSection(report, selection), distributionSection(report, selection),
    requestsSection(report, selection), phasesSection(report), slowestSection(report), failuresSection(report),
    signalsSection(report), surroundingsSection(report), generatorSection(report), scenariosSection(report),
    checksSection(report), metricsSection(report), environmentSection(report), warningsSection(report),
  ].filter((part): part is HTMLElement => part !== undefined);
  const name = report.run.suite ?? report.run.script;
  document.title = `${report.verdict.kind}: ${name}${report.run.environment === undefined ? '' : ` on ${report.run.environment}`} – Weir`;
  document.body.append(
    el('a', { class: 'skip', href: '#verdict' }, 'Skip to the verdict'),
    el('header', { class: 'top' },
      el('p', { class: 'brand' }, el('strong', {}, 'Weir'), ` ${name}${report.run.environment === undefined ? '' : ` · ${report.run.environment}`}`),
      themeButton()),
    el('main', {},
      verdictSection(report),
      runStrip(report),
      el('nav', { 'aria-label': 'Sections' }, el('ul', {}, sections.map((part) => el('li', {},
        el('a', { href: `#${part.id}` }, part.dataset['short'] ?? part.querySelector('h2')?.textContent))))),
      sections),
    el('footer', {}, el('p', {}, `Run ${report.run.id}, ${moment(report.run.started)}. Weir ${report.run.weirVersion}. Charts by uPlot.`)));
}

startTheme();
const read = readDocument(document.getElementById('weir-report')?.textContent ?? '');
if ('trouble' in read) {
  document.body.append(el('main', { class: 'trouble' }, el('h1', {}, 'No report'), el('p', {}, read.trouble)));
} else {
  draw(read.document);
}
