// structuredClone(): a deep copy of data, cycles kept; functions and native objects are refused.
// Source: https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal

const refuse = (what) => {
  throw new DOMException(`${what} could not be cloned.`, 'DataCloneError');
};

const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

/** A new, still empty, object of the same kind; undefined for a plain object or array. */
function shell(value, seen) {
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof RegExp) return new RegExp(value.source, value.flags);
  if (value instanceof Map) return new Map();
  if (value instanceof Set) return new Set();
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (ArrayBuffer.isView(value)) {
    const buffer = copy(value.buffer, seen);
    return new value.constructor(buffer, value.byteOffset, value instanceof DataView ? value.byteLength : value.length);
  }
  if (value instanceof Boolean || value instanceof Number || value instanceof String) return Object(value.valueOf());
  if (value instanceof Error) {
    const made = Object.create((ERRORS[value.name] || Error).prototype);
    for (const key of ['message', 'stack']) {
      if (value[key] !== undefined) Object.defineProperty(made, key, { value: `${value[key]}`, writable: true, configurable: true });
    }
    return made;
  }
  return undefined;
}

function copy(value, seen) {
  if (typeof value === 'function' || typeof value === 'symbol') refuse(String(value));
  if (value === null || typeof value !== 'object') return value;
  if (seen.has(value)) return seen.get(value);
  let made = shell(value, seen);
  const special = made !== undefined;
  if (!special) {
    if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) refuse('This object');
    made = Array.isArray(value) ? new Array(value.length) : {};
  }
  seen.set(value, made);
  if (value instanceof Map) {
    for (const [key, item] of [...value]) made.set(copy(key, seen), copy(item, seen));
  } else if (value instanceof Set) {
    for (const item of [...value]) made.add(copy(item, seen));
  } else if (!special) {
    for (const key of Object.keys(value)) made[key] = copy(value[key], seen);
  } else if (value instanceof Error && 'cause' in value) {
    Object.defineProperty(made, 'cause', { value: copy(value.cause, seen), writable: true, configurable: true });
  }
  return made;
}

globalThis.structuredClone = function structuredClone(value) {
  if (arguments.length === 0) throw new TypeError('structuredClone needs a value');
  return copy(value, new Map());
};
