import { parseArgs } from 'node:util';

/** What can be proved, in the order in which it is. */
export const PARTS = ['eleven', 'processes', 'reject', 'five-hundred'] as const;

/** One of {@link PARTS}. */
export type PartName = (typeof PARTS)[number];

/** What a run of the tool is asked to do. */
export interface ProofOptions {
  readonly parts: readonly PartName[];
  /** How often each part is tried; by each part's own number unless given. */
  readonly runs: number | undefined;
  /** Of the first run of each part; the next one has the next seed. */
  readonly seed: number;
}

const MOST_RUNS = 100_000;

/**
 * Reads the arguments of the command line.
 * @throws Error that names every one that is wrong
 */
export function readOptions(args: readonly string[]): ProofOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: 'string' }, runs: { type: 'string' }, seed: { type: 'string', default: '1' } },
  });
  const wrong: string[] = [];
  const numberOf = (name: 'runs' | 'seed', least: number, most: number): number => {
    const given = values[name] ?? '';
    const value = given === '' ? NaN : Number(given);
    if (!Number.isInteger(value) || value < least || value > most) {
      wrong.push(`--${name} must be a whole number from ${least} to ${most}`);
    }
    return value;
  };
  const { only } = values;
  const parts = PARTS.filter((name) => only === undefined || name === only);
  if (parts.length === 0) wrong.push(`--only must be one of ${PARTS.join(', ')}`);
  const runs = values.runs === undefined ? undefined : numberOf('runs', 1, MOST_RUNS);
  const seed = numberOf('seed', 0, 2 ** 31);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return { parts, runs, seed };
}
