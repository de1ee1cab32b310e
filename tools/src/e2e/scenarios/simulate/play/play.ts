import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../../../harness/ledger';
import { randomFrom } from '../../../../train/random';
import { type Scenario, type PlannedTicket } from '../day/scenario';
import { type Day, actionsOf, ticketsOf } from '../day/day';
import type { DayEnvironment } from '../environment';
import { submitTicket } from './customer';
import { type PerformedAction, performAction } from './actions';

/** What {@link playDay} works with. */
export interface PlayOptions {
  readonly day: Day;
  readonly parts: DayEnvironment;
  readonly ledger: Ledger;
  /** Of the day, milliseconds since 1970. */
  readonly beginning: number;
  readonly isOver: () => boolean;
  readonly onScenario: (scenario: Scenario) => void;
  readonly onAction: (done: PerformedAction) => void;
}

/** Plays a day: every ticket and every action when it is due. Resolves when everything was done and every ticket is accepted or given up. */
export async function playDay(options: PlayOptions): Promise<readonly PerformedAction[]> {
  const { day, beginning, isOver } = options;
  const until = async (atMs: number): Promise<boolean> => {
    for (let left = beginning + atMs - Date.now(); left > 0; left = beginning + atMs - Date.now()) {
      if (isOver()) return false;
      await sleep(Math.min(left, 500));
    }
    return !isOver();
  };
  const announcing = async (): Promise<void> => {
    for (const scenario of day.scenarios) if (await until(scenario.fromMs)) options.onScenario(scenario);
  };
  const [actions] = await Promise.all([
    // Actions do not wait for one another: an operator who looks for an incident must not delay a fault.
    Promise.all(
      actionsOf(day).map(async ({ atMs, action }) => {
        if (!(await until(atMs))) return undefined;
        const done = await performAction(action, options.parts);
        options.onAction(done);
        return done;
      }),
    ),
    send(options, until),
    announcing(),
  ]);
  return actions.filter((done) => done !== undefined);
}

async function send(
  { day, parts, ledger, isOver }: PlayOptions,
  until: (atMs: number) => Promise<boolean>,
): Promise<void> {
  const random = randomFrom((day.seed ^ 0x2545f491) >>> 0);
  const underWay: Promise<void>[] = [];
  const customer = {
    client: parts.customers,
    ledger,
    random,
    isOver,
    onAssigned: (ticketId: string) => parts.agents.workOn(ticketId),
  };
  const start = (ticket: PlannedTicket): void => void underWay.push(submitTicket(ticket, customer));
  for (const ticket of ticketsOf(day)) if (await until(ticket.atMs)) start(ticket);
  await Promise.all(underWay);
}
