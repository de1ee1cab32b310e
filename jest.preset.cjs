/**
 * What every project's jest.config.cjs starts from. Tests read the libraries' TypeScript sources
 * (the "@smart-support/source" export condition), so no build has to run before a test.
 * `.swcrc` files are ignored on purpose: the one transform is described here.
 */
const path = require('node:path');

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
  transform: {
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
