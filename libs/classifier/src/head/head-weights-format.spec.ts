import { createClassifierHead } from './classifier-head';
import { HEAD_WEIGHTS } from './head-weights';
import { decodeHeadWeights, encodeHeadWeights, type HeadWeights, type TrainedHead } from './head-weights-format';

const trained: TrainedHead = {
  dimensions: 2,
  weights: Float64Array.of(0.5, -2, 1, 0.5, 0, 0.25, -0.125, 1),
  centres: [0.1, 0.2, 0.3, 0.4],
  biases: [0.1, 0.2, -0.3, -1],
  wordsWeight: 0.7,
  meaningWeight: 0.5,
  reviewThreshold: 0.6,
  noneThreshold: 0.5,
  embedder: { name: 'some-embedder', version: '0123' },
  baseline: 'abc',
  training: {
    data: 'abc',
    tickets: 10,
    seed: 1,
    steps: 20,
    learningRate: 0.0001,
    accuracy: 0.9,
    macroF1: 0.9,
    logLoss: 0.3,
  },
};

describe('a packed head', () => {
  it('comes back as it was, its weights rounded to 16 bits', () => {
    const { weights, ...rest } = decodeHeadWeights(encodeHeadWeights(trained));
    const { weights: before, ...restBefore } = trained;
    expect({ ...rest }).toMatchObject(restBefore);
    expect(weights).toHaveLength(before.length);
    weights.forEach((weight, i) => expect(Math.abs(weight - (before[i] ?? NaN))).toBeLessThanOrEqual(2 / 65_534));
  });

  it('packs to the same bytes again', () => {
    expect(encodeHeadWeights(decodeHeadWeights(HEAD_WEIGHTS))).toEqual(HEAD_WEIGHTS);
  });

  const { manifest, data } = HEAD_WEIGHTS;
  const broken: Record<string, HeadWeights> = {
    'cut short': { manifest, data: data.slice(0, -4) },
    'changed in one character': { manifest, data: data.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) },
    'given another threshold by hand': { manifest: { ...manifest, reviewThreshold: 0.1 }, data },
    'of another format': { manifest: { ...manifest, format: 3 as 2 }, data },
    'without a manifest': { manifest: {} as HeadWeights['manifest'], data },
    'of other dimensions than it says': encodeHeadWeights({ ...decodeHeadWeights(HEAD_WEIGHTS), dimensions: 383 }),
  };
  it.each(Object.entries(broken))('is refused when %s', (_, weights) => {
    expect(() => createClassifierHead({ weights })).toThrow(expect.objectContaining({ code: 'invalid_model' }));
  });

  it('is small as shipped', () => {
    expect(data.length).toBeLessThan(5 * 1024);
    expect(manifest.training.accuracy).toBeGreaterThan(0.88);
  });
});
