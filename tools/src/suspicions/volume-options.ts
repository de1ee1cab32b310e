import { parseArgs } from 'node:util';

/** What a run of `tools:volume` is asked to do. */
export interface VolumeOptions {
  /** Files of JSON lines with a `text`; data/tickets if there is none. */
  readonly files: readonly string[];
  /** Tickets a second, of each run. */
  readonly rates: readonly number[];
  readonly minutes: number;
  readonly seed: number;
  /** Real workers that the tickets go through, in real time; 0 for simulated time in this process. */
  readonly workers: number;
}

/**
 * Reads the arguments of the command line.
 * @throws Error that says what is wrong
 */
export function readVolumeOptions(args: readonly string[]): VolumeOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tickets: { type: 'string', multiple: true, default: [] },
      rates: { type: 'string', default: '0.1,1,12,50' },
      minutes: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '0' },
    },
  });
  const rates = values.rates
    .split(',')
    .map((rate) => positive(rate, '--rates must be positive numbers with commas between'));
  const minutes = positive(values.minutes, '--minutes must be a positive number');
  const seed = wholeNumber(values.seed, '--seed must be a whole number from 0 on');
  const workers = wholeNumber(values.workers, '--workers must be a whole number from 0 on');
  return { files: values.tickets, rates, minutes, seed, workers };
}

function wholeNumber(value: string, message: string): number {
  const number = Number(value === '' ? NaN : value);
  if (!Number.isInteger(number) || number < 0) throw new Error(message);
  return number;
}

function positive(value: string, message: string): number {
  const number = Number(value === '' ? NaN : value);
  if (!(number > 0) || number === Infinity) throw new Error(message);
  return number;
}
