import type { ArrivedEntry } from '../log/storm-entry';
import { embedding, words } from '../spec-support/storm-log';
import { Arrival } from '../state/arrival';
import { type Traffic, exceedsReferenceRate } from './reference-rate';

const entry: ArrivedEntry = {
  ...{ kind: 'arrived', id: '1-0', at_ms: 1, ticket_id: 'T', received_ms: 1, requester: null },
  ...{ embedding: embedding(), words: words(), severe_signal: null, failure: 0, identifiers: '', is_machine: false },
};
/** Tickets by their places in the log, from 1 on. */
const at = (...places: number[]): Arrival[] =>
  places.map((place) => Object.assign(new Arrival(entry, place), { groupNumber: place }));
const every = (step: number, from: number, to: number): number[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);

/** Whether similar tickets before and in the span, by their places, exceed the rate, if the newcomer is the last of `known` tickets. */
function decides(known: number, before: number[], inSpan: number[], reference = {}, changes: Partial<Traffic> = {}) {
  const traffic: Traffic = {
    placeOf: ({ number }: { readonly number: number }) => number,
    ...{ known, knownMs: 600_000, oldest: 1, spanMs: 600_000, ticketThreshold: 10 },
    ...changes,
    reference: { tickets: 0, similar: 0, ...reference },
  };
  const [newcomer = new Arrival(entry, known)] = at(known);
  return exceedsReferenceRate(newcomer, at(...before, ...inSpan), at(...inSpan), traffic);
}

describe('similar tickets', () => {
  it('exceed the rate by their number alone as long as hardly any tickets are known', () => {
    expect(decides(22, [], every(2, 1, 21))).toBe(true);
    expect(decides(100, [], every(9, 1, 100))).toBe(true);
    expect(decides(101, [], every(9, 1, 101))).toBe(false);
  });

  it('need more than their number where a hundred others arrive a minute, unless they are the majority', () => {
    const knownMs = 20_000;
    expect(decides(60, [], every(5, 1, 60), {}, { knownMs })).toBe(false);
    expect(decides(22, [], every(2, 1, 21), {}, { knownMs })).toBe(true);
    expect(decides(95, [], every(2, 1, 95), {}, { knownMs })).toBe(true);
  });

  it('do not exceed a rate that they had before', () => {
    expect(decides(3_000, every(50, 1, 2_400), every(50, 2_401, 3_000))).toBe(false);
  });

  it('are no burst if they arrive evenly among the known tickets', () => {
    expect(decides(600, [], every(20, 1, 600))).toBe(false);
  });

  it('exceed the rate if none, or only few, came before', () => {
    expect(decides(3_000, [], every(5, 2_945, 3_000))).toBe(true);
    expect(decides(3_000, every(600, 1, 2_900), every(5, 2_945, 3_000))).toBe(true);
  });

  it('do not exceed it at twice the rate, however improbable that is', () => {
    expect(decides(30_000, every(20, 1, 20_000), every(10, 20_001, 30_000))).toBe(false);
  });

  describe('of a matter that makes up a tenth of the tickets of the last days', () => {
    const reference = { tickets: 1_000, similar: 100 };

    it('do not exceed it with a share of two tenths, few as the tickets are', () => {
      expect(decides(55, [], every(5, 1, 55), reference)).toBe(false);
      expect(decides(55, [], every(5, 1, 55))).toBe(true);
    });

    it('exceed it where hardly anything else arrives', () => {
      expect(decides(55, [], every(1, 43, 55), reference)).toBe(true);
    });

    it('do not where they are sudden, but at the reference rate', () => {
      expect(decides(3_000, [], every(9, 2_900, 3_000), reference)).toBe(false);
    });
  });
});
