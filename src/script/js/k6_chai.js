// https://jslib.k6.io/k6chaijs/: describe() and expect(), each assertion a check. The assertions that
// scripts use, in chai's words; written from the documentation of both.
import { check, group } from 'k6';

export class AssertionError extends Error {
  get name() {
    return 'AssertionError';
  }
}

function show(value) {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return `[Function: ${value.name || 'anonymous'}]`;
  if (value instanceof Error) return `[${value.name}: ${value.message}]`;
  if (value === null || typeof value !== 'object' || value instanceof RegExp) return String(value);
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.substring(0, 77)}...` : text;
}

function typeOf(value) {
  return Object.prototype.toString.call(value).slice(8, -1).toLowerCase();
}

function same(a, b, deep) {
  if (!deep || a === null || b === null || typeof a !== 'object' || typeof b !== 'object') {
    return a === b || (deep && Number.isNaN(a) && Number.isNaN(b));
  }
  if (typeOf(a) !== typeOf(b)) return false;
  if (typeOf(a) === 'date') return a.getTime() === b.getTime();
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key], true));
}

function includes(whole, part, deep) {
  if (typeof whole === 'string') return whole.includes(part);
  if (typeof whole.has === 'function') return whole.has(part);
  if (Array.isArray(whole)) return whole.some((item) => same(item, part, deep));
  return Object.keys(part).every((key) => same(whole[key], part[key], deep));
}

function sizeOf(value) {
  return value.length !== undefined ? value.length : value.size;
}

function isEmpty(value) {
  const size = typeof value === 'string' || Array.isArray(value) ? value.length : value.size;
  return (size !== undefined ? size : Object.keys(value).length) === 0;
}

function threwAs(error, kind, message) {
  const texts = [kind, message].filter((t) => typeof t === 'string' || t instanceof RegExp);
  return (
    error !== undefined &&
    (typeof kind !== 'function' || error instanceof kind) &&
    texts.every((t) => (t instanceof RegExp ? t.test(error.message) : error.message.includes(t)))
  );
}

class Expectation {
  constructor(value, label) {
    this.value = value;
    this.label = label;
    this.negated = false;
    this.isDeep = false;
    this.isAny = false;
    this.countsLength = false;
  }

  /** Records one check and throws when it fails. */
  verify(holds, words) {
    const passed = Boolean(holds) !== this.negated;
    const subject = this.label !== undefined ? this.label : show(this.value);
    const name = `expected ${subject} to ${this.negated ? 'not ' : ''}${words}`;
    check(null, { [name]: passed });
    if (!passed) throw new AssertionError(`${name}, but it is ${show(this.value)}`);
    return this;
  }
  /** Numbers are compared, or with `length` before, how many there are. */
  compare(holds, words) {
    const number = this.countsLength ? sizeOf(this.value) : this.value;
    return this.verify(holds(number), `${this.countsLength ? 'have length ' : 'be '}${words}`);
  }

  get not() {
    this.negated = !this.negated;
    return this;
  }
  get deep() {
    this.isDeep = true;
    return this;
  }
  get any() {
    this.isAny = true;
    return this;
  }

  equal(other) {
    return this.verify(same(this.value, other, this.isDeep), `${this.isDeep ? 'deeply ' : ''}equal ${show(other)}`);
  }
  eql(other) {
    return this.verify(same(this.value, other, true), `deeply equal ${show(other)}`);
  }
  within(low, high) {
    return this.compare((n) => n >= low && n <= high, `within ${low}..${high}`);
  }
  closeTo(number, delta) {
    return this.compare((n) => Math.abs(n - number) <= delta, `close to ${number} +/- ${delta}`);
  }
  match(pattern) {
    return this.verify(pattern.test(this.value), `match ${pattern}`);
  }
  string(text) {
    return this.verify(this.value.includes(text), `contain ${show(text)}`);
  }
  oneOf(list) {
    return this.verify(list.some((item) => same(item, this.value, this.isDeep)), `be one of ${show(list)}`);
  }
  members(list) {
    const all = list.every((item) => includes(this.value, item, this.isDeep));
    return this.verify(all && this.value.length === list.length, `have the members ${show(list)}`);
  }
  keys(...names) {
    const wanted = names.flat();
    const has = (name) => Object.prototype.hasOwnProperty.call(this.value, name);
    const complete = this.isAny ? wanted.some(has) : wanted.every(has);
    return this.verify(complete, `have ${this.isAny ? 'any' : 'all'} of the keys ${show(wanted)}`);
  }
  property(name, value) {
    const there = this.value !== null && this.value !== undefined && name in Object(this.value);
    if (arguments.length < 2) {
      this.verify(there, `have property ${show(name)}`);
      if (there) this.value = this.value[name];
      return this;
    }
    const equal = there && same(this.value[name], value, this.isDeep);
    return this.verify(equal, `have property ${show(name)} of ${show(value)}`);
  }
  satisfy(test) {
    return this.verify(test(this.value), `satisfy ${show(test)}`);
  }
  instanceof(constructor) {
    return this.verify(this.value instanceof constructor, `be an instance of ${constructor.name}`);
  }
  throw(kind, message) {
    let error;
    try {
      this.value();
    } catch (e) {
      error = e;
    }
    return this.verify(threwAs(error, kind, message), 'throw');
  }
  validJsonBody() {
    let valid = true;
    try {
      this.value.json();
    } catch {
      valid = false;
    }
    return this.verify(valid, 'have a valid json body');
  }
}

/** `name` may be called, and stands in a chain: expect(x).to.be.a('string'), .an.instanceof(Y). */
function chainable(name, call, before) {
  Object.defineProperty(Expectation.prototype, name, {
    get() {
      if (before) before(this);
      const self = this;
      const method = function (...args) {
        return call.apply(self, args);
      };
      return new Proxy(method, { get: (_, key) => (typeof self[key] === 'function' ? self[key].bind(self) : self[key]) });
    },
  });
}
function isOfType(name) {
  return this.verify(typeOf(this.value) === name.toLowerCase(), `be a ${name}`);
}
function contains(part) {
  return this.verify(includes(this.value, part, this.isDeep), `include ${show(part)}`);
}
function hasLength(number) {
  return this.verify(sizeOf(this.value) === number, `have length ${number}`);
}
for (const name of ['a', 'an']) chainable(name, isOfType);
for (const name of ['include', 'includes', 'contain', 'contains']) chainable(name, contains);
for (const name of ['length', 'lengthOf']) chainable(name, hasLength, (self) => (self.countsLength = true));

const WORDS = 'to be been is that which and has have with at of same but does still also all own'.split(' ');
for (const word of WORDS) {
  Object.defineProperty(Expectation.prototype, word, { get() { return this; } });
}

const STATES = {
  ok: (v) => Boolean(v),
  true: (v) => v === true,
  false: (v) => v === false,
  null: (v) => v === null,
  undefined: (v) => v === undefined,
  NaN: (v) => Number.isNaN(v),
  exist: (v) => v !== null && v !== undefined,
  empty: isEmpty,
};
for (const [name, holds] of Object.entries(STATES)) {
  const words = name === 'exist' ? 'exist' : `be ${name}`;
  Object.defineProperty(Expectation.prototype, name, { get() { return this.verify(holds(this.value), words); } });
}

const COMPARISONS = {
  above: [(limit) => (n) => n > limit, 'above', 'gt', 'greaterThan'],
  least: [(limit) => (n) => n >= limit, 'at least', 'gte', 'greaterThanOrEqual'],
  below: [(limit) => (n) => n < limit, 'below', 'lt', 'lessThan'],
  most: [(limit) => (n) => n <= limit, 'at most', 'lte', 'lessThanOrEqual'],
};
for (const [name, [holds, words, ...others]] of Object.entries(COMPARISONS)) {
  for (const alias of [name, ...others]) {
    Expectation.prototype[alias] = function (limit) {
      return this.compare(holds(limit), `${words} ${limit}`);
    };
  }
}

const SAME = {
  equals: 'equal',
  eq: 'equal',
  eqls: 'eql',
  matches: 'match',
  key: 'keys',
  instanceOf: 'instanceof',
  throws: 'throw',
  approximately: 'closeTo',
};
for (const [alias, name] of Object.entries(SAME)) Expectation.prototype[alias] = Expectation.prototype[name];

export function expect(value, label) {
  return new Expectation(value, label);
}

/** A group whose first failed assertion ends it. True when all held. */
export function describe(name, body) {
  let passed = true;
  group(name, () => {
    try {
      body();
    } catch (error) {
      passed = false;
      if (!(error instanceof AssertionError)) check(null, { [`Exception raised "${error}"`]: false });
      console.warn(`${name}: ${error}`);
    }
  });
  return passed;
}

export const chai = { expect, config: {} };
export default chai;
