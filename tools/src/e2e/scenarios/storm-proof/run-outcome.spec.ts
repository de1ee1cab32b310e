import { type RunOutcome, makeRuns, seedsFrom } from './run-outcome';

const outcomeOf = (seed: number): RunOutcome => ({
  seed,
  prefix: `p-${seed}`,
  lostWorker: false,
  lostTickets: 0,
  changed: 0,
  late: 0,
  mayWait: false,
  faults: [],
});

describe('many runs', () => {
  it('are made once each, never more at once than they may, and returned in order', async () => {
    let [now, most] = [0, 0];
    const done: number[] = [];
    const run = async (seed: number) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 10 - seed));
      now -= 1;
      return outcomeOf(seed);
    };
    const outcomes = await makeRuns(seedsFrom(3, 6), 2, run, ({ seed }) => done.push(seed));
    expect(outcomes.map(({ seed }) => seed)).toEqual([3, 4, 5, 6, 7, 8]);
    expect([...done].sort()).toEqual([3, 4, 5, 6, 7, 8]);
    expect(most).toBe(2);
  });
});
