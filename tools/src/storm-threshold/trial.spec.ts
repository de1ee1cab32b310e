import { type Trial, isSafe, tryDownwards } from './trial';

function trial(threshold: number, wrong: Partial<Trial> = {}): Trial {
  const calm = { falseIncidents: 0, nearlyFalseIncidents: 0, calmWindows: 20 };
  return { threshold, ...calm, opened: 60, stormWindows: 60, held: 1, strangers: 0, ...wrong };
}

describe('a threshold', () => {
  it('is safe if no incident nearly opens without a storm and no stranger is taken in, whatever it finds', () => {
    expect(isSafe(trial(0.5, { opened: 0, held: 0 }))).toBe(true);
    expect(isSafe(trial(0.5, { nearlyFalseIncidents: 1 }))).toBe(false);
    expect(isSafe(trial(0.5, { strangers: 1 }))).toBe(false);
  });
});

describe('trying thresholds', () => {
  it('goes from the highest down to the first that is not safe', () => {
    const attempt = (threshold: number) => trial(threshold, { strangers: threshold < 0.45 ? 1 : 0 });
    const tried = tryDownwards([0.3, 0.4, 0.5, 0.6], attempt);
    expect(tried.map(({ threshold }) => threshold)).toEqual([0.6, 0.5, 0.4]);
  });
});
