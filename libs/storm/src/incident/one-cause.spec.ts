import { mayHaveOneCause, reportsFailure } from './one-cause';

const request = (identifiers: string) => ({ failure: 0.1, identifiers });
const report = (identifiers: string) => ({ failure: 0.9, identifiers });

describe('two similar tickets', () => {
  it.each([
    ['requests about two orders', request('order 1'), request('order 2'), false],
    ['requests about one order', request('order 1'), request('order 1'), true],
    ['requests that name nothing of their own', request(''), request(''), true],
    ['a request about an order and one that names none', request('order 1'), request(''), false],
    ['reports of a failure with two order numbers', report('order 1'), report('order 2'), true],
    ['a report of a failure and a request about another order', report('order 1'), request('order 2'), true],
  ])('%s may have one cause or not', (_what, a, b, may) => {
    expect(mayHaveOneCause(a, b)).toBe(may);
    expect(mayHaveOneCause(b, a)).toBe(may);
  });

  it('report a failure from a probability of 0.4 on', () => {
    expect([0, 0.39, 0.4, 1].map((failure) => reportsFailure({ failure }))).toEqual([false, false, true, true]);
  });
});
