// Stands in for the source map library that sucrase asks for: keeps the segments as plain numbers.
exports.GenMapping = class {
  constructor() {
    this.segments = [];
  }
};
exports.maybeAddSegment = (map, line, column, source, sourceLine, sourceColumn) => {
  map.segments.push(line, column, sourceColumn);
};
exports.toEncodedMap = (map) => ({ segments: map.segments });
