// https://jslib.k6.io/k6-utils/: small things that scripts import by habit. Written from its documentation.
import { check as checkNow } from 'k6';
import exec from 'k6/execution';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

export function randomIntBetween(min, max) {
  return Math.floor(Math.random() * (max - min + 1) + min);
}

export function randomItem(array) {
  return array[Math.floor(Math.random() * array.length)];
}

export function randomString(length, charset = LETTERS) {
  let text = '';
  for (let i = 0; i < length; i++) text += charset[Math.floor(Math.random() * charset.length)];
  return text;
}

/** RFC 4122 version 4. With `secure`, from the operating system's generator. */
export function uuidv4(secure = false) {
  if (secure) return crypto.randomUUID();
  let text = '';
  for (let i = 0; i < 36; i++) {
    if (i === 8 || i === 13 || i === 18 || i === 23) text += '-';
    else if (i === 14) text += '4';
    else {
      const digit = Math.floor(Math.random() * 16);
      text += (i === 19 ? (digit & 3) | 8 : digit).toString(16);
    }
  }
  return text;
}

/** The text between two marks, or with `repeat` all such texts. */
export function findBetween(content, left, right, repeat = false) {
  const found = [];
  for (let at = 0; ; ) {
    const start = content.indexOf(left, at);
    if (start < 0) break;
    const from = start + left.length;
    const end = content.indexOf(right, from);
    if (end < 0) break;
    if (!repeat) return content.substring(from, end);
    found.push(content.substring(from, end));
    at = end + right.length;
  }
  return repeat ? found : null;
}

/** Stages whose targets follow a bell curve of height `maxVus`, down to nothing at the end. */
export function normalDistributionStages(maxVus, durationSeconds, numberOfStages = 10) {
  const width = 2.5; // standard deviations on each side of the middle
  const seconds = Math.ceil(durationSeconds / (numberOfStages + 2));
  const stages = [];
  for (let i = 0; i <= numberOfStages; i++) {
    const x = numberOfStages === 0 ? 0 : ((2 * i) / numberOfStages - 1) * width;
    stages.push({ duration: `${seconds}s`, target: Math.ceil(maxVus * Math.exp((-x * x) / 2)) });
  }
  stages.push({ duration: `${seconds}s`, target: 0 });
  return stages;
}

const UNITS = { d: 86400000, h: 3600000, m: 60000, s: 1000, ms: 1, us: 0.001, 'µs': 0.001 };

/** "1d5h31m20s7ms" in milliseconds; a bare number already is. */
export function parseDuration(text) {
  if (typeof text === 'number') return text;
  if (text === undefined || text === null || text === '') throw new Error('empty string provided');
  if (/^\d+(\.\d+)?$/.test(text)) return parseFloat(text);
  if (!/^((\d+(\.\d+)?)(d|h|ms|us|µs|m|s))+$/.test(text)) {
    throw new Error(`"${text}" is not a duration such as "1d5h31m20s7ms"`);
  }
  let sum = 0;
  const seen = {};
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|us|µs|d|h|m|s)/g)) {
    if (seen[unit]) throw new Error(`the unit "${unit}" is given twice in "${text}"`);
    seen[unit] = true;
    sum += parseFloat(number) * UNITS[unit];
  }
  return sum;
}

function stagesOfScenario() {
  const scenario = exec.test.options.scenarios[exec.scenario.name];
  if (!scenario || !scenario.stages) {
    throw new Error(
      "only ramping-vus or ramping-arrival-rate supports stages, it is not possible to get a stage " +
        'index on other executors.'
    );
  }
  return scenario;
}

/** Index of the stage that runs now; the last one after the end. */
export function getCurrentStageIndex() {
  const { stages } = stagesOfScenario();
  let left = Date.now() - exec.scenario.startTime;
  for (let i = 0; i < stages.length; i++) {
    left -= parseDuration(stages[i].duration);
    if (left < 0) return i;
  }
  return stages.length - 1;
}

export function tagWithCurrentStageIndex() {
  exec.vu.metrics.tags.stage = `${getCurrentStageIndex()}`;
}

export function tagWithCurrentStageProfile() {
  const scenario = stagesOfScenario();
  const index = getCurrentStageIndex();
  const start = scenario.startVUs !== undefined ? scenario.startVUs : scenario.startRate || 0;
  const from = index === 0 ? start : scenario.stages[index - 1].target;
  const to = scenario.stages[index].target;
  exec.vu.metrics.tags.stage_profile = to > from ? 'ramp-up' : to < from ? 'ramp-down' : 'steady';
}

const isPromise = (value) => value !== null && typeof value === 'object' && typeof value.then === 'function';

/** k6's check(), and a promise of its result when a condition is asynchronous. */
export function check(value, sets, tags) {
  const settled = {};
  const waiting = [];
  for (const [name, condition] of Object.entries(sets)) {
    const result = typeof condition === 'function' ? condition(value) : condition;
    settled[name] = result;
    if (isPromise(result)) waiting.push(result.then((truth) => (settled[name] = truth)));
  }
  if (waiting.length === 0) return checkNow(value, settled, tags);
  return Promise.all(waiting).then(() => checkNow(value, settled, tags));
}
