import { renderFaults, renderResults } from './report';
import type { PartResult, RunOutcome } from './run-outcome';

function outcome(seed: number, faults: readonly string[] = []): RunOutcome {
  return {
    seed,
    prefix: `p-${seed}`,
    lostWorker: seed === 1,
    lostTickets: 2,
    changed: 1,
    late: 3,
    mayWait: false,
    faults,
  };
}

function result(...outcomes: readonly RunOutcome[]): PartResult {
  return { what: 'a part', outcomes, requeued: 5, released: 7, seconds: 1.25 };
}

describe('the report', () => {
  it('sums up the runs of each part', () => {
    expect(renderResults([result(outcome(1), outcome(2, ['lost']))])).toContain(
      '| a part | 2 | 1 | 1 | 4 | 5 | 2 | 7 | 6 | 1.3 |',
    );
  });

  it('names the seed of what did not hold, and does not go on for ever', () => {
    const faults = Array.from({ length: 9 }, (_, index) => `fault ${index}`);
    const many = Array.from({ length: 20 }, (_, seed) => outcome(seed, faults));
    const text = renderFaults([result(...many)]);
    expect(text).toContain('a part, seed 0 (p-0):\n  fault 0\n  fault 1\n  fault 2\n  fault 3\n  and 5 more\n');
    expect(text).toMatch(/\nand 8 more runs$/);
    expect(renderFaults([result(outcome(1))])).toBe('');
  });
});
