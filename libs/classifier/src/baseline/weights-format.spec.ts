import { createClassifierBaseline } from './classifier-baseline';
import { BASELINE_WEIGHTS } from './baseline-weights';
import { DEFAULT_FEATURES } from '../features/feature-settings';
import { type ClassifierWeights, decodeWeights, encodeWeights, type TrainedModel } from './weights-format';

const model: TrainedModel = {
  vocabulary: {
    settings: DEFAULT_FEATURES,
    tickets: 10,
    features: Uint32Array.of(1, 0xfffffff0),
    frequencies: Uint16Array.of(3, 65_535),
  },
  weights: Float64Array.of(0.5, -2, 1, 0, 0.25, -0.125),
  biases: [0.1, 0.2, -0.3],
  scale: 1.5,
  prior: [0.2, 0.3, 0.5],
  reviewThreshold: 0.8,
  training: { data: 'abc', seed: 1, steps: 30, learningRate: 0.3, minimumTopics: 3, accuracy: 0.9, macroF1: 0.9 },
};

describe('packed weights', () => {
  it('come back as they were, rounded to 16 bits', () => {
    const back = decodeWeights(encodeWeights(model));
    expect(back.vocabulary).toEqual(model.vocabulary);
    expect({ ...back, weights: null }).toEqual({ ...model, weights: null });
    back.weights.forEach((weight, i) =>
      expect(Math.abs(weight - (model.weights[i] ?? 0))).toBeLessThanOrEqual(2 / 65_534),
    );
  });

  it('survive a model without any weight', () => {
    const empty = { ...model, weights: new Float64Array(6) };
    expect(decodeWeights(encodeWeights(empty)).weights).toEqual(empty.weights);
  });

  const { manifest, data } = encodeWeights(model);
  const broken: Record<string, ClassifierWeights> = {
    'cut short': { manifest, data: data.slice(0, -4) },
    'changed in one character': { manifest, data: data.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) },
    'with a threshold changed by hand': { manifest: { ...manifest, reviewThreshold: 0.1 }, data },
    'of another format': { manifest: { ...manifest, format: 2 as 1 }, data },
    'without a manifest': { manifest: {} as ClassifierWeights['manifest'], data },
  };
  it.each(Object.entries(broken))('are refused when %s', (_, weights) => {
    expect(() => createClassifierBaseline(weights)).toThrow(expect.objectContaining({ code: 'invalid_model' }));
  });

  it('fit into 2 MB as shipped', () => {
    expect(BASELINE_WEIGHTS.data.length).toBeLessThan(2 * 1024 * 1024);
    expect(BASELINE_WEIGHTS.manifest.training.accuracy).toBeGreaterThan(0.8);
  });
});
