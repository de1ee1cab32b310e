module.exports = {
  ...require('../../jest.preset.cjs')(__dirname),
  // Networks are really loaded, many times, in threads and processes that may share their cores with others' work:
  // only what hangs may run into this.
  testTimeout: 120_000,
};
