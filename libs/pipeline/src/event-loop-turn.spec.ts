import { setImmediate } from 'node:timers/promises';
import { eventLoopTurn, type TurnKind } from './event-loop-turn';

/** Time as the turns see it. */
let now: number;
beforeEach(() => {
  now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

/** Does some pieces of work one after the other, and notes each. */
async function work(notes: string[], name: string, pieces: number, ms: number, kind?: TurnKind): Promise<void> {
  for (let piece = 1; piece <= pieces; piece += 1) {
    await eventLoopTurn(kind);
    now += ms;
    notes.push(`${name}${piece}`);
  }
}

/** Notes the end of every turn of the event loop until something has ended. */
async function withTurns(notes: string[], working: Promise<unknown>): Promise<string[]> {
  let isOver = false;
  const over = working.then(() => (isOver = true));
  while (!isOver) {
    await setImmediate();
    notes.push('|');
  }
  await over;
  return notes;
}

describe('turns of the event loop', () => {
  it('take in what waits together, in order, while it takes little time', async () => {
    const notes: string[] = [];
    const all = Promise.all(['a', 'b', 'c'].map((name) => work(notes, name, 1, 1)));
    expect((await withTurns(notes, all)).join('')).toMatch(/^\|?a1b1c1\|/);
  });

  it('take in several pieces of a batch while these take little time, so that they share a command', async () => {
    const notes: string[] = [];
    await withTurns(notes, work(notes, 'x', 9, 1, 'batch'));
    expect(notes.join('')).toContain('x1x2x3x4x5x6x7x8x9');
  });

  it('end after long work: the rest waits for the next one', async () => {
    const notes: string[] = [];
    const all = Promise.all(['a', 'b', 'c'].map((name) => work(notes, name, 1, 20)));
    expect((await withTurns(notes, all)).join('')).toMatch(/a1\|+b1\|+c1/);
  });

  it('let a single ticket pass a batch that came before it', async () => {
    const notes: string[] = [];
    const batch = work(notes, 'x', 100, 20, 'batch');
    await setImmediate();
    await withTurns(notes, Promise.all([batch, work(notes, 'a', 1, 1)]));
    expect(notes.indexOf('a1')).toBeLessThan(notes.indexOf('x5'));
  });

  it('give a batch one piece each, however many single tickets there are', async () => {
    const notes: string[] = [];
    const tickets = Promise.all(Array.from({ length: 50 }, (_, n) => work(notes, `t${n}.`, 1, 20)));
    await withTurns(notes, Promise.all([tickets, work(notes, 'x', 10, 20, 'batch')]));
    expect(notes.indexOf('x10')).toBeLessThan(notes.indexOf('t20.1'));
  });
});
