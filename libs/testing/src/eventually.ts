import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/**
 * Polls until the answer is as expected.
 * @param what - what is waited for, for the message
 * @returns that answer
 * @throws Error after 30 s, with the last answer
 */
export async function eventually<Answer>(
  what: string,
  ask: () => Answer | Promise<Answer>,
  isContent: (answer: Awaited<Answer>) => boolean = Boolean,
): Promise<Awaited<Answer>> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (isContent(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`${what}: not so after 30 s; the last was ${JSON.stringify(answer)}`);
    await sleep(POLL_MS);
  }
}
