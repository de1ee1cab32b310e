import fc from 'fast-check';
import { sortedBatches } from './sorted-batches';

const length = (text: string): number => text.length;

describe('sorted batches', () => {
  it('put texts of similar length together', () => {
    expect(sortedBatches(['ccc', 'a', 'dddd', 'bb', 'e'], length, 2)).toEqual([['a', 'e'], ['bb', 'ccc'], ['dddd']]);
  });

  it('of one text are the texts themselves, the shortest first', () => {
    expect(sortedBatches(['bb', 'a'], length, 1)).toEqual([['a'], ['bb']]);
  });

  it('of no texts are none', () => {
    expect(sortedBatches([], length, 8)).toEqual([]);
  });

  it('contain every text once, none longer than the first of the next batch', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 9 }), (texts, size) => {
        const batches = sortedBatches(texts, length, size);
        expect(batches.flat().toSorted()).toEqual(texts.toSorted());
        for (const batch of batches.slice(0, -1)) expect(batch).toHaveLength(size);
        batches.slice(1).forEach((batch, at) => {
          expect(Math.max(...(batches[at] ?? []).map(length))).toBeLessThanOrEqual(length(batch[0] ?? ''));
        });
      }),
    );
  });
});
