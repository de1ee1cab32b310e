import type { Decision } from '@smart-support/contracts';

/** What both sides of a comparison of queues are given. */
export interface SideSettings {
  /** Address of their server, `redis://...`. */
  readonly redis: string;
  /** Folder whose `node_modules` holds the rivals. */
  readonly packages: string;
  /** Real tickets; tickets beyond their number begin again with the first. */
  readonly texts: readonly string[];
  /** What an instant model says of each text: one side commits it, the other one stores it as the result. */
  readonly decisions: readonly Decision[];
}

/** One measurement. The server is empty before it. */
export type SideTask =
  /** Puts so many tickets on the queue; then, and only that is timed, one worker process works them all off. */
  | { readonly what: 'process'; readonly tickets: number; readonly concurrency: number }
  /** Puts so many tickets on the queue over one connection: so many calls in flight, each with so many tickets. */
  | { readonly what: 'add'; readonly tickets: number; readonly inFlight: number; readonly ticketsPerCall: number };

/** A queue under measurement. */
export interface QueueSide {
  /** @returns milliseconds */
  run(task: SideTask): Promise<number>;
}

/** Messages to the process of a side. It ends when it is disconnected. */
export type ToSide =
  { readonly type: 'open'; readonly settings: SideSettings } | { readonly type: 'run'; readonly task: SideTask };

/** Messages of the process of a side. */
export type FromSide =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly milliseconds: number }
  | { readonly type: 'failed'; readonly message: string };

/** Tickets in one call where a queue is filled without being timed. */
export const TICKETS_PER_FILLING_CALL = 100;

/** Such calls in flight. */
export const FILLING_CALLS = 4;

/** The numbers of the tickets that one call carries. */
export function callsOf(tickets: number, ticketsPerCall: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(tickets / ticketsPerCall) }, (_, call) => {
    const first = call * ticketsPerCall;
    return Array.from({ length: Math.min(ticketsPerCall, tickets - first) }, (_unused, index) => first + index);
  });
}

/** How long some work takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Makes this process a side: it does what it is told by messages. */
export function serveAsSide(open: (settings: SideSettings) => QueueSide): void {
  const send = (message: FromSide): void => void process.send?.(message);
  let side: QueueSide | undefined;
  const obey = async (message: ToSide): Promise<void> => {
    if (message.type === 'open') {
      side = open(message.settings);
      send({ type: 'ready' });
    } else if (side) send({ type: 'done', milliseconds: await side.run(message.task) });
  };
  process.on('message', (message: ToSide) => {
    obey(message).catch((error: unknown) => {
      send({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    });
  });
}
