module.exports = {
  ...require('../../jest.preset.cjs')(__dirname),
  // Most of these files wait for other processes and leave the processor to others.
  maxWorkers: 3,
};
