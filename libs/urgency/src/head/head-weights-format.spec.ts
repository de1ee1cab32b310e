import { createHash } from 'node:crypto';
import { describeSignals } from '../describe-signals';
import { SIGNALS } from '../signals/all-signals';
import {
  decodeUrgencyHead,
  encodeUrgencyHead,
  HEAD_PARTS,
  type TrainedUrgencyHead,
  type UrgencyHeadWeights,
} from './head-weights-format';
import { URGENCY_HEAD_WEIGHTS } from './head-weights';
import { createUrgencyHead } from './urgency-head';

const HEAD: TrainedUrgencyHead = {
  embedder: { name: 'tiny', version: '1' },
  dimensions: 3,
  general: { bias: -0.2, weights: Float64Array.of(0.5, -2, 0.125), signalWeights: { harm_danger: 1.5, solved: -2 } },
  emergency: { bias: -3, weights: Float64Array.of(0.25, 1, 0), signalWeights: { harm_danger: 2, solved: 0 } },
  training: {
    data_sha256: '',
    tickets: 2,
    topics: 1,
    seed: 1,
    ridge: 0.3,
    out_of_topic: { spearman: 0.5, spearman_interval: [0.4, 0.6], mean_absolute_error: 0.1 },
  },
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
    const unpacked = decodeUrgencyHead(encodeUrgencyHead(HEAD));
    expect(unpacked).toMatchObject({ embedder: HEAD.embedder, dimensions: 3, training: HEAD.training });
    for (const part of HEAD_PARTS) {
      const { weights, ...rest } = unpacked[part];
      const { weights: before, ...restBefore } = HEAD[part];
      expect(rest).toEqual(restBefore);
      weights.forEach((weight, i) => expect(Math.abs(weight - (before[i] ?? NaN))).toBeLessThanOrEqual(2 / 65_534));
    }
  });

  it('gives the same bytes for the same head and another hash for another', () => {
    expect(encodeUrgencyHead(HEAD)).toEqual(encodeUrgencyHead(HEAD));
    expect(encodeUrgencyHead({ ...HEAD, general: HEAD.emergency }).manifest.hash).not.toBe(
      encodeUrgencyHead(HEAD).manifest.hash,
    );
  });
});

describe('weights that cannot be used', () => {
  const weights = encodeUrgencyHead(HEAD);
  const { manifest, data } = weights;

  it('are those changed by hand', () => {
    refused({ manifest: { ...manifest, general: { ...manifest.general, bias: 3 } }, data });
    refused({ manifest, data: `${data.slice(0, -4)}AAA=` });
  });

  it('are those cut short', () => refused(signed({ manifest, data: data.slice(0, -8) })));

  it('are those of a format to come', () => {
    refused(signed({ manifest: JSON.parse(JSON.stringify({ ...manifest, format: 3 })), data }));
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
    expect(data.length).toBeLessThan(4096);
    expect(manifest.dimensions).toBe(384);
    expect(manifest.embedder.name).toBe('all-MiniLM-L6-v2');
  });

  it('takes no raising signal for a calming one, and none of these for a raising one', () => {
    for (const { name, direction } of SIGNALS) {
      for (const part of HEAD_PARTS) {
        const weight = manifest[part].signalWeights[name] ?? NaN;
        expect(weight * (direction === 'raises' ? 1 : -1)).toBeGreaterThanOrEqual(0);
      }
    }
  });
});
