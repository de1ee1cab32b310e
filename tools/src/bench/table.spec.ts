import { singleFinding } from './measure';
import { renderFinding, shortNumber } from './table';

describe('a finding as text', () => {
  it.each([
    [0, '0'],
    [12345.678, '12,346'],
    [123.45, '123'],
    [1.23456, '1.23'],
    [0.65432, '0.654'],
    [0.00012345, '0.000123'],
    [-2.5, '-2.5'],
  ])('writes %d as %s', (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });

  it('shows medians with quartiles, the ratio and the verdict', () => {
    const spread = (median: number) => ({ lowerQuartile: median * 0.9, median, upperQuartile: median * 1.1 });
    const text = renderFinding({
      title: 'Throughput',
      unit: 'tickets/s',
      sides: [
        { name: 'gateway', spread: spread(5000), values: [] },
        { name: 'bare', spread: spread(10000), values: [] },
      ],
      ratio: spread(0.5),
      ratioGoal: 0.6,
    });
    expect(text.split('\n')).toEqual([
      'Throughput',
      '  gateway  5,000 [4,500 .. 5,500] tickets/s',
      '  bare     10,000 [9,000 .. 11,000] tickets/s',
      '  ratio    0.5 [0.45 .. 0.55]',
      '  goal     ratio of at least 0.6: MISSED',
    ]);
  });

  it('shows a single figure without quartiles and ratio', () => {
    expect(renderFinding(singleFinding('Memory', 'MB', 'gateway', 99, 'below 150 MB'))).toBe(
      'Memory\n  gateway  99 MB\n  aim      below 150 MB',
    );
  });

  it('names the figure that misses its ceiling', () => {
    const finding = { ...singleFinding('Round trips', 'a ticket', 'commands', 2.5), ceiling: 2 };
    expect(renderFinding(finding).split('\n').at(-1)).toBe('  goal      commands, at most 2: MISSED');
  });
});
