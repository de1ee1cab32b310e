import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { ApiRole } from '@smart-support/config';
import type { TicketSource } from '@smart-support/contracts';
import type { Request } from 'express';

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

/** Whose address a request comes from, as far as proxies are trusted; the last one that is no proxy, whatever it says itself. */
export function clientOf({ ip, socket }: Request): string | undefined {
  // A trusted proxy may pass on what is no address.
  return ip !== undefined && isIP(ip) !== 0 ? ip : socket.remoteAddress;
}
