import type { LabelledTicket, OutageTicket } from '../train/dataset';
import { halvesOf, seenThrough } from './texts';

const ticket = (id: string, topic: string): LabelledTicket => {
  return { id, topic, text: id, category: 'Legal', urgency: 0, register: 'terse' };
};
const outageTicket = (id: string, outage: string): OutageTicket => ({ id, outage, change: 'typo', text: id });

describe('halves of the data', () => {
  it('have no topic and no outage in common, and nothing is lost', () => {
    const tickets = [ticket('1', 'b'), ticket('2', 'a'), ticket('3', 'b'), ticket('4', 'c')];
    const halves = halvesOf(tickets, [outageTicket('s1', 'x'), outageTicket('s2', 'y'), outageTicket('s3', 'y')]);
    const ids = halves.map(({ ordinary, outages }) => [ordinary.map(({ id }) => id), outages.map(({ id }) => id)]);
    expect(ids).toEqual([
      [['2', '4'], ['s1']],
      [
        ['1', '3'],
        ['s2', 's3'],
      ],
    ]);
  });
});

describe('texts in a frame', () => {
  it('are seen with what stands around them, ordinary ones and storms', async () => {
    const read: string[] = [];
    const vectors = {
      embedding: null,
      words: { indices: new Uint32Array(), numbers: new Int8Array(), squaredNorm: 0 },
    };
    const seenText = { vectors, failure: 0.5, identifiers: 'x' };
    const texts = { ordinary: [{ id: '1', about: 'a', text: 'one' }], outages: [{ id: '2', about: 'b', text: 'two' }] };
    const seen = await seenThrough(texts, { name: 'frame', above: '<', below: '>' }, (all) => {
      read.push(...all);
      return all.map(() => seenText);
    });
    expect(read).toEqual(['<one>', '<two>']);
    expect(seen).toEqual({
      ordinary: [{ id: '1', about: 'a', ...seenText }],
      outages: [{ id: '2', about: 'b', ...seenText }],
    });
  });
});
