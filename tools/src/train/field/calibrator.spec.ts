import { resolve } from 'node:path';
import { keptCalibrations } from './calibrator';

describe('training without strangers’ texts', () => {
  it('takes what an earlier training found by them', () => {
    const calibrate = keptCalibrations(resolve(__dirname, '../../../../data/field/calibration.json'));
    const model = { logits: () => [0, 0, 0] };
    expect(calibrate('baseline', model)).toMatchObject({ noneThreshold: null });
    expect(calibrate('head', model)).toMatchObject({ noneThreshold: expect.any(Number) });
  });
});
