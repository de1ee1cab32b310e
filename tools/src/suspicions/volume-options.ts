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
  /** Bursts in the middle of the traffic, each in a run of its own. */
  readonly bursts: readonly BurstKind[];
}

/** No burst, one in people's own words, or one of near-copies. */
export type BurstKind = (typeof BURST_KINDS)[number];

const BURST_KINDS = ['none', 'own-words', 'near-copies'] as const;

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
      bursts: { type: 'string', default: BURST_KINDS.join(',') },
    },
  });
  const rates = values.rates
    .split(',')
    .map((rate) => positive(rate, '--rates must be positive numbers with commas between'));
  const minutes = positive(values.minutes, '--minutes must be a positive number');
  const seed = wholeNumber(values.seed, '--seed must be a whole number from 0 on');
  const workers = wholeNumber(values.workers, '--workers must be a whole number from 0 on');
  const bursts = values.bursts.split(',').map((name) => {
    const kind = BURST_KINDS.find((one) => one === name);
    if (kind === undefined) throw new Error(`--bursts must be some of ${BURST_KINDS.join(', ')} with commas between`);
    return kind;
  });
  return { files: values.tickets, rates, minutes, seed, workers, bursts };
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
