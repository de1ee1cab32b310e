import fs from 'node:fs';
import path from 'node:path';
import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import jsdoc from 'eslint-plugin-jsdoc';
import * as regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom: the first table in CONTRIBUTING.md, as rules on each project's `layer:` tag.
 */
const LIBRARY_LAYERS = [
  'layer:contract',
  'layer:testing',
  'layer:capability',
  'layer:adapter',
  'layer:pipeline',
  'layer:failover',
  'layer:composition',
];

const layers = [
  { sourceTag: 'layer:contract', onlyDependOnLibsWithTags: [], allowedExternalImports: ['zod'] },
  { sourceTag: 'layer:testing', onlyDependOnLibsWithTags: ['layer:contract'] },
  { sourceTag: 'layer:capability', onlyDependOnLibsWithTags: ['layer:contract'] },
  // `broker-redis` obeys the rules that stand in `broker`.
  { sourceTag: 'layer:adapter', onlyDependOnLibsWithTags: ['layer:contract', 'layer:capability', 'layer:adapter'] },
  { sourceTag: 'layer:pipeline', onlyDependOnLibsWithTags: ['layer:contract', 'layer:capability'] },
  { sourceTag: 'layer:failover', onlyDependOnLibsWithTags: ['layer:contract', 'layer:pipeline'] },
  {
    sourceTag: 'layer:composition',
    // One composition may build on another; that two do so on each other is refused by the rule against cycles.
    onlyDependOnLibsWithTags: LIBRARY_LAYERS.filter((tag) => tag !== 'layer:testing'),
  },
  { sourceTag: 'layer:app', onlyDependOnLibsWithTags: LIBRARY_LAYERS.filter((tag) => tag !== 'layer:testing') },
  { sourceTag: 'layer:tool', onlyDependOnLibsWithTags: LIBRARY_LAYERS },
];

/**
 * Who may touch the outside: the second table, as rules on the `io:` tag. Not left to the module boundaries,
 * which see only packages that are installed: a forbidden import must fail before somebody installs it.
 */
const OUTSIDE = ['express', 'ioredis', 'redlock', 'onnxruntime-node', 'axios', 'imapflow'];
const ALLOWED_OUTSIDE = {
  'io:none': [],
  'io:http': ['axios'],
  'io:imap': ['imapflow'],
  'io:onnx': ['onnxruntime-node'],
  'io:redis': ['ioredis', 'redlock'],
  'io:express': ['express', 'ioredis'],
};

const outsideRules = ['libs', 'apps']
  .flatMap((parent) => fs.readdirSync(path.join(import.meta.dirname, parent)).map((name) => `${parent}/${name}`))
  .filter((directory) => fs.existsSync(path.join(import.meta.dirname, directory, 'package.json')))
  .map((directory) => {
    const { tags } = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, directory, 'package.json'), 'utf8')).nx;
    const tag = tags.find((candidate) => candidate.startsWith('io:'));
    const banned = OUTSIDE.filter((name) => !ALLOWED_OUTSIDE[tag].includes(name));
    const message = `A project tagged "${tag}" does not touch this part of the outside; see CONTRIBUTING.md.`;
    const paths = banned.map((name) => ({ name, message }));
    const patterns = [{ group: banned.map((name) => `${name}/*`), message }];
    return { files: [`${directory}/**/*.ts`], rules: { 'no-restricted-imports': ['error', { paths, patterns }] } };
  });

/** A spec may also use the private testing library, the pipeline's specs a real broker, and the specs of inference the real model. */
const layersForSpecs = layers.map(({ onlyDependOnLibsWithTags, allowedExternalImports: _allowed, ...rule }) => {
  if (!onlyDependOnLibsWithTags) return rule;
  const realParts = ['layer:pipeline', 'layer:failover', 'layer:adapter'].includes(rule.sourceTag)
    ? ['layer:adapter']
    : [];
  return { ...rule, onlyDependOnLibsWithTags: [...onlyDependOnLibsWithTags, 'layer:testing', ...realParts] };
});

const boundaries = (depConstraints) => ['error', { enforceBuildableLibDependency: true, allow: [], depConstraints }];

export default [
  { ignores: ['**/dist', '**/out-tsc', '**/test-output', '**/node_modules', '.nx'] },
  js.configs.recommended,
  ...tseslint.configs.strict.map((config) => ({ ...config, files: ['**/*.ts'] })),
  regexp.configs['flat/recommended'],
  { plugins: { '@nx': nx, jsdoc } },
  {
    files: ['**/*.cjs', '**/*.mjs'],
    languageOptions: {
      globals: {
        module: 'writable',
        require: 'readonly',
        process: 'readonly',
        console: 'readonly',
        __dirname: 'readonly',
        URL: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(layers),
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Overloads of one port method and index signatures of the wire are meant.
      '@typescript-eslint/unified-signatures': 'off',
      'no-console': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      // Text of strangers meets these patterns: they must be linear in its length.
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': 'error',
    },
  },
  {
    // Every public name says what it is for.
    files: ['libs/*/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: { esm: true, cjs: false },
          require: {
            ClassDeclaration: true,
            FunctionDeclaration: true,
            MethodDefinition: true,
            ArrowFunctionExpression: true,
          },
          contexts: [
            'TSInterfaceDeclaration',
            'TSTypeAliasDeclaration',
            'ExportNamedDeclaration > VariableDeclaration',
          ],
          checkConstructors: false,
          checkGetters: false,
        },
      ],
    },
  },
  {
    files: ['libs/*/src/**/*.ts', 'apps/*/src/**/*.ts'],
    ignores: [
      '**/*.spec.ts',
      'apps/*/src/main.ts',
      // Writes the one variable that native code reads from the environment while it is being loaded.
      'libs/inference/src/pool/native-telemetry.ts',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: "Only an app's main.ts reads the environment; pass a Config." },
        { object: 'process', property: 'on', message: "Only an app's main.ts handles signals." },
        { object: 'process', property: 'once', message: "Only an app's main.ts handles signals." },
        { object: 'process', property: 'exit', message: "Only an app's main.ts ends the process." },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/spec-support/**/*.ts', 'libs/testing/src/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(layersForSpecs),
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  ...outsideRules,
  { files: ['apps/*/src/main.ts', 'tools/src/**/*.ts'], rules: { 'no-console': 'off' } },
];
