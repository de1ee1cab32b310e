import * as fc from 'fast-check';
import { words } from '../spec-support/storm-log';
import { decodeDense, decodeSparse, encodeDense, encodeSparse } from '../log/encode-vectors';
import { cosine, quantisedVector, quantise } from './quantised-vector';
import { quantisedSparseVector, sparseCosine } from './quantised-sparse-vector';

describe('a quantised embedding', () => {
  it('keeps the cosine to a hundredth', () => {
    const floats = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(floats, floats, (a, b) => {
        fc.pre(a.some((value) => Math.abs(value) > 0.1) && b.some((value) => Math.abs(value) > 0.1));
        const length = (v: readonly number[]): number => Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
        const exact = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0) / (length(a) * length(b));
        expect(Math.abs(cosine(quantise(a), quantise(b)) - exact)).toBeLessThan(0.02);
      }),
    );
  });

  it.each([[[]], [[0, 0]], [[1, Number.NaN]], [[Infinity, 1]]])('refuses %j', (numbers) => {
    expect(() => quantise(numbers)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  it('refuses zeros, and another length', () => {
    expect(() => quantisedVector(new Int8Array(3))).toThrow('has only zeros');
    expect(() => cosine(quantise([1]), quantise([1, 2]))).toThrow('another length');
  });

  it('comes back from JSON as it was', () => {
    const vector = quantise([0.5, -1, 0.01]);
    expect(decodeDense(encodeDense(vector))).toEqual(vector);
  });
});

describe('a quantised sparse vector', () => {
  it('is scaled by its largest number, without those that round to zero', () => {
    const vector = words([3, 1], [7, 0.001], [70_000, 0.5]);
    expect([[...vector.indices], [...vector.numbers]]).toEqual([
      [3, 70_000],
      [127, 64],
    ]);
    expect(decodeSparse(encodeSparse(vector))).toEqual(vector);
  });

  it('of an empty text is similar to nothing', () => {
    const nothing = words();
    expect([sparseCosine(nothing, nothing), sparseCosine(nothing, words([1, 1]))]).toEqual([0, 0]);
  });

  it.each<[string, [number, number][]]>([
    [
      'an index twice',
      [
        [1, 1],
        [1, 2],
      ],
    ],
    [
      'indices in another order',
      [
        [2, 1],
        [1, 2],
      ],
    ],
    ['no number', [[1, Number.NaN]]],
    ['infinity', [[1, Infinity]]],
  ])('refuses %s', (_what, entries) => {
    expect(() => words(...entries)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  it('refuses parts that do not belong together', () => {
    expect(() => quantisedSparseVector(Uint32Array.of(1, 2), Int8Array.of(1))).toThrow('more indices');
    expect(() => quantisedSparseVector(Uint32Array.of(2, 1), Int8Array.of(1, 1))).toThrow('do not ascend');
  });
});
