import { setImmediate } from 'node:timers';

/**
 * Work of one turn of the event loop, in milliseconds, before the rest of it waits for the next one. A piece of work that has begun is not
 * interrupted: the longest takes a few times as long, and together they stay far below the 50 ms that one request may make another wait.
 */
const TURN_MS = 10;

/** Whose work it is: of one ticket, or of a batch, which lets single tickets pass. */
export type TurnKind = 'ticket' | 'batch';

const waiting: Record<TurnKind, (() => void)[]> = { ticket: [], batch: [] };
let isPlanned = false;

/**
 * Resolves when the event loop has time for a piece of work: when it has read everything that is there to be read now, and as long as this turn has
 * taken less than 10 ms; else in a later turn. In order of the calls of each kind.
 *
 * Requests that arrive together so go through each stage together: the models' tables and code are fetched into the processor's caches once for all of
 * them instead of once for each, and their offers share a command to Redis. Alone, a request waits microseconds. Of a batch at least one piece has its
 * turn, however many single tickets there are.
 */
export function eventLoopTurn(kind: TurnKind = 'ticket'): Promise<void> {
  return new Promise((resolve) => {
    waiting[kind].push(resolve);
    plan();
  });
}

function plan(): void {
  if (isPlanned) return;
  isPlanned = true;
  setImmediate(() => void letWork());
}

async function letWork(): Promise<void> {
  const end = performance.now() + TURN_MS;
  let isBatchDue = true;
  for (;;) {
    const hasTime = performance.now() < end;
    const ticket = hasTime ? waiting.ticket.shift() : undefined;
    const next = ticket ?? (hasTime || isBatchDue ? waiting.batch.shift() : undefined);
    if (!next) break;
    if (!ticket) isBatchDue = false;
    next();
    // What waited for its turn works before this goes on.
    await undefined;
  }
  isPlanned = false;
  if (waiting.ticket.length + waiting.batch.length > 0) plan();
}
