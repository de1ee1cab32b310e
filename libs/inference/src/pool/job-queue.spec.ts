import type { Job } from './job';
import { JobQueue } from './job-queue';

const jobOf = (text: string, tries = 0): Job => ({
  question: { text },
  tries,
  onStart: () => undefined,
  onAnswer: () => undefined,
  onError: () => undefined,
});

describe('a job queue', () => {
  it('serves those first whose thread was lost, then in the order of coming', () => {
    const queue = new JobQueue();
    const [first, second, again] = [jobOf('first'), jobOf('second'), jobOf('again', 1)];
    for (const job of [first, second, again]) queue.enqueue(job);
    expect([queue.dequeue(), queue.dequeue(), queue.dequeue(), queue.dequeue()]).toEqual([
      again,
      first,
      second,
      undefined,
    ]);
  });

  it('serves those before all newcomers who had left the line without being started', () => {
    const queue = new JobQueue();
    const [first, second, newcomer, again] = [jobOf('first'), jobOf('second'), jobOf('newcomer'), jobOf('again', 1)];
    queue.enqueue(newcomer);
    for (const job of [first, again, second]) queue.requeue(job);
    expect([queue.size, queue.removeFirstTry(second), queue.removeFirstTry(again)]).toEqual([4, true, false]);
    expect([queue.dequeue(), queue.removeAll(), queue.size]).toEqual([again, [first, newcomer], 0]);
  });

  it('lets go of those who do not want to wait, but not of a run that had started', () => {
    const queue = new JobQueue();
    const [first, again] = [jobOf('first'), jobOf('again', 1)];
    queue.enqueue(first);
    queue.enqueue(again);
    expect([queue.removeFirstTry(first), queue.removeFirstTry(first), queue.removeFirstTry(again), queue.size]).toEqual(
      [true, false, false, 1],
    );
    expect([queue.removeAll(), queue.size]).toEqual([[again], 0]);
  });
});
