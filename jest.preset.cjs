/**
 * What every project's jest.config.cjs starts from. Tests read the libraries' TypeScript sources
 * (the "@smart-support/source" export condition), so no build has to run before a test.
 * `.swcrc` files are ignored on purpose: the one transform is described here.
 */
const path = require('node:path');

// Jest gives each spec a copy of `process.env`, which native code does not see: what @smart-support/inference sets by itself
// (see its native-telemetry.ts) has to be set here, in the process that starts Jest's own.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

module.exports = (projectDirectory) => ({
  rootDir: projectDirectory,
  displayName: path.basename(projectDirectory),
  reporters: ['default', path.join(__dirname, 'tools', 'jest', 'summary-reporter.cjs')],
  testEnvironment: 'node',
  // Real models, processes and servers start in these tests, on machines that may be busy with something else.
  testTimeout: 60_000,
  testEnvironmentOptions: { customExportConditions: ['@smart-support/source', 'node', 'require', 'default'] },
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  // An ES module that only `import()` finds, which becomes a `require` here.
  moduleNameMapper: {
    '^eld/extrasmall$': path.join(__dirname, 'node_modules', 'eld', 'src', 'entries', 'static.extrasmall.js'),
  },
  transformIgnorePatterns: ['/node_modules/(?!eld/)'],
  transform: {
    '/node_modules/eld/.+\\.js$': [
      '@swc/jest',
      { swcrc: false, module: { type: 'commonjs' }, jsc: { target: 'es2022' } },
    ],
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'commonjs' },
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      },
    ],
  },
});
