// https://jslib.k6.io/k6-summary/: handleSummary's data as text and JUnit. Written from its documentation.

const COLORS = { bold: 1, faint: 2, red: 31, green: 32, cyan: 36 };
const PASSED = '✓';
const FAILED = '✗';
const GROUP = '█';
const DETAIL = '↳';

/** Paints, or does not. */
function painter(enabled) {
  return (text, ...styles) =>
    enabled ? `\x1b[${styles.map((style) => COLORS[style]).join(';')}m${text}\x1b[0m` : text;
}

/** Columns that the text takes: combining marks none, wide characters are counted as one. */
function width(text) {
  return [...text.normalize('NFKC')].filter((c) => !/\p{M}/u.test(c)).length;
}
const padEnd = (text, columns) => text + ' '.repeat(Math.max(0, columns - width(text)));

/** At most `digits` decimals, without zeros at the end: 1.50 is "1.5". */
function short(number, digits) {
  return parseFloat(number.toFixed(digits)).toString();
}

function humanBytes(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
  if (bytes < 10) return `${short(bytes, 2)} B`;
  const step = Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1000) + 1e-9));
  const value = Math.floor((bytes / 1000 ** step) * 10 + 0.5) / 10;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[step]}`;
}

const FIXED_UNITS = { s: ['s', 0.001], ms: ['ms', 1], us: ['µs', 1000] };

function humanTime(milliseconds, unit) {
  if (FIXED_UNITS[unit]) {
    const [name, factor] = FIXED_UNITS[unit];
    return `${(milliseconds * factor).toFixed(2)}${name}`;
  }
  if (milliseconds === 0) return '0s';
  if (milliseconds < 0.001) return `${Math.trunc(milliseconds * 1000000)}ns`;
  if (milliseconds < 1) return `${short(Math.trunc(milliseconds * 100000) / 100, 2)}µs`;
  if (milliseconds < 1000) return `${short(Math.trunc(milliseconds * 100) / 100, 2)}ms`;
  if (milliseconds < 60000) return `${short(Math.trunc(milliseconds / 10) / 100, 2)}s`;
  const seconds = Math.trunc(milliseconds / 1000);
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 60) return `${minutes}m${seconds % 60}s`;
  return `${Math.trunc(minutes / 60)}h${minutes % 60}m${seconds % 60}s`;
}

/** A value of a metric as k6 prints it. `timeUnit`: "s", "ms", "us" or none. */
export function humanizeValue(value, metric, timeUnit) {
  if (metric.type === 'rate') return `${(Math.trunc(value * 10000) / 100).toFixed(2)}%`;
  if (metric.contains === 'data') return humanBytes(value);
  if (metric.contains === 'time') return humanTime(value, timeUnit);
  return short(value, 6);
}

/** What stands after the name: first the value, then what belongs to it. */
function plainValues(metric, timeUnit) {
  const { values } = metric;
  switch (metric.type) {
    case 'counter':
      return [humanizeValue(values.count, metric, timeUnit), `${humanizeValue(values.rate, metric, timeUnit)}/s`];
    case 'gauge':
      return [
        humanizeValue(values.value, metric, timeUnit),
        `min=${humanizeValue(values.min, metric, timeUnit)}`,
        `max=${humanizeValue(values.max, metric, timeUnit)}`,
      ];
    case 'rate':
      return [humanizeValue(values.rate, metric, timeUnit), `${PASSED} ${values.passes}`, `${FAILED} ${values.fails}`];
    default:
      return ['[no data]'];
  }
}

/** "http_req_duration{a:b}" belongs under "http_req_duration" as "{ a:b }". */
function shownName(name) {
  const brace = name.indexOf('{');
  return brace < 0 ? name : `  { ${name.substring(brace + 1, name.length - 1)} }`;
}

function thresholdsOf(metric) {
  return Object.values(metric.thresholds || {});
}

function mark(metric, paint) {
  const thresholds = thresholdsOf(metric);
  if (thresholds.length === 0) return ' ';
  return thresholds.every((threshold) => threshold.ok) ? paint(PASSED, 'green') : paint(FAILED, 'red');
}

function checkLines(check, indent, paint) {
  if (check.fails === 0) return [paint(`${indent}${PASSED} ${check.name}`, 'green')];
  const percent = Math.floor((100 * check.passes) / (check.passes + check.fails));
  return [
    paint(`${indent}${FAILED} ${check.name}`, 'red'),
    paint(`${indent} ${DETAIL}  ${percent}% — ${PASSED} ${check.passes} / ${FAILED} ${check.fails}`, 'red'),
  ];
}

function groupLines(group, indent, paint) {
  const lines = [];
  let inner = indent;
  if (group.name !== '') {
    lines.push(`${indent}${GROUP} ${group.name}`, '');
    inner = `${indent}  `;
  }
  for (const check of group.checks) lines.push(...checkLines(check, inner, paint));
  if (group.checks.length > 0) lines.push('');
  for (const child of group.groups) lines.push(...groupLines(child, inner, paint));
  return lines;
}

/** Widest entry of each column. */
function columnWidths(rows) {
  const widths = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] || 0, width(cell))));
  return widths;
}

function metricLines(data, indent, paint) {
  const stats = data.options.summaryTrendStats;
  const timeUnit = data.options.summaryTimeUnit;
  // A submetric's name sorts right after its parent's: "{" is behind all letters of metric names.
  const parent = (name) => name.split('{')[0];
  const names = Object.keys(data.metrics).sort((a, b) =>
    parent(a) === parent(b) ? (a < b ? -1 : 1) : parent(a) < parent(b) ? -1 : 1
  );
  const isTrend = (name) => data.metrics[name].type === 'trend';
  const cells = {};
  for (const name of names) {
    const metric = data.metrics[name];
    cells[name] = isTrend(name)
      ? stats.map((stat) => {
          const value = metric.values[stat];
          return stat === 'count' ? `${value}` : humanizeValue(value, metric, timeUnit);
        })
      : plainValues(metric, timeUnit);
  }
  const nameWidth = Math.max(0, ...names.map((name) => width(shownName(name))));
  const trendWidths = columnWidths(names.filter(isTrend).map((name) => cells[name]));
  const plainWidths = columnWidths(names.filter((name) => !isTrend(name)).map((name) => cells[name]));

  return names.map((name) => {
    const shown = shownName(name);
    const dots = '.'.repeat(nameWidth - width(shown) + 3);
    let values;
    if (isTrend(name)) {
      values = stats.map((stat, i) => `${stat}=${paint(padEnd(cells[name][i], trendWidths[i]), 'cyan')}`).join(' ');
    } else {
      const [first, ...rest] = cells[name];
      values = paint(padEnd(first, plainWidths[0]), 'cyan');
      rest.forEach((cell, i) => (values += ` ${paint(padEnd(cell, plainWidths[i + 1]), 'cyan', 'faint')}`));
    }
    return `${indent}  ${mark(data.metrics[name], paint)} ${shown}${paint(dots, 'faint')}: ${values}`;
  });
}

/** The end-of-test summary. `options`: indent (" "), enableColors (as the terminal allows). */
export function textSummary(data, options = {}) {
  const indent = options.indent !== undefined ? options.indent : ' ';
  const enabled = options.enableColors !== undefined ? options.enableColors : !data.options.noColor;
  const paint = painter(enabled);
  const lines = groupLines(data.root_group, `${indent}    `, paint);
  return [...lines, ...metricLines(data, indent, paint)].join('\n');
}

const XML = { '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&apos;', '"': '&quot;' };
const escapeXml = (text) => `${text}`.replace(/[<>&'"]/g, (c) => XML[c]);

/** Thresholds as JUnit test cases. `options`: name of the suite, classname of the cases. */
export function jUnit(data, options = {}) {
  const name = escapeXml(options.name || 'k6 thresholds');
  const classname = escapeXml(options.classname || 'Unnamed folder');
  const cases = [];
  let failures = 0;
  for (const [metricName, metric] of Object.entries(data.metrics)) {
    for (const [source, threshold] of Object.entries(metric.thresholds || {})) {
      const head = `<testcase name="${escapeXml(metricName)} - ${escapeXml(source)}" classname="${classname}"`;
      if (threshold.ok) {
        cases.push(`${head} />`);
      } else {
        failures++;
        cases.push(`${head}><failure message="failed" /></testcase>`);
      }
    }
  }
  const counts = `tests="${cases.length}" failures="${failures}"`;
  return (
    `<?xml version="1.0"?>\n<testsuites ${counts}>\n` +
    `<testsuite name="${name}" ${counts}>${cases.length > 0 ? `\n${cases.join('\n')}` : ''}\n</testsuite>\n</testsuites>\n`
  );
}
