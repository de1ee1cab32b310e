import { randomFrom } from '../../../train/random';

/** What one run is like; everything that its seed decides. */
export interface RunPlan {
  readonly seed: number;
  /** Whether one worker is lost: in a third of the runs. */
  readonly kills: boolean;
  /** There are too few similar tickets for a storm: in a fifth of the runs. */
  readonly isCalm: boolean;
  /** There are fewer slots than tickets: in half of the runs. */
  readonly isScarce: boolean;
  /** Whether the operator's connections are cut during the action: in half of the runs. */
  readonly losesOperator: boolean;
  /** Tickets that a worker has in work at once. */
  readonly concurrency: number;
  /** Tickets come one by one, so many milliseconds apart at most; all at once if 0. */
  readonly gapMs: number;
  /** Milliseconds that a decision lies there before it is committed, at most. */
  readonly commitDelayMs: number;
  /** When the worker is lost, when the operator acts: in [0, 1). */
  readonly moment: number;
  /** For all further random choices. */
  readonly random: () => number;
}

/** The plan of a run. @param salt - distinguishes runs of one seed */
export function planOf(seed: number, salt = 0): RunPlan {
  const random = randomFrom((Math.imul(seed, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b)) >>> 0);
  return {
    seed,
    kills: seed % 3 === 2,
    isCalm: seed % 5 === 4,
    isScarce: seed % 2 === 1,
    losesOperator: seed % 2 === 1,
    concurrency: 1 + Math.floor(6 * random()),
    gapMs: random() < 0.5 ? 0 : 1 + Math.floor(8 * random()),
    commitDelayMs: random() < 0.5 ? 0 : 1 + Math.floor(10 * random()),
    moment: random(),
    random,
  };
}
