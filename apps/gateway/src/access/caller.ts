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

/** On the request itself: looked up several times for each, which in a WeakMap costs some percent of all. */
const CALLER = Symbol('caller');

interface Recognised extends IncomingMessage {
  [CALLER]?: Caller;
}

/** Notes whose key a request carries. */
export function setCaller(request: Recognised, caller: Caller): void {
  request[CALLER] = caller;
}

/** Whose key a request carries; `undefined` where callers need none. */
export function callerOf(request: Recognised): Caller | undefined {
  return request[CALLER];
}

/** Whose address a request comes from, as far as proxies are trusted; the last one that is no proxy, whatever it says itself. */
export function clientOf({ ip, socket }: Request): string | undefined {
  // A trusted proxy may pass on what is no address.
  return ip !== undefined && isIP(ip) !== 0 ? ip : socket.remoteAddress;
}
