import { list, named, texts } from '../../commands/replies';
import { LEASE_MS, bounds, offer } from '../raw-commands';
import { type CasesOf, replies, isQuarantined } from './command-case';

/** Tickets before a decision. */
export const QUEUE_CASES: CasesOf<
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
      tolerates: {
        'ticket:a': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['corrupt', 'accepted']),
        'ticket:b': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['accepted', 'corrupt']),
        'idempotency:key': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['corrupt', 'accepted']),
        'duplicate:twice': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['accepted', 'accepted']),
      },
    },
    'of a duplicate': {
      prepare: async (_deeds, domain) => {
        await domain.run('queue/accept', bounds(), [offer('a', 'normal', 'duplicate:twice')]);
        return [bounds(), [offer('again', 'normal', 'duplicate:twice')]];
      },
      tolerates: {
        'ticket:a': replies([['corrupt']]),
        // The ticket that came first is answered, whatever stands under the other id.
        'ticket:again': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['repeated']),
        // Twice is better than not at all.
        'duplicate:twice': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['accepted']),
      },
    },
    'of a new ticket with little space': {
      prepare: async (commands) => {
        await commands.claimed('b');
        return [
          bounds({ idempotency_ms: 1000, duplicate_ms: 1000, max_bytes: 1e12, known_free_bytes: 1 }),
          [offer('a', 'urgent', 'idempotency:key')],
        ];
      },
      tolerates: { 'ticket:a': replies([['corrupt']]), 'idempotency:key': replies([['corrupt']]) },
    },
    'of a ticket of a trust domain': {
      prepare: async (_deeds, domain) => {
        await domain.run('queue/accept', bounds({ max_of_domain: 2 }), [offer('a', 'normal', '', 'shop web')]);
        return [bounds({ max_of_domain: 2 }), [offer('b', 'normal', '', 'shop app')]];
      },
      tolerates: { 'ticket:b': replies([['corrupt']]) },
    },
    'of a ticket of a trust domain, in the midst of a recount': {
      prepare: async (_deeds, domain) => {
        await domain.raw('HSET', 'unfinished:domains', ' round', '7', ' cursor', '0');
        return [bounds({ max_of_domain: 2 }), [offer('a', 'normal', '', 'shop app')]];
      },
      tolerates: { 'ticket:a': replies([['corrupt']]) },
    },
    'of a repeated ticket': {
      prepare: async (_deeds, domain) => {
        await domain.run('queue/accept', bounds(), [offer('a', 'normal', 'idempotency:key')]);
        return [bounds(), [offer('again', 'normal', 'idempotency:key'), offer('a')]];
      },
      tolerates: {
        'ticket:a': replies([['corrupt'], ['corrupt']]),
        'ticket:again': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['repeated', 'repeated']),
        'idempotency:key': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['corrupt', 'repeated']),
      },
    },
  },
  'queue/claim': {
    'of tickets of both lanes and of one whose retry is due': {
      prepare: async (commands, domain) => {
        await commands.agent('ann', 1);
        await commands.claimed('back');
        await commands.fail('back', true);
        await commands.accept('a', 'b');
        await domain.run('queue/accept', bounds({ queue_max: 1000, idempotency_ms: 1000, duplicate_ms: 1000 }), [
          offer('u', 'urgent'),
        ]);
        return [{ limit: 10, lease_ms: LEASE_MS, token_start: 'token-', roster_version: 'unknown' }];
      },
      tolerates: Object.fromEntries(
        ['a', 'b', 'u', 'back'].flatMap((id) => [
          [`ticket:${id}`, isQuarantined(id)],
          [`lock:${id}`, isQuarantined(id)],
        ]),
      ),
    },
  },
  'queue/claim-by-id': {
    'of a queued ticket': {
      prepare: async (commands) => {
        await commands.accept('a');
        return [{ id: 'a', lease_ms: LEASE_MS, token: 'token-a' }];
      },
      tolerates: { 'ticket:a': replies([]) },
    },
  },
  'queue/fail': {
    'that may be retried': {
      prepare: async (commands) => {
        await commands.claimed('a');
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
    'that may not, for which another is dropped': {
      prepare: async (commands) => {
        await commands.dead('old');
        await commands.claimed('a');
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
      tolerates: { 'ticket:old': replies(['dead', ['old']]) },
      dropped: ['ticket:old'],
    },
  },
  'queue/heartbeat': {
    'of two claims': {
      prepare: async (commands) => {
        await commands.claimed('a');
        await commands.claimed('b');
        return [
          { lease_ms: LEASE_MS },
          [
            { id: 'a', token: 'token-a' },
            { id: 'b', token: 'token-b' },
          ],
        ];
      },
      tolerates: { 'lock:a': replies(['a']), 'lock:b': replies(['b']) },
    },
  },
  'queue/next-work': {
    'with a delayed ticket': {
      prepare: async (commands, domain) => {
        await commands.claimed('a');
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
    'with a queued ticket': {
      prepare: async (commands) => {
        await commands.accept('a');
        return [{}];
      },
    },
  },
  'queue/requeue': {
    'of a claim': {
      prepare: async (commands) => {
        await commands.claimed('a');
        return [{ id: 'a', token: 'token-a' }];
      },
    },
  },
  'queue/report': {
    'with tickets everywhere': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        await commands.dead('dead');
        await commands.committed('waits');
        await commands.committed('served', 'ann').catch(() => undefined);
        await commands.accept('a', 'b');
        return [{}];
      },
      tolerates: { 'ticket:a': (reply) => expect(texts(list(reply)[0])).toEqual(['0', '2']) },
    },
  },
};
