import { parseArgs } from 'node:util';
import { OptionReader } from '../../harness/options';

/** The parts of the proof, in their order. */
export const PARTS = ['eleven', 'processes', 'reject', 'five-hundred'] as const;

/** One of {@link PARTS}. */
export type PartName = (typeof PARTS)[number];

/** Options of the tool. */
export interface ProofOptions {
  readonly parts: readonly PartName[];
  /** Runs of each part; each part's own number unless given. */
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
    options: { only: { type: 'string' }, runs: { type: 'string' }, seed: { type: 'string' } },
  });
  const reader = new OptionReader(values);
  const only = values.only === undefined ? undefined : reader.choice('only', PARTS, 'eleven');
  const parts = PARTS.filter((name) => only === undefined || name === only);
  const runs =
    values.runs === undefined ? undefined : reader.number('runs', { standard: 1, least: 1, most: MOST_RUNS });
  const seed = reader.number('seed', { standard: 1, least: 0, most: 2 ** 31 });
  reader.throwIfWrong();
  return { parts, runs, seed };
}
