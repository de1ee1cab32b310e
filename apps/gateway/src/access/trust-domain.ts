import { randomUUID } from 'node:crypto';
import type { OfferedTicket } from '@smart-support/pipeline';
import type { Caller } from '../http/caller';

/** Between a trust domain and the rest of a public id. No client can send it in an id. */
const BEFORE_ID = '~';

/** The public id of the ticket that a client of a trust domain calls so; the same where the domain is the unnamed one. */
export function publicId(domain: string, id: string): string {
  return domain === '' ? id : `${domain}${BEFORE_ID}${id}`;
}

/** An `Idempotency-Key` among those of all trust domains. It has no white space itself, so a space separates. */
export function publicKey(domain: string, key: string): string {
  return domain === '' ? key : `${domain} ${key}`;
}

/**
 * An id as a client of the domain chooses it, where it sent the public id of one of its own tickets, as an answer named it. Anything else, of whatever
 * type, is returned as it is.
 */
export function sentId(domain: string, id: unknown): unknown {
  const start = `${domain}${BEFORE_ID}`;
  return domain !== '' && typeof id === 'string' && id.startsWith(start) ? id.slice(start.length) : id;
}

/**
 * A ticket under the ids and keys of its sender's trust domain, so that nothing behind this can confuse those of two domains. A ticket without an id gets
 * one of the domain, too: it can be sent again under the id that it was answered with.
 * @param caller - `undefined` where callers need no key: the ticket remains as it is
 */
export function inDomainOf(caller: Caller | undefined, offered: OfferedTicket): OfferedTicket {
  if (!caller) return offered;
  const { source } = caller;
  const { domain } = source;
  const { input, idempotencyKey } = offered;
  return {
    ...offered,
    source,
    id: publicId(domain, randomUUID()),
    input: typeof input.id === 'string' ? { ...input, id: publicId(domain, input.id) } : input,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey: publicKey(domain, idempotencyKey) }),
  };
}

/**
 * The public ids of tickets that a caller may mean by an id, likeliest first: the public id itself, and the id that its own domain gave a ticket. None for
 * a ticket of another domain that the caller may not see. An id of the unnamed domain may be that of one of the caller's own domain, too: with
 * {@link BEFORE_ID} before it, it is that of the unnamed one and of no other.
 */
export function publicIdsFor(caller: Caller | undefined, id: string): readonly string[] {
  if (!caller) return [id];
  const { role, source } = caller;
  if (id.startsWith(BEFORE_ID)) return source.domain === '' || role !== 'ingest' ? inUnnamed(id) : [];
  const isPublic = id.includes(BEFORE_ID);
  const isOwn = source.domain === '' ? !isPublic : id.startsWith(`${source.domain}${BEFORE_ID}`);
  const own = isPublic || isOwn ? [] : [publicId(source.domain, id)];
  return role !== 'ingest' || isOwn ? [id, ...own] : own;
}

function inUnnamed(id: string): readonly string[] {
  const sent = id.slice(BEFORE_ID.length);
  return sent.includes(BEFORE_ID) ? [] : [sent];
}
