import { publicTicketIdSchema, ticketIdSchema } from '@smart-support/contracts';
import * as fc from 'fast-check';
import type { Caller } from '../http/caller';
import { inDomainOf, publicId, publicIdsFor, publicKey, sentId } from './trust-domain';

const domains = fc.stringMatching(/^[\w.-]{0,64}$/);
const shortDomains = fc.stringMatching(/^[ab.]{0,3}$/);
/** Ids that look as much as possible as if they began with a domain. */
const ids = fc
  .oneof(fc.stringMatching(/^[a-z\d][\w.:@-]{0,127}$/), fc.stringMatching(/^[ab][ab.:]{0,5}$/))
  .filter((id) => ticketIdSchema.safeParse(id).success);
const keys = fc.oneof(fc.stringMatching(/^[\x21-\x7e]{1,255}$/), fc.stringMatching(/^[ab~:]{1,6}$/));

const caller = (domain: string, role: Caller['role'] = 'ingest'): Caller => ({ role, source: { key: 'k', domain } });

describe('the ids of trust domains', () => {
  it('are never those of another domain: no caller can use or block one', () => {
    const named = fc.tuple(fc.oneof(domains, shortDomains), ids);
    fc.assert(
      fc.property(named, named, ([domain, id], [otherDomain, otherId]) => {
        const isSame = domain === otherDomain && id === otherId;
        expect(publicId(domain, id) === publicId(otherDomain, otherId)).toBe(isSame);
      }),
    );
  });

  it('can be named in every call that takes a public id', () => {
    fc.assert(
      fc.property(domains, ids, (domain, id) => {
        expect(publicTicketIdSchema.safeParse(publicId(domain, id)).success).toBe(true);
      }),
    );
  });

  it('can be sent again as they were answered, and only by their own domain', () => {
    fc.assert(
      fc.property(domains, shortDomains, ids, (domain, other, id) => {
        expect(sentId(domain, publicId(domain, id))).toBe(id);
        expect(sentId(domain, id)).toBe(id);
        if (other !== '' && other !== domain) {
          expect(ticketIdSchema.safeParse(sentId(domain, publicId(other, id))).success).toBe(false);
        }
      }),
    );
  });

  it.each([[undefined], [null], [7], [{}]])('%j is returned as it is', (id) => {
    expect(sentId('shop', id)).toBe(id);
  });
});

describe('the Idempotency-Keys of trust domains', () => {
  it('are never those of another domain', () => {
    const named = fc.tuple(fc.oneof(domains, shortDomains), keys);
    fc.assert(
      fc.property(named, named, ([domain, key], [otherDomain, otherKey]) => {
        const isSame = domain === otherDomain && key === otherKey;
        expect(publicKey(domain, key) === publicKey(otherDomain, otherKey)).toBe(isSame);
      }),
    );
  });
});

describe('a ticket', () => {
  it('without an id gets one of its domain, by which it can be sent again', () => {
    const { id = '', source } = inDomainOf(caller('shop'), { input: { text: 'a' } });
    expect(id).toMatch(/^shop~[\da-f-]{36}$/);
    expect(source).toEqual({ key: 'k', domain: 'shop' });
    const again = { text: 'a', id: String(sentId('shop', id)) };
    expect(inDomainOf(caller('shop'), { input: again }).input.id).toBe(id);
  });

  it('remains as it is where callers need no key', () => {
    const offered = { input: { text: 'a', id: 'A' }, idempotencyKey: 'k' };
    expect(inDomainOf(undefined, offered)).toEqual(offered);
  });
});

describe('which tickets a caller may mean', () => {
  it('with role ingest: those of its own domain and no other, for any request', () => {
    fc.assert(
      fc.property(fc.oneof(domains, shortDomains), shortDomains, ids, (domain, other, id) => {
        expect(publicIdsFor(caller(domain), id)).toEqual([publicId(domain, id)]);
        const asked = publicId(other, id);
        const mayBe = publicIdsFor(caller(domain), asked);
        expect(mayBe).toEqual(other === domain ? [asked] : other === '' ? [publicId(domain, id)] : []);
      }),
    );
  });

  it.each(['agent', 'operator'] as const)('with role %s: all, and by the short id those of its own domain', (role) => {
    expect(publicIdsFor(caller('desk', role), 'shop~A1')).toEqual(['shop~A1']);
    expect(publicIdsFor(caller('desk', role), 'A1')).toEqual(['A1', 'desk~A1']);
    expect(publicIdsFor(caller('', role), 'A1')).toEqual(['A1']);
  });

  it('with ~ before the id: that of the unnamed domain alone, for those who may see it', () => {
    fc.assert(
      fc.property(fc.oneof(domains, shortDomains), shortDomains, ids, (domain, other, id) => {
        for (const role of ['agent', 'operator'] as const)
          expect(publicIdsFor(caller(domain, role), `~${id}`)).toEqual([id]);
        expect(publicIdsFor(caller(domain), `~${id}`)).toEqual(domain === '' ? [id] : []);
        for (const role of ['ingest', 'agent', 'operator'] as const) {
          expect(publicIdsFor(caller(domain, role), `~${other}~${id}`)).toEqual([]);
        }
      }),
    );
  });

  it('where callers need no key: all', () => {
    expect(publicIdsFor(undefined, 'shop~A1')).toEqual(['shop~A1']);
  });
});
