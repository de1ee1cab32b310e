import { named, texts } from '../../commands/replies';
import { bounds, offer } from '../raw-commands';
import { type CasesOf, replies } from './command-case';

/** Tickets that failed too often. */
export const DEAD_LETTER_CASES: CasesOf<'dead-letters/list' | 'dead-letters/remove' | 'dead-letters/retry'> = {
  'dead-letters/list': {
    'of two': {
      prepare: async (commands) => {
        await commands.dead('a');
        await commands.dead('b');
        return [{ after: 0, limit: 10 }];
      },
      tolerates: Object.fromEntries(
        ['a', 'b'].map((id) => [
          `ticket:${id}`,
          (reply) => {
            const letters = named(reply)
              .slice(1)
              .map((letter) => texts(letter).slice(1, 3));
            expect(letters).toEqual(['a', 'b'].map((each) => [each, each === id ? 'corrupt' : 'poison']));
          },
        ]),
      ),
    },
  },
  'dead-letters/remove': {
    'with an idempotency key': {
      prepare: async (commands, domain) => {
        await domain.run('queue/accept', bounds(), [offer('a', 'normal', 'idempotency:key')]);
        await commands.claim('a');
        await commands.fail('a', false);
        return [{ id: 'a' }];
      },
      tolerates: { 'ticket:a': replies(['removed']), 'idempotency:key': replies(['removed']) },
      dropped: ['ticket:a'],
    },
  },
  'dead-letters/retry': {
    'of one': {
      prepare: async (commands) => {
        await commands.dead('a');
        return [{ id: 'a' }];
      },
    },
  },
};
