import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../../cast/ledger';
import { randomFrom } from '../../train/random';
import { type Act, type PlannedTicket } from '../day/act';
import { type Day, deedsOf, ticketsOf } from '../day/day';
import type { Stage } from '../stage/stage';
import { handIn } from './customer';
import { type DoneDeed, doDeed } from './deeds';

/** What a day is played with. */
export interface PlayOptions {
  readonly day: Day;
  readonly stage: Stage;
  readonly ledger: Ledger;
  /** Of the day, milliseconds since 1970. */
  readonly beginning: number;
  readonly isOver: () => boolean;
  readonly onAct: (act: Act) => void;
  readonly onDeed: (done: DoneDeed) => void;
}

/** Plays a day: every ticket and every deed when it is due. Resolves when everything was done and every ticket is accepted or given up. */
export async function playDay(options: PlayOptions): Promise<readonly DoneDeed[]> {
  const { day, beginning, isOver } = options;
  const until = async (atMs: number): Promise<boolean> => {
    for (let left = beginning + atMs - Date.now(); left > 0; left = beginning + atMs - Date.now()) {
      if (isOver()) return false;
      await sleep(Math.min(left, 500));
    }
    return !isOver();
  };
  const announcing = async (): Promise<void> => {
    for (const act of day.acts) if (await until(act.fromMs)) options.onAct(act);
  };
  const [deeds] = await Promise.all([
    // Deeds do not wait for one another: an operator who looks for an incident must not hold up Redis.
    Promise.all(
      deedsOf(day).map(async ({ atMs, deed }) => {
        if (!(await until(atMs))) return undefined;
        const done = await doDeed(deed, options.stage);
        options.onDeed(done);
        return done;
      }),
    ),
    send(options, until),
    announcing(),
  ]);
  return deeds.filter((done) => done !== undefined);
}

async function send(
  { day, stage, ledger, isOver }: PlayOptions,
  until: (atMs: number) => Promise<boolean>,
): Promise<void> {
  const random = randomFrom((day.seed ^ 0x2545f491) >>> 0);
  const underWay: Promise<void>[] = [];
  const customer = {
    client: stage.customers,
    ledger,
    random,
    isOver,
    onAssigned: (ticketId: string) => stage.agents.give(ticketId),
  };
  const start = (ticket: PlannedTicket): void => void underWay.push(handIn(ticket, customer));
  for (const ticket of ticketsOf(day)) if (await until(ticket.atMs)) start(ticket);
  await Promise.all(underWay);
}
