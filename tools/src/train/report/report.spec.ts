import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createClassifierBaseline,
  createClassifierHead,
  createFailureBaseline,
  createFailureHead,
} from '@smart-support/classifier';
import { createUrgencyBaseline, createUrgencyHead } from '@smart-support/urgency';

describe('data/report.md', () => {
  it('is about the weights that are shipped', () => {
    const report = readFileSync(join(__dirname, '../../../../data/report.md'), 'utf8');
    const failures = [createFailureBaseline(), createFailureHead()];
    const models = [createClassifierBaseline(), createClassifierHead(), createUrgencyBaseline(), createUrgencyHead()];
    for (const { version } of [...failures, ...models.map(({ model }) => model)]) {
      expect(report).toContain(`\`${version}\``);
    }
  });
});
