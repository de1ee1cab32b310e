import type { TimerClock } from '@smart-support/contracts';

/** How long to wait for more answers once there are enough, in milliseconds. */
const GRACE_MS = 100;

/** The answers of several nodes. */
export interface Answers<Answer> {
  readonly answers: readonly Answer[];
  /** Why the other nodes gave no answer. */
  readonly problems: readonly unknown[];
}

/**
 * Resolves with the answers of several nodes once all have answered or failed, or 100 ms after the answers are enough: a dead node, which
 * fails only after a second or two, delays nothing if the others decide.
 * @param asked - one promise for each node, at least one
 * @param isEnough - whether the answers so far decide; called again after each answer and each failure
 */
export function enoughAnswers<Answer>(
  asked: readonly Promise<Answer>[],
  isEnough: (answers: readonly Answer[]) => boolean,
  clock: TimerClock,
): Promise<Answers<Answer>> {
  return new Promise((resolve) => {
    const answers: Answer[] = [];
    const problems: unknown[] = [];
    let endGrace: (() => void) | undefined;
    const finish = (): void => {
      endGrace?.();
      // Later answers change nothing for the caller.
      resolve({ answers: [...answers], problems: [...problems] });
    };
    const settled = (): void => {
      if (answers.length + problems.length === asked.length) finish();
      else if (isEnough(answers)) endGrace ??= clock.after(GRACE_MS, finish);
    };
    for (const each of asked) {
      each
        .then(
          (answer) => answers.push(answer),
          (problem: unknown) => problems.push(problem),
        )
        .finally(settled);
    }
  });
}
