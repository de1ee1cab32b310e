import { list, named, texts } from '../../commands/replies';
import { LEASE_MS, bounds, offer } from '../raw-commands';
import { type ScenesOf, answers, putAside } from './scene';

/** What happens to tickets that are not understood yet. */
export const QUEUE_SCENES: ScenesOf<
  | 'queue/accept'
  | 'queue/claim'
  | 'queue/claim-by-id'
  | 'queue/fail'
  | 'queue/heartbeat'
  | 'queue/next-work'
  | 'queue/requeue'
  | 'queue/report'
> = {
  'queue/accept': {
    'of two new tickets': {
      prepare: async () => [
        bounds({ idempotency_ms: 1000, duplicate_ms: 1000 }),
        [offer('a', 'urgent', 'idempotency:key'), offer('b', 'normal', 'duplicate:twice')],
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
        await domain.run('queue/accept', bounds(), [offer('a', 'normal', 'duplicate:twice')]);
        return [bounds(), [offer('again', 'normal', 'duplicate:twice')]];
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
        return [
          bounds({ idempotency_ms: 1000, duplicate_ms: 1000, max_bytes: 1e12, known_free_bytes: 1 }),
          [offer('a', 'urgent', 'idempotency:key')],
        ];
      },
      copes: { 'ticket:a': answers([['corrupt']]), 'idempotency:key': answers([['corrupt']]) },
    },
    'of a ticket of a trust domain': {
      prepare: async (_deeds, domain) => {
        await domain.run('queue/accept', bounds({ max_of_domain: 2 }), [offer('a', 'normal', '', 'shop web')]);
        return [bounds({ max_of_domain: 2 }), [offer('b', 'normal', '', 'shop app')]];
      },
      copes: { 'ticket:b': answers([['corrupt']]) },
    },
    'of a ticket of a trust domain, in the midst of a recount': {
      prepare: async (_deeds, domain) => {
        await domain.raw('HSET', 'unfinished:domains', ' round', '7', ' cursor', '0');
        return [bounds({ max_of_domain: 2 }), [offer('a', 'normal', '', 'shop app')]];
      },
      copes: { 'ticket:a': answers([['corrupt']]) },
    },
    'of a repeated ticket': {
      prepare: async (_deeds, domain) => {
        await domain.run('queue/accept', bounds(), [offer('a', 'normal', 'idempotency:key')]);
        return [bounds(), [offer('again', 'normal', 'idempotency:key'), offer('a')]];
      },
      copes: {
        'ticket:a': answers([['corrupt'], ['corrupt']]),
        'idempotency:key': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['corrupt', 'repeated']),
      },
    },
  },
  'queue/claim': {
    'of tickets of both lanes and of one whose retry is due': {
      prepare: async (deeds, domain) => {
        await deeds.agent('ann', 1);
        await deeds.claimed('back');
        await deeds.fail('back', true);
        await deeds.accept('a', 'b');
        await domain.run('queue/accept', bounds({ queue_max: 1000, idempotency_ms: 1000, duplicate_ms: 1000 }), [
          offer('u', 'urgent'),
        ]);
        return [{ limit: 10, lease_ms: LEASE_MS, token_start: 'token-', roster_version: 'unknown' }];
      },
      copes: Object.fromEntries(
        ['a', 'b', 'u', 'back'].flatMap((id) => [
          [`ticket:${id}`, putAside(id)],
          [`lock:${id}`, putAside(id)],
        ]),
      ),
    },
  },
  'queue/claim-by-id': {
    'of a queued ticket': {
      prepare: async (deeds) => {
        await deeds.accept('a');
        return [{ id: 'a', lease_ms: LEASE_MS, token: 'token-a' }];
      },
      copes: { 'ticket:a': answers([]) },
    },
  },
  'queue/fail': {
    'that can be healed': {
      prepare: async (deeds) => {
        await deeds.claimed('a');
        return [
          {
            id: 'a',
            token: 'token-a',
            code: 'timeout',
            message: 'Too slow',
            is_retryable: '1',
            max_attempts: 5,
            dead_letters_max: 10,
          },
          [{ delay_ms: 60_000 }],
        ];
      },
    },
    'that cannot, which another must make room for': {
      prepare: async (deeds) => {
        await deeds.dead('old');
        await deeds.claimed('a');
        return [
          {
            id: 'a',
            token: 'token-a',
            code: 'poison',
            message: 'It broke',
            is_retryable: '0',
            max_attempts: 5,
            dead_letters_max: 1,
          },
          [{ delay_ms: 60_000 }],
        ];
      },
      copes: { 'ticket:old': answers(['dead', ['old']]) },
      givenUp: ['ticket:old'],
    },
  },
  'queue/heartbeat': {
    'of two claims': {
      prepare: async (deeds) => {
        await deeds.claimed('a');
        await deeds.claimed('b');
        return [
          { lease_ms: LEASE_MS },
          [
            { id: 'a', token: 'token-a' },
            { id: 'b', token: 'token-b' },
          ],
        ];
      },
      copes: { 'lock:a': answers(['a']), 'lock:b': answers(['b']) },
    },
  },
  'queue/next-work': {
    'with one that rests': {
      prepare: async (deeds, domain) => {
        await deeds.claimed('a');
        await domain.run(
          'queue/fail',
          {
            id: 'a',
            token: 'token-a',
            code: 'timeout',
            message: 'Too slow',
            is_retryable: '1',
            max_attempts: 5,
            dead_letters_max: 10,
          },
          [{ delay_ms: 60_000 }],
        );
        return [{}];
      },
    },
    'with one that is queued': {
      prepare: async (deeds) => {
        await deeds.accept('a');
        return [{}];
      },
    },
  },
  'queue/requeue': {
    'of a claim': {
      prepare: async (deeds) => {
        await deeds.claimed('a');
        return [{ id: 'a', token: 'token-a' }];
      },
    },
  },
  'queue/report': {
    'with something everywhere': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.dead('dead');
        await deeds.committed('waits');
        await deeds.committed('served', 'ann').catch(() => undefined);
        await deeds.accept('a', 'b');
        return [{}];
      },
      copes: { 'ticket:a': (reply) => expect(texts(list(reply)[0])).toEqual(['0', '2']) },
    },
  },
};
