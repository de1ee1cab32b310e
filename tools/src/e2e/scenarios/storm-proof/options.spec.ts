import { PARTS, readOptions } from './options';

describe('the arguments of the storm proof', () => {
  it('default to all parts', () => {
    expect(readOptions([])).toEqual({ parts: PARTS, runs: undefined, seed: 1 });
  });

  it('choose a part, how often, and the first seed', () => {
    expect(readOptions(['--only=reject', '--runs=3', '--seed=17'])).toEqual({ parts: ['reject'], runs: 3, seed: 17 });
  });

  it('that are wrong are named all at once', () => {
    expect(() => readOptions(['--only=storm', '--runs=0', '--seed='])).toThrow(
      /--only must be one of eleven, [^\n]*\n--runs must be[^\n]*\n--seed must be/,
    );
  });
});
