const fs = require('node:fs');
const path = require('node:path');

/** What failed, in few lines: the file, the test and the beginning of its message. */
function failuresOf(results, rootDir) {
  return results.testResults.flatMap((suite) => {
    const file = path.relative(rootDir, suite.testFilePath);
    const tests = suite.testResults.filter(({ status }) => status === 'failed');
    if (tests.length === 0 && suite.failureMessage) return [`${file}\n${excerpt(suite.failureMessage)}`];
    return tests.map((test) => `${file}: ${test.fullName}\n${excerpt(test.failureMessages.join('\n'))}`);
  });
}

const excerpt = (message) => message.trim().split('\n').slice(0, 16).join('\n');

/**
 * Leaves the numbers and the failures of a Jest run in `<project>/test-output/summary.json`. That folder is the cached output of the
 * `test` target, so a run that Nx answers from its cache brings its numbers back too.
 * Read by `tools/src/run-tests`.
 */
class SummaryReporter {
  constructor(globalConfig) {
    this.rootDir = globalConfig.rootDir;
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
      failures: failuresOf(results, this.rootDir),
    };
    fs.mkdirSync(path.dirname(this.file), { recursive: true });
    fs.writeFileSync(this.file, `${JSON.stringify(summary)}\n`);
  }
}

module.exports = SummaryReporter;
