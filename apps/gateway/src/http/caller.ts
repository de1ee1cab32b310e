import type { IncomingMessage } from 'node:http';
import type { ApiRole } from '@smart-support/config';
import type { TicketSource } from '@smart-support/contracts';
import { addressIn, networkOf } from '@smart-support/runtime';
import type { Express, Request } from 'express';

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

/** Trusts `X-Forwarded-For` of these proxies, in all forms in which proxies write addresses. To be called once. */
export function trustProxies(app: Express, proxies: readonly string[]): void {
  app.set('trust proxy', proxies);
  const isTrusted = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  // Express by itself takes an address with a port for none, so for no trusted one.
  app.set('trust proxy', (address: string, hop: number) => isTrusted(addressIn(address) ?? address, hop));
}

/** Whose address a request comes from, as far as proxies are trusted; the last one that is no trusted proxy. */
export function clientOf({ ip = '', socket: { remoteAddress } }: Request): string | undefined {
  // A trusted proxy may pass on what is no address.
  return addressIn(ip) ?? addressIn(remoteAddress ?? '');
}

/** Names whose request it is, for what is shared out among callers: by its key, or where it needs none by the network of its address. */
export function callerName(request: Request): string {
  const caller = callerOf(request);
  return caller ? `key:${caller.source.key}` : `client:${networkOf(clientOf(request) ?? '')}`;
}
