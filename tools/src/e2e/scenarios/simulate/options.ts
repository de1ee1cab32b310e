import { parseArgs } from 'node:util';
import { LARGEST_SEED, OptionReader } from '../../harness/options';

/** Options of a run. */
export interface SimulateOptions {
  readonly seed: number;
  /** Whether to play the short day. */
  readonly isShort: boolean;
  /** Directory of the report, the recording and the logs. */
  readonly report: string;
  /** File for a small picture of the day; none if left out. */
  readonly picture: string | undefined;
  /** Recording of an earlier run, which is drawn again instead of playing a day; none if left out. */
  readonly redraw: string | undefined;
}

/**
 * Reads the arguments of the command line.
 * @throws Error that names what is wrong
 */
export function readOptions(args: readonly string[]): SimulateOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      short: { type: 'boolean', default: false },
      report: { type: 'string', default: 'tmp/simulate' },
      picture: { type: 'string' },
      redraw: { type: 'string' },
    },
  });
  const reader = new OptionReader(values);
  const seed = reader.number('seed', { standard: 1, least: 0, most: LARGEST_SEED });
  reader.throwIfWrong();
  return { seed, isShort: values.short, report: values.report, picture: values.picture, redraw: values.redraw };
}
