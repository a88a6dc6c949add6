// Stands in for sucrase's check of its options: ours are constant.
exports.validateOptions = () => {};
