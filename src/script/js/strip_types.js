// Entry of the type stripper: sucrase with nothing but its TypeScript transform.
// Returns [code, segments]: three numbers a segment (line, column in code, column in source; from 0).
const { transform } = require('pkg/index.js');

module.exports = function stripTypes(source, file) {
  const result = transform(source, {
    transforms: ['typescript'],
    disableESTransforms: true,
    filePath: file,
    sourceMapOptions: { compiledFilename: file },
  });
  return [result.code, result.sourceMap.segments];
};
