import { createFailureBaseline } from './failure-baseline';
import { FAILURE_BASELINE_WEIGHTS } from './failure-baseline-weights';
import { createFailureHead } from './failure-head';
import { FAILURE_HEAD_WEIGHTS } from './failure-head-weights';
import {
  decodeFailureBaseline,
  decodeFailureHead,
  encodeFailureBaseline,
  encodeFailureHead,
} from './failure-weights-format';

const refused = expect.objectContaining({ code: 'invalid_model' });

/** What can be wrong with packed weights of either kind. */
function broken<Weights extends { manifest: object; data: string }>({ manifest, data }: Weights) {
  return [
    ['cut short', { manifest, data: data.slice(0, -4) }],
    ['changed in one character', { manifest, data: data.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) }],
    ['given another bias by hand', { manifest: { ...manifest, bias: 9 }, data }],
    ['of another format', { manifest: { ...manifest, format: 2 }, data }],
    ['without a manifest', { manifest: {}, data }],
  ].map(([how, weights]) => [how, weights as Weights] as const);
}

describe('the packed failure head', () => {
  it('packs to the same bytes again', () => {
    expect(encodeFailureHead(decodeFailureHead(FAILURE_HEAD_WEIGHTS))).toEqual(FAILURE_HEAD_WEIGHTS);
  });

  it.each(broken(FAILURE_HEAD_WEIGHTS))('is refused when %s', (_, weights) => {
    expect(() => createFailureHead({ weights })).toThrow(refused);
  });

  it('is refused when it has other dimensions than it says', () => {
    const weights = encodeFailureHead({ ...decodeFailureHead(FAILURE_HEAD_WEIGHTS), dimensions: 383 });
    expect(() => createFailureHead({ weights })).toThrow(refused);
  });
});

describe('the packed failure baseline', () => {
  it('packs to the same bytes again', () => {
    expect(encodeFailureBaseline(decodeFailureBaseline(FAILURE_BASELINE_WEIGHTS))).toEqual(FAILURE_BASELINE_WEIGHTS);
  });

  it.each(broken(FAILURE_BASELINE_WEIGHTS))('is refused when %s', (_, weights) => {
    expect(() => createFailureBaseline(weights)).toThrow(refused);
  });
});

describe('the shipped models of failure reports', () => {
  it('are right as often as the report says, and small', () => {
    expect(FAILURE_HEAD_WEIGHTS.manifest.training.accuracy).toBeGreaterThan(0.9);
    expect(FAILURE_BASELINE_WEIGHTS.manifest.training.accuracy).toBeGreaterThan(0.85);
    expect(FAILURE_HEAD_WEIGHTS.data.length).toBeLessThan(2 * 1024);
    expect(FAILURE_BASELINE_WEIGHTS.data.length).toBeLessThan(100 * 1024);
  });
});
