import { createHash } from 'node:crypto';
import { describeSignals } from '../describe-signals';
import { SIGNALS } from '../signals/all-signals';
import {
  decodeUrgencyHead,
  encodeUrgencyHead,
  type TrainedUrgencyHead,
  type UrgencyHeadWeights,
} from './head-weights-format';
import { URGENCY_HEAD_WEIGHTS } from './head-weights';
import { createUrgencyHead } from './urgency-head';

const signals = new Float64Array(2 * SIGNALS.length);
signals[3] = 1.5;
signals[SIGNALS.length + 3] = 0.5;
signals[SIGNALS.length + 7] = 1;

const HEAD: TrainedUrgencyHead = {
  embedder: { name: 'tiny', version: '1' },
  dimensions: 3,
  components: 2,
  tickets: 2,
  meaningWidth: 1,
  signalWidth: 0.1,
  signalScales: SIGNALS.map(() => 1),
  slope: 1.1,
  bias: -0.2,
  training: {
    data_sha256: '',
    topics: 1,
    seed: 1,
    ridge: 0.3,
    wording_weight: 1,
    label_margin: 0.1,
    leave_one_topic_out: { spearman: 0.5, spearman_interval: [0.4, 0.6], mean_absolute_error: 0.1 },
  },
  directions: Float64Array.of(1, 0, 0, 0, 0.6, 0.8),
  relevances: Float64Array.of(0.5, -0.25),
  meanings: Float64Array.of(0.1, 0.2, -0.3, 0.4),
  signals,
  features: Int32Array.of(-5, 17, 2_000_000_000),
  frequencies: Uint16Array.of(2, 3, 65_535),
  featureWeights: Float64Array.of(0.4, -0.8, 0),
};

const refused = (weights: UrgencyHeadWeights): void =>
  expect(() => createUrgencyHead({ weights })).toThrow(expect.objectContaining({ code: 'invalid_model' }));

/** Weights whose hash fits, whatever was done to them. */
function signed({ manifest, data }: UrgencyHeadWeights): UrgencyHeadWeights {
  const { hash: _hash, ...rest } = manifest;
  const hash = createHash('sha256').update(JSON.stringify(rest)).update('\n').update(data).digest('hex');
  return { manifest: { ...rest, hash }, data };
}

describe('packing a head', () => {
  it('gives back what was packed, but for the rounding', () => {
    const {
      directions,
      meanings,
      signals: strengths,
      featureWeights,
      ...rest
    } = decodeUrgencyHead(encodeUrgencyHead(HEAD));
    expect(rest).toEqual({
      ...rest,
      embedder: HEAD.embedder,
      training: HEAD.training,
      slope: HEAD.slope,
      relevances: HEAD.relevances,
      features: HEAD.features,
      frequencies: HEAD.frequencies,
    });
    directions.forEach((value, i) => expect(value).toBeCloseTo(HEAD.directions[i] ?? NaN, 4));
    featureWeights.forEach((value, i) => expect(value).toBeCloseTo(HEAD.featureWeights[i] ?? NaN, 4));
    meanings.forEach((value, i) => expect(Math.abs(value - (HEAD.meanings[i] ?? NaN))).toBeLessThan(0.4 / 127));
    strengths.forEach((value, i) => expect(Math.abs(value - (HEAD.signals[i] ?? NaN))).toBeLessThan(1.5 / 255));
  });

  it('gives the same bytes for the same head and another hash for another', () => {
    expect(encodeUrgencyHead(HEAD)).toEqual(encodeUrgencyHead(HEAD));
    expect(encodeUrgencyHead({ ...HEAD, bias: 0 }).manifest.hash).not.toBe(encodeUrgencyHead(HEAD).manifest.hash);
  });
});

describe('weights that cannot be used', () => {
  const weights = encodeUrgencyHead(HEAD);
  const { manifest, data } = weights;

  it('are those changed by hand', () => {
    refused({ manifest: { ...manifest, bias: 3 }, data });
    refused({ manifest, data: `${data.slice(0, -4)}AAA=` });
  });

  it('are those cut short', () => refused(signed({ manifest, data: data.slice(0, -8) })));

  it('are those of a format to come', () => {
    refused(signed({ manifest: JSON.parse(JSON.stringify({ ...manifest, format: 2 })), data }));
  });

  it('are those fitted to other patterns: the error says what to do', () => {
    const other = signed({ manifest: { ...manifest, patterns_sha256: 'another' }, data });
    refused(other);
    expect(() => createUrgencyHead({ weights: other })).toThrow('tools:train');
  });
});

describe('the shipped head', () => {
  const { manifest, data } = URGENCY_HEAD_WEIGHTS;

  it('belongs to these patterns: after a change of a pattern, run `npx nx run tools:train`', () => {
    expect(manifest.patterns_sha256).toBe(createHash('sha256').update(describeSignals()).digest('hex'));
  });

  it('is of a size to ship and reads MiniLM vectors', () => {
    expect(data.length).toBeLessThan(520_000);
    expect(manifest.dimensions).toBe(384);
    expect(manifest.embedder.name).toBe('all-MiniLM-L6-v2');
  });

  it('never turns the order of scores around', () => {
    expect(manifest.slope).toBeGreaterThan(0);
  });
});
