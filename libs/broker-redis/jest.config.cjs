module.exports = {
  ...require('../../jest.preset.cjs')(__dirname),
  // Most of these files wait for a real Redis, whose leases and retries take real time, and leave the processor to others.
  maxWorkers: 6,
};
