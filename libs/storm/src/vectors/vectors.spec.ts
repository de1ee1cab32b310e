import * as fc from 'fast-check';
import { decodeDense, decodeSparse, encodeDense, encodeSparse } from '../log/encode-vectors';
import { cosine, denseVector, quantise } from './dense-vector';
import { quantiseSparse, sparseCosine, sparseVector } from './sparse-vector';

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

  it('refuses numbers that point nowhere, and another length', () => {
    expect(() => denseVector(new Int8Array(3))).toThrow('points nowhere');
    expect(() => cosine(quantise([1]), quantise([1, 2]))).toThrow('another length');
  });

  it('comes back from JSON as it was', () => {
    const vector = quantise([0.5, -1, 0.01]);
    expect(decodeDense(encodeDense(vector))).toEqual(vector);
  });
});

describe('a quantised sparse vector', () => {
  it('does not depend on the order of its entries', () => {
    const vector = quantiseSparse([
      [70_000, 0.5],
      [3, 1],
    ]);
    expect(vector).toEqual(
      quantiseSparse([
        [3, 1],
        [70_000, 0.5],
      ]),
    );
    expect([...vector.numbers]).toEqual([127, 64]);
    expect(decodeSparse(encodeSparse(vector))).toEqual(vector);
  });

  it('of nothing is like nothing', () => {
    const nothing = quantiseSparse([]);
    expect([sparseCosine(nothing, nothing), sparseCosine(nothing, quantiseSparse([[1, 1]]))]).toEqual([0, 0]);
  });

  it.each<[string, [number, number][]]>([
    [
      'an index twice',
      [
        [1, 1],
        [1, 2],
      ],
    ],
    ['an index below zero', [[-1, 1]]],
    ['half an index', [[0.5, 1]]],
    ['an index beyond 32 bits', [[2 ** 32, 1]]],
    ['no number', [[1, Number.NaN]]],
    ['infinity', [[1, Infinity]]],
  ])('refuses %s', (_what, entries) => {
    expect(() => quantiseSparse(entries)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  it('refuses parts that do not belong together', () => {
    expect(() => sparseVector(Uint32Array.of(1, 2), Int8Array.of(1))).toThrow('more indices');
    expect(() => sparseVector(Uint32Array.of(2, 1), Int8Array.of(1, 1))).toThrow('do not ascend');
  });
});
