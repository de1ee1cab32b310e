import { renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ticket } from '@smart-support/contracts';
import type { Deed } from '../day/act';
import { counted } from '../invariants/rule';
import { ticketsInHand } from '../recorder/ticket-log';
import type { Stage } from '../stage/stage';
import { type Ending, endIncident } from './operator';

/** A worker that has nothing to do for so long in the middle of a rush never will, in milliseconds. */
const MOST_IDLE_MS = 3000;
/** What a stopped worker has sent has arrived after so many milliseconds. */
const ON_THE_WAY_MS = 30;

/** What was done, for the plots and for the invariants. */
export interface DoneDeed {
  readonly deed: Deed;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly title: string;
  readonly text: string;
  /** Of a worker that was killed: the tickets that it had in flight. */
  readonly inFlight?: readonly string[];
  /** Of an incident that was ended. */
  readonly ending?: Ending;
}

/** Does something to the engine. */
export async function doDeed(deed: Deed, stage: Stage): Promise<DoneDeed> {
  const done = (title: string, text: string, at = Date.now()): DoneDeed => ({ deed, at, title, text });
  switch (deed.kind) {
    case 'slow-model':
      writeFaults(stage.faultsFile, deed.delayMs);
      return deed.delayMs > 0
        ? done('slow', `From now on every run of the model takes ${deed.delayMs} ms longer.`)
        : done('well', 'The model is as fast as before.');
    case 'kill-worker': {
      const inFlight = await killWorker(stage, deed.worker);
      return {
        ...done('SIGKILL', `SIGKILL to a worker with ${counted(inFlight.length, 'ticket')} in flight.`),
        inFlight,
      };
    }
    case 'kill-redis':
      await stage.redis.kill('SIGKILL');
      return done('Redis dies', 'SIGKILL to Redis.');
    case 'restart-redis': {
      const at = Date.now();
      await stage.redis.restart();
      return done('Redis is back', 'Redis is started again, with its append-only file.', at);
    }
    case 'resolve':
    case 'reject': {
      const at = Date.now();
      const ending = await endIncident(stage.operators, deed.kind, deed.incidentOf);
      if (!ending) return done(`nothing to ${deed.kind}`, `An operator finds no incident to ${deed.kind}.`, at);
      const past = deed.kind === 'resolve' ? 'resolved' : 'rejected';
      const text = `An operator ${deed.kind}s ${ending.incidentId}, which has ${ending.members.length} members.`;
      return { ...done(past, text), ending };
    }
  }
}

/**
 * Kills a worker at a moment at which it has tickets in flight; at any, if there is none for a while: then the invariants will say so.
 * @returns these tickets
 */
async function killWorker({ crew, logs, operators }: Stage, worker: number): Promise<readonly string[]> {
  let inFlight: readonly string[] = [];
  const isBusy = async (index: number): Promise<boolean> => {
    // What it has sent before it was stopped still arrives.
    await sleep(ON_THE_WAY_MS);
    // The gateway's log comes first.
    const begun = await ticketsInHand(logs[1 + index] ?? '', Date.now());
    const answers = await Promise.all(begun.map((id) => operators.send('GET', `/tickets/${id}`)));
    inFlight = begun.filter((_, at) => (answers[at]?.body as Ticket | undefined)?.status === 'processing');
    return inFlight.length > 0;
  };
  const deadline = Date.now() + MOST_IDLE_MS;
  while (!(await crew.kill(worker, Date.now() < deadline ? isBusy : undefined))) {
    crew.check();
    await sleep(10);
  }
  return inFlight;
}

/** Renamed into place, so that nobody reads half of it. */
function writeFaults(file: string, delayMs: number): void {
  writeFileSync(`${file}.new`, JSON.stringify(delayMs > 0 ? { inference: { delay_ms: delayMs } } : {}));
  renameSync(`${file}.new`, file);
}
