import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SETTINGS } from '@smart-support/config';
import { renderConfigurationPage } from './configuration-page';

/** The same from `src/docs` and from `dist/docs`. */
const PAGE = resolve(__dirname, '../../../docs/configuration.md');

// Writes docs/configuration.md; with --check, only reports whether it is up to date.
const page = renderConfigurationPage(SETTINGS);
if (!process.argv.includes('--check')) {
  mkdirSync(dirname(PAGE), { recursive: true });
  writeFileSync(PAGE, page);
} else if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== page) {
  console.error('docs/configuration.md is out of date: run `npx nx run tools:docs` and commit it.');
  process.exitCode = 1;
}
