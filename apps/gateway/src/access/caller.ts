import type { IncomingMessage } from 'node:http';
import type { ApiRole } from '@smart-support/config';
import type { TicketSource } from '@smart-support/contracts';

/** Whose key a request carries. */
export interface Caller {
  readonly role: ApiRole;
  /** The key, and its trust domain. */
  readonly source: TicketSource;
}

const callers = new WeakMap<IncomingMessage, Caller>();

/** Notes whose key a request carries. */
export function setCaller(request: IncomingMessage, caller: Caller): void {
  callers.set(request, caller);
}

/** Whose key a request carries; `undefined` where callers need none. */
export function callerOf(request: IncomingMessage): Caller | undefined {
  return callers.get(request);
}
