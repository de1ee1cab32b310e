import { PAIRS, comparePairs, meetsGoal, reportedFinding, singleFinding } from './measure';

/** Answers the given figures one after the other and records each turn. */
function contender(name: string, figures: readonly number[], turns: string[]) {
  let turn = 0;
  return {
    name,
    measure: () => {
      turns.push(name);
      return Promise.resolve(figures[turn++ % figures.length]!);
    },
  };
}

describe('a comparison in pairs', () => {
  it('lets both sides take turns', async () => {
    const turns: string[] = [];
    await comparePairs('t', 'x/s', contender('a', [1], turns), contender('b', [2], turns));
    expect(turns).toEqual(Array.from({ length: PAIRS }, () => ['a', 'b']).flat());
  });

  it('takes the ratio within each pair, so that a slow minute that hits both changes nothing', async () => {
    const slowMinute = [100, 100, 10, 10, 10, 100, 100, 100, 100];
    const finding = await comparePairs(
      't',
      'x/s',
      contender(
        'a',
        slowMinute.map((figure) => figure * 0.75),
        [],
      ),
      contender('b', slowMinute, []),
    );
    expect(finding.ratio).toEqual({ lowerQuartile: 0.75, median: 0.75, upperQuartile: 0.75 });
    expect(finding.sides.map(({ spread }) => spread.median)).toEqual([75, 100]);
  });

  it('judges the median ratio against its goal, which is inclusive', async () => {
    const compare = (figure: number) =>
      comparePairs('t', 'x/s', contender('a', [figure], []), contender('b', [100], []), { ratioGoal: 0.6 });
    expect(meetsGoal(await compare(60))).toBe(true);
    expect(meetsGoal(await compare(59))).toBe(false);
  });

  it('reports its progress', async () => {
    const seen: number[] = [];
    await comparePairs('t', 'x/s', contender('a', [1], []), contender('b', [1], []), {}, (pair) => seen.push(pair));
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('a single figure', () => {
  it('is reported, not judged', () => {
    const finding = singleFinding('memory', 'MB', 'gateway', 120, 'below 150 MB');
    expect(finding.sides[0]?.spread.median).toBe(120);
    expect(meetsGoal(finding)).toBeUndefined();
  });
});

describe('figures beside each other', () => {
  it('keep their own spread and are not judged', () => {
    const finding = reportedFinding('delay', 'ms', { busy: [3, 1, 2], idle: [0.5] }, 'below 20 ms');
    expect(finding.sides.map(({ name, spread }) => [name, spread.median])).toEqual([
      ['busy', 2],
      ['idle', 0.5],
    ]);
    expect(finding.aim).toBe('below 20 ms');
    expect(meetsGoal(finding)).toBeUndefined();
  });

  it('may have an inclusive ceiling, against which the first of them is judged', () => {
    const trips = (figure: number) => ({
      ...reportedFinding('trips', 'a ticket', { own: [figure], other: [9] }),
      ceiling: 2,
    });
    expect(meetsGoal(trips(2))).toBe(true);
    expect(meetsGoal(trips(2.1))).toBe(false);
  });
});
