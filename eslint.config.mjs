import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import jsdoc from 'eslint-plugin-jsdoc';
import * as regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom: the table in CONTRIBUTING.md, as rules.
 * Every project carries one `layer:` tag and, where it may touch the outside, one `io:` tag.
 */
const OUTSIDE = ['express', 'ioredis', 'redlock', 'onnxruntime-node', 'axios'];
const banAllBut = (...allowed) => OUTSIDE.filter((name) => !allowed.includes(name));

const LIBRARY_LAYERS = ['layer:contract', 'layer:testing', 'layer:capability', 'layer:adapter', 'layer:pipeline'];

const layers = [
  { sourceTag: 'layer:contract', onlyDependOnLibsWithTags: [], allowedExternalImports: ['zod'] },
  { sourceTag: 'layer:testing', onlyDependOnLibsWithTags: ['layer:contract'] },
  { sourceTag: 'layer:capability', onlyDependOnLibsWithTags: ['layer:contract'] },
  { sourceTag: 'layer:adapter', onlyDependOnLibsWithTags: ['layer:contract', 'layer:capability'] },
  { sourceTag: 'layer:pipeline', onlyDependOnLibsWithTags: ['layer:contract', 'layer:capability'] },
  { sourceTag: 'layer:app', onlyDependOnLibsWithTags: LIBRARY_LAYERS.filter((tag) => tag !== 'layer:testing') },
  { sourceTag: 'layer:tool', onlyDependOnLibsWithTags: LIBRARY_LAYERS },
  { sourceTag: 'io:none', bannedExternalImports: banAllBut() },
  { sourceTag: 'io:http', bannedExternalImports: banAllBut('axios') },
  { sourceTag: 'io:onnx', bannedExternalImports: banAllBut('onnxruntime-node') },
  { sourceTag: 'io:redis', bannedExternalImports: banAllBut('ioredis', 'redlock') },
  { sourceTag: 'io:express', bannedExternalImports: banAllBut('express', 'ioredis') },
];

/** A spec may also use the private testing library, and the pipeline's specs a real broker: widen the rules by those tags. */
const layersForSpecs = layers.map(({ onlyDependOnLibsWithTags, allowedExternalImports: _allowed, ...rule }) => {
  if (!onlyDependOnLibsWithTags) return rule;
  const more = rule.sourceTag === 'layer:pipeline' ? ['layer:testing', 'layer:adapter'] : ['layer:testing'];
  return { ...rule, onlyDependOnLibsWithTags: [...onlyDependOnLibsWithTags, ...more] };
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
    files: ['**/*.spec.ts', 'libs/testing/src/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(layersForSpecs),
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['apps/*/src/main.ts', 'tools/src/**/*.ts'], rules: { 'no-console': 'off' } },
];
