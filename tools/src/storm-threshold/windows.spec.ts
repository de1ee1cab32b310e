import { quantiseSparse } from '@smart-support/storm';
import { randomFrom } from '../train/random';
import { pairShares } from './pair-shares';
import type { SeenTicket } from './seen-ticket';
import { CALM_TICKETS, calmWindow, incidentsOf, stormWindows, topicalWindow } from './windows';

/** A ticket with some words, given by number. */
function saying(id: string, about: string, ...words: readonly number[]): SeenTicket {
  const sorted = [...words].sort((a, b) => a - b);
  const vector = { indices: Uint32Array.from(sorted), values: new Float32Array(sorted.length).fill(1) };
  return { id, about, vectors: { embedding: null, words: quantiseSparse(vector) }, failure: 1, identifiers: '' };
}

const ordinary = Array.from({ length: 360 }, (_, i) => saying(`o${i}`, `topic ${Math.floor(i / 18)}`, 1000 + i));
const outage = Array.from({ length: 20 }, (_, i) => saying(`s${i}`, 'outage', 1, 2, 3, 4, 5000 + i));
const ids = (tickets: readonly SeenTicket[]) => tickets.map(({ id }) => id);

describe('windows', () => {
  it('have 300 ordinary tickets, each once, of any topics or of whole topics', () => {
    for (const window of [calmWindow(ordinary, randomFrom(1)), topicalWindow(ordinary, randomFrom(1))]) {
      expect(new Set(ids(window)).size).toBe(CALM_TICKETS);
    }
    const topics = new Set(topicalWindow(ordinary, randomFrom(1)).map(({ about }) => about));
    expect(topics.size).toBe(Math.ceil(CALM_TICKETS / 18));
  });

  it('have storms of 11 to 20 variants between as many ordinary tickets', () => {
    const windows = stormWindows(ordinary, outage, randomFrom(1));
    const sizes = windows.map((window) => window.filter(({ about }) => about === 'outage').length);
    expect(sizes).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    expect(windows.every((window, i) => window.length === CALM_TICKETS + (sizes[i] ?? 0))).toBe(true);
  });

  it('have one incident with the members of the storm, if the threshold is low enough', () => {
    const [window = []] = stormWindows(ordinary, outage, randomFrom(1));
    // Four words of five are common: a cosine of 0.8.
    const found = incidentsOf(window, { threshold: 0.75, ticketThreshold: 10 });
    expect(found.map((members) => new Set(members.map(({ about }) => about)))).toEqual([new Set(['outage'])]);
    expect(found[0]).toHaveLength(11);
    expect(incidentsOf(window, { threshold: 0.85, ticketThreshold: 10 })).toEqual([]);
    expect(incidentsOf(calmWindow(ordinary, randomFrom(1)), { threshold: 0.3, ticketThreshold: 5 })).toEqual([]);
  });
});

describe('shares of pairs', () => {
  it('are those strictly above each threshold, of one subject and of two', () => {
    const tickets = [saying('a', 'x', 1, 2), saying('b', 'x', 1, 2), saying('c', 'y', 1, 3), saying('d', 'y', 4)];
    expect(pairShares(tickets, [0.4, 0.5, 1])).toEqual([
      { same: 1 / 2, different: 2 / 4 },
      { same: 1 / 2, different: 0 },
      { same: 0, different: 0 },
    ]);
  });
});
