/** The report of one run: takes the document out of the page and draws it, section by section. */
import { el } from '../ui/dom.ts';
import { startTheme } from '../ui/theme.ts';
import { readDocument } from './read_document.ts';

startTheme();
const read = readDocument(document.getElementById('weir-report')?.textContent ?? '');
if ('trouble' in read) {
  document.body.append(el('main', { class: 'trouble' }, el('h1', {}, 'No report'), el('p', {}, read.trouble)));
} else {
  document.body.append(el('main', {}, el('h1', {}, read.document.verdict.sentence)));
}
