import { list, named, texts } from '../../commands/replies';
import { LEASE_MS, offer } from '../deeds';
import { type ScenesOf, answers, putAside } from './scene';

/** What happens to tickets that are not understood yet. */
export const QUEUE_SCENES: ScenesOf<
  'accept' | 'claim' | 'claim-by-id' | 'fail' | 'heartbeat' | 'next-work' | 'release' | 'report'
> = {
  accept: {
    'of two new tickets': {
      prepare: async () => [
        10,
        1000,
        1000,
        '',
        '',
        1000,
        '',
        ...offer('a', 'urgent', 'idempotency:key'),
        ...offer('b', 'normal', 'duplicate:twice'),
      ],
      copes: {
        'ticket:a': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['corrupt', 'accepted']),
        'ticket:b': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['accepted', 'corrupt']),
        'idempotency:key': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['corrupt', 'accepted']),
        'duplicate:twice': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['accepted', 'accepted']),
      },
    },
    'of the same ticket twice without a name of its own': {
      prepare: async (_deeds, domain) => {
        await domain.run('accept', 10, 60_000, 60_000, '', '', 1000, '', ...offer('a', 'normal', 'duplicate:twice'));
        return [10, 60_000, 60_000, '', '', 1000, '', ...offer('again', 'normal', 'duplicate:twice')];
      },
      copes: {
        'ticket:a': answers([['corrupt']]),
        // Better twice than not at all.
        'duplicate:twice': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['accepted']),
      },
    },
    'of a new ticket while little is free': {
      prepare: async (deeds) => {
        await deeds.claimed('b');
        return [10, 1000, 1000, 1e12, 1, 1000, '', ...offer('a', 'urgent', 'idempotency:key')];
      },
      copes: { 'ticket:a': answers([['corrupt']]), 'idempotency:key': answers([['corrupt']]) },
    },
    'of a ticket of a trust domain': {
      prepare: async (_deeds, domain) => {
        await domain.run('accept', 10, 60_000, 60_000, '', '', 2, '', ...offer('a', 'normal', '', 'shop web'));
        return [10, 60_000, 60_000, '', '', 2, '', ...offer('b', 'normal', '', 'shop app')];
      },
      copes: { 'ticket:b': answers([['corrupt']]) },
    },
    'of a ticket of a trust domain, in the midst of a recount': {
      prepare: async (_deeds, domain) => {
        await domain.raw('HSET', 'unfinished:domains', ' round', '7', ' cursor', '0');
        return [10, 60_000, 60_000, '', '', 2, '', ...offer('a', 'normal', '', 'shop app')];
      },
      copes: { 'ticket:a': answers([['corrupt']]) },
    },
    'of a repeated ticket': {
      prepare: async (_deeds, domain) => {
        await domain.run('accept', 10, 60_000, 60_000, '', '', 1000, '', ...offer('a', 'normal', 'idempotency:key'));
        return [10, 60_000, 60_000, '', '', 1000, '', ...offer('again', 'normal', 'idempotency:key'), ...offer('a')];
      },
      copes: {
        'ticket:a': answers([['corrupt'], ['corrupt']]),
        'idempotency:key': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['corrupt', 'repeated']),
      },
    },
  },
  claim: {
    'of tickets of both lanes and of one whose retry is due': {
      prepare: async (deeds, domain) => {
        await deeds.agent('ann', 1);
        await deeds.claimed('back');
        await deeds.fail('back', true);
        await deeds.accept('a', 'b');
        await domain.run('accept', 1000, 1000, 1000, '', '', 1000, '', ...offer('u', 'urgent'));
        return [10, LEASE_MS, 'token-', 'unknown'];
      },
      copes: Object.fromEntries(
        ['a', 'b', 'u', 'back'].flatMap((id) => [
          [`ticket:${id}`, putAside(id)],
          [`lock:${id}`, putAside(id)],
        ]),
      ),
    },
  },
  'claim-by-id': {
    'of a queued ticket': {
      prepare: async (deeds) => {
        await deeds.accept('a');
        return ['a', LEASE_MS, 'token-a'];
      },
      copes: { 'ticket:a': answers([]) },
    },
  },
  fail: {
    'that can be healed': {
      prepare: async (deeds) => {
        await deeds.claimed('a');
        return ['a', 'token-a', 'timeout', 'Too slow', '1', 5, 10, 60_000];
      },
    },
    'that cannot, which another must make room for': {
      prepare: async (deeds) => {
        await deeds.dead('old');
        await deeds.claimed('a');
        return ['a', 'token-a', 'poison', 'It broke', '0', 5, 1, 60_000];
      },
      copes: { 'ticket:old': answers(['dead', ['old']]) },
      givenUp: ['ticket:old'],
    },
  },
  heartbeat: {
    'of two claims': {
      prepare: async (deeds) => {
        await deeds.claimed('a');
        await deeds.claimed('b');
        return [LEASE_MS, 'a', 'token-a', 'b', 'token-b'];
      },
      copes: { 'lock:a': answers(['a']), 'lock:b': answers(['b']) },
    },
  },
  'next-work': {
    'with one that rests': {
      prepare: async (deeds, domain) => {
        await deeds.claimed('a');
        await domain.run('fail', 'a', 'token-a', 'timeout', 'Too slow', '1', 5, 10, 60_000);
        return [];
      },
    },
    'with one that is queued': {
      prepare: async (deeds) => {
        await deeds.accept('a');
        return [];
      },
    },
  },
  release: {
    'of a claim': {
      prepare: async (deeds) => {
        await deeds.claimed('a');
        return ['a', 'token-a'];
      },
    },
  },
  report: {
    'with something everywhere': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.dead('dead');
        await deeds.committed('waits');
        await deeds.committed('served', 'ann').catch(() => undefined);
        await deeds.accept('a', 'b');
        return [];
      },
      copes: { 'ticket:a': (reply) => expect(texts(reply).slice(0, 2)).toEqual(['0', '2']) },
    },
  },
};
