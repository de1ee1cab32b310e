import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SETTINGS, type SettingInfo } from '@smart-support/config';
import { renderConfigurationPage } from './configuration-page';

const DOOR: SettingInfo = {
  name: 'DOOR_KEY',
  default: undefined,
  meaning: 'What opens | closes the door.',
  allowed: 'a key\nof iron',
  secret: true,
};

describe('the configuration page', () => {
  it('in the repository is up to date', () => {
    const committed = readFileSync(resolve(__dirname, '../../../docs/configuration.md'), 'utf8');
    expect(committed).toBe(renderConfigurationPage(SETTINGS));
  });

  it('has one row for each setting', () => {
    const lines = renderConfigurationPage(SETTINGS).split('\n');
    for (const { name, meaning } of SETTINGS) {
      expect(lines.filter((line) => line.startsWith(`| \`${name}\` `) && line.includes(meaning))).toHaveLength(1);
    }
  });

  it('has aligned columns, as the formatter writes them', () => {
    const rows = renderConfigurationPage(SETTINGS)
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  });

  it('marks what is unset and what is a secret, and keeps every setting on its row', () => {
    expect(renderConfigurationPage([DOOR]).split('\n')).toContain(
      '| `DOOR_KEY` | gateway, worker | unset   | a key of iron | What opens \\| closes the door. It is a secret: it appears in no log and no error. |',
    );
  });
});
