import { named, texts } from '../../commands/replies';
import { bounds, offer } from '../raw-commands';
import { type ScenesOf, answers } from './scene';

/** What happens to tickets that failed. */
export const DEAD_LETTER_SCENES: ScenesOf<'dead-letters/list' | 'dead-letters/remove' | 'dead-letters/retry'> = {
  'dead-letters/list': {
    'of two': {
      prepare: async (deeds) => {
        await deeds.dead('a');
        await deeds.dead('b');
        return [{ after: 0, limit: 10 }];
      },
      copes: Object.fromEntries(
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
      prepare: async (deeds, domain) => {
        await domain.run('queue/accept', bounds(), [offer('a', 'normal', 'idempotency:key')]);
        await deeds.claim('a');
        await deeds.fail('a', false);
        return [{ id: 'a' }];
      },
      copes: { 'ticket:a': answers(['removed']), 'idempotency:key': answers(['removed']) },
      givenUp: ['ticket:a'],
    },
  },
  'dead-letters/retry': {
    'of one': {
      prepare: async (deeds) => {
        await deeds.dead('a');
        return [{ id: 'a' }];
      },
    },
  },
};
