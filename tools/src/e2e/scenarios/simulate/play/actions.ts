import { renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ticket } from '@smart-support/contracts';
import type { Action } from '../day/scenario';
import { counted } from '../../../audit/finding';
import { ticketsInFlight } from '../../../harness/app-log';
import type { DayEnding } from '../audit/day-evidence';
import type { DayEnvironment } from '../environment';
import { endIncident } from './operator';

/** Longest wait for a worker with tickets in flight, in milliseconds. */
const MOST_IDLE_MS = 3000;
/** What a stopped worker has sent has arrived after so many milliseconds. */
const ON_THE_WAY_MS = 30;

/** What was done, for the plots and for the invariants. */
export interface PerformedAction {
  readonly action: Action;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly title: string;
  readonly text: string;
  /** Of a worker that was killed: the tickets that it had in flight. */
  readonly inFlight?: readonly string[];
  /** Of an incident that was ended. */
  readonly ending?: DayEnding;
}

/** Does something to the engine. */
export async function performAction(action: Action, parts: DayEnvironment): Promise<PerformedAction> {
  const done = (title: string, text: string, at = Date.now()): PerformedAction => ({ action, at, title, text });
  switch (action.kind) {
    case 'slow-model':
      writeFaults(parts.faultsFile, action.delayMs);
      return action.delayMs > 0
        ? done('slow', `From now on every run of the model takes ${action.delayMs} ms longer.`)
        : done('well', 'The model is as fast as before.');
    case 'kill-worker': {
      const inFlight = await killWorker(parts, action.worker);
      return {
        ...done('SIGKILL', `SIGKILL to a worker with ${counted(inFlight.length, 'ticket')} in flight.`),
        inFlight,
      };
    }
    case 'kill-redis':
      await parts.redis.kill('SIGKILL');
      return done('Redis dies', 'SIGKILL to Redis.');
    case 'restart-redis': {
      const at = Date.now();
      await parts.redis.restart();
      return done('Redis is back', 'Redis is started again, with its append-only file.', at);
    }
    case 'resolve':
    case 'reject': {
      const at = Date.now();
      const ending = await endIncident(parts.operators, action.kind, action.incidentOf);
      if (!ending) return done(`nothing to ${action.kind}`, `An operator finds no incident to ${action.kind}.`, at);
      const past = action.kind === 'resolve' ? 'resolved' : 'rejected';
      const text = `An operator ${action.kind}s ${ending.incidentId}, which has ${ending.members.length} members.`;
      return { ...done(past, text), ending };
    }
  }
}

/**
 * Kills a worker at a moment at which it has tickets in flight; at any, if there is none for a while: then an audit fails.
 * @returns these tickets
 */
async function killWorker({ environment, operators }: DayEnvironment, worker: number): Promise<readonly string[]> {
  let inFlight: readonly string[] = [];
  const isBusy = async (index: number): Promise<boolean> => {
    // What it has sent before it was stopped still arrives.
    await sleep(ON_THE_WAY_MS);
    const begun = await ticketsInFlight(environment.workerLogs[index] ?? '', Date.now());
    const answers = await Promise.all(begun.map((id) => operators.send('GET', `/tickets/${id}`)));
    inFlight = begun.filter((_, at) => (answers[at]?.body as Ticket | undefined)?.status === 'processing');
    return inFlight.length > 0;
  };
  const deadline = Date.now() + MOST_IDLE_MS;
  while (!(await environment.workerPool.killWorker(worker, Date.now() < deadline ? isBusy : undefined))) {
    environment.workerPool.throwIfFailed();
    await sleep(10);
  }
  return inFlight;
}

/** Renames the file into place, so that no process reads a part of it. */
function writeFaults(file: string, delayMs: number): void {
  writeFileSync(`${file}.new`, JSON.stringify(delayMs > 0 ? { inference: { delay_ms: delayMs } } : {}));
  renameSync(`${file}.new`, file);
}
