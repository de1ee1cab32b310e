import { VirtualClock } from '@smart-support/testing';
import { enoughAnswers } from './enough-answers';

/** Three promises that a test settles. */
function begin(isEnough: (answers: readonly string[]) => boolean) {
  const clock = new VirtualClock();
  const answer: ((text: string) => void)[] = [];
  const fail: ((problem: Error) => void)[] = [];
  const asked = [0, 1, 2].map(
    () =>
      new Promise<string>((resolve, reject) => {
        answer.push(resolve);
        fail.push(reject);
      }),
  );
  let found: unknown;
  void enoughAnswers(asked, isEnough, clock).then((answers) => (found = answers));
  return {
    clock,
    answer: (at: number, text: string) => answer[at]?.(text),
    fail: (at: number) => fail[at]?.(GONE),
    found: () => found,
  };
}

const GONE = new Error('gone');
const two = (answers: readonly string[]): boolean => answers.length >= 2;

describe('the answers of several nodes', () => {
  it('are all of them if all come', async () => {
    const { clock, answer, found } = begin(two);
    [0, 1, 2].forEach((at) => answer(at, `${at}`));
    await clock.run(0);
    expect(found()).toEqual({ answers: ['0', '1', '2'], problems: [] });
    expect(clock.waiting).toBe(0);
  });

  it('are enough 100 ms after enough have come: a dead node delays nothing', async () => {
    const { clock, answer, found } = begin(two);
    answer(1, 'b');
    answer(0, 'a');
    await clock.run(99);
    expect(found()).toBeUndefined();
    await clock.run(1);
    expect(found()).toEqual({ answers: ['b', 'a'], problems: [] });
  });

  it('have one more if it comes within these 100 ms', async () => {
    const { clock, answer, found } = begin(two);
    answer(1, 'b');
    answer(0, 'a');
    await clock.run(50);
    answer(2, 'c');
    await clock.run(0);
    expect(found()).toEqual({ answers: ['b', 'a', 'c'], problems: [] });
  });

  it('are waited for while there are not enough, however long that takes', async () => {
    const { clock, answer, fail, found } = begin(two);
    answer(1, 'b');
    fail(0);
    await clock.run(60_000);
    expect(found()).toBeUndefined();
    fail(2);
    await clock.run(0);
    expect(found()).toEqual({ answers: ['b'], problems: [GONE, GONE] });
  });
});
