import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClassifierBaseline, createClassifierHead } from '@smart-support/classifier';
import { createUrgencyBaseline, createUrgencyHead } from '@smart-support/urgency';

describe('data/report.md', () => {
  it('is about the weights that are shipped', () => {
    const report = readFileSync(join(__dirname, '../../../../data/report.md'), 'utf8');
    for (const { model } of [
      createClassifierBaseline(),
      createClassifierHead(),
      createUrgencyBaseline(),
      createUrgencyHead(),
    ]) {
      expect(report).toContain(`\`${model.version}\``);
    }
  });
});
