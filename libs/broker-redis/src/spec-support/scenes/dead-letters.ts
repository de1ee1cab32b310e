import { named, texts } from '../../commands/replies';
import { offer } from '../deeds';
import { type ScenesOf, answers } from './scene';

/** What happens to tickets that failed. */
export const DEAD_LETTER_SCENES: ScenesOf<'list-dead' | 'remove-dead' | 'retry-dead'> = {
  'list-dead': {
    'of two': {
      prepare: async (deeds) => {
        await deeds.dead('a');
        await deeds.dead('b');
        return [0, 10];
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
  'remove-dead': {
    'with an idempotency key': {
      prepare: async (deeds, domain) => {
        await domain.run('accept', 10, 60_000, 60_000, '', '', 1000, '', ...offer('a', 'normal', 'idempotency:key'));
        await deeds.claim('a');
        await deeds.fail('a', false);
        return ['a'];
      },
      copes: { 'ticket:a': answers(['removed']), 'idempotency:key': answers(['removed']) },
      givenUp: ['ticket:a'],
    },
  },
  'retry-dead': {
    'of one': {
      prepare: async (deeds) => {
        await deeds.dead('a');
        return ['a'];
      },
    },
  },
};
