import type { Job } from './job';
import { WaitingRoom } from './waiting-room';

const jobOf = (text: string, tries = 0): Job => ({
  question: { text },
  tries,
  onStart: () => undefined,
  onAnswer: () => undefined,
  onError: () => undefined,
});

describe('the waiting room', () => {
  it('serves those first whose thread was lost, then in the order of coming', () => {
    const room = new WaitingRoom();
    const [first, second, again] = [jobOf('first'), jobOf('second'), jobOf('again', 1)];
    for (const job of [first, second, again]) room.add(job);
    expect([room.next(), room.next(), room.next(), room.next()]).toEqual([again, first, second, undefined]);
  });

  it('serves those before all newcomers who had left the line without being started', () => {
    const room = new WaitingRoom();
    const [first, second, newcomer, again] = [jobOf('first'), jobOf('second'), jobOf('newcomer'), jobOf('again', 1)];
    room.add(newcomer);
    for (const job of [first, again, second]) room.giveBack(job);
    expect([room.size, room.withdraw(second), room.withdraw(again)]).toEqual([4, true, false]);
    expect([room.next(), room.takeAll(), room.size]).toEqual([again, [first, newcomer], 0]);
  });

  it('lets go of those who do not want to wait, but not of a run that had started', () => {
    const room = new WaitingRoom();
    const [first, again] = [jobOf('first'), jobOf('again', 1)];
    room.add(first);
    room.add(again);
    expect([room.withdraw(first), room.withdraw(first), room.withdraw(again), room.size]).toEqual([
      true,
      false,
      false,
      1,
    ]);
    expect([room.takeAll(), room.size]).toEqual([[again], 0]);
  });
});
