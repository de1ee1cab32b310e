import type { TimerClock } from '@smart-support/contracts';

/** How long further answers may take once there are enough, in milliseconds. */
const GRACE_MS = 100;

/** What several nodes answered. */
export interface Answers<Answer> {
  readonly answers: readonly Answer[];
  /** Why the others gave no answer. */
  readonly problems: readonly unknown[];
}

/**
 * Resolves with the answers of several nodes as soon as all have answered or failed, and 100 ms after there are enough: a dead node, which fails
 * only after a second or two, holds nothing up as long as the others decide.
 * @param asked - one promise for each node, at least one
 * @param isEnough - whether the answers up to now decide; asked again after each answer and each failure
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
      // What comes later changes nothing for the caller.
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
