const fs = require('node:fs');
const path = require('node:path');

/**
 * Leaves the numbers of a Jest run in `<project>/test-output/summary.json`. That folder is the cached output of the
 * `test` target, so a run that Nx answers from its cache brings its numbers back too.
 * Read by `tools/src/run-tests`.
 */
class SummaryReporter {
  constructor(globalConfig) {
    this.file = path.join(globalConfig.rootDir, 'test-output', 'summary.json');
  }

  onRunStart() {
    // A run that never ends must not leave the numbers of the one before.
    fs.rmSync(this.file, { force: true });
  }

  onRunComplete(_contexts, results) {
    const summary = {
      passed: results.numPassedTests,
      failed: results.numFailedTests,
      brokenFiles: results.numRuntimeErrorTestSuites,
    };
    fs.mkdirSync(path.dirname(this.file), { recursive: true });
    fs.writeFileSync(this.file, `${JSON.stringify(summary)}\n`);
  }
}

module.exports = SummaryReporter;
