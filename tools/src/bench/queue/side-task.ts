import type { Decision } from '@smart-support/contracts';

/** What both sides of a comparison of queues share. */
export interface SideSettings {
  /** Address of their server, `redis://...`. */
  readonly redis: string;
  /** Folder whose `node_modules` holds the rivals. */
  readonly packages: string;
  /** Real tickets; tickets beyond their number begin again with the first. */
  readonly texts: readonly string[];
  /** The decision about each text: our side commits it, BullMQ stores it as the result. */
  readonly decisions: readonly Decision[];
}

/** One measurement, on an empty server. */
export type SideTask =
  /** Puts the tickets on the queue; then, and only that is timed, one worker process processes them all. */
  | { readonly type: 'process'; readonly tickets: number; readonly concurrency: number }
  /** Puts the tickets on the queue over one connection: the given number of calls in flight, each with the given number of tickets. */
  | { readonly type: 'add'; readonly tickets: number; readonly callers: number; readonly ticketsPerCall: number };

/** A request to the process of a side. */
export type SideRequest = { readonly type: 'open'; readonly settings: SideSettings } | SideTask;

/** How a queue is filled where that is not timed. */
export const FILLING = { callers: 4, ticketsPerCall: 100 } as const;

/** The numbers of the tickets of each call. */
export function callsOf(tickets: number, ticketsPerCall: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(tickets / ticketsPerCall) }, (_, call) => {
    const first = call * ticketsPerCall;
    return Array.from({ length: Math.min(ticketsPerCall, tickets - first) }, (_unused, index) => first + index);
  });
}

/** Duration of some work, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Answers requests: the first one opens the side, each further one measures once. @returns milliseconds */
export function sideServer(
  open: (settings: SideSettings) => (task: SideTask) => Promise<number>,
): (request: SideRequest) => Promise<number> {
  let measure: ((task: SideTask) => Promise<number>) | undefined;
  return async (request) => {
    if (request.type === 'open') {
      measure = open(request.settings);
      return 0;
    }
    if (!measure) throw new Error('the side is not open');
    return measure(request);
  };
}
