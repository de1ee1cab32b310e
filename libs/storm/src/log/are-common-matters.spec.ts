import { embedding } from '../spec-support/storm-log';
import { quantisedVector } from '../vectors/quantised-vector';
import { areCommonMatters } from './are-common-matters';
import { encodeDense } from './encode-vectors';

describe('common matters read from a log', () => {
  const matters = [{ numbers: encodeDense(quantisedVector(embedding().numbers)), tickets: 5 }];

  it('are taken as they were written', () => {
    expect(areCommonMatters(JSON.parse(JSON.stringify({ model: 'm', tickets: 9, matters })))).toBe(true);
    expect(areCommonMatters({ model: '', tickets: 0, matters: [] })).toBe(true);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'matters'],
    ['a model that is no text', { model: 5, tickets: 9, matters }],
    ['a count that is no number', { model: 'm', tickets: '9', matters }],
    ['matters that are no list', { model: 'm', tickets: 9, matters: 5 }],
    ['a matter that is none', { model: 'm', tickets: 9, matters: [null] }],
    ['a vector of zeros', { model: 'm', tickets: 9, matters: [{ numbers: 'AAAA', tickets: 5 }] }],
    ['a matter without a count', { model: 'm', tickets: 9, matters: [{ numbers: matters[0]?.numbers }] }],
  ])('are refused if they are %s', (_what, value) => {
    expect(areCommonMatters(value)).toBe(false);
  });
});
