import { list, texts } from '../../commands/replies';
import { LEASE_MS, TICK } from '../deeds';
import type { Domain } from '../domain';
import { type ScenesOf, answers } from './scene';

const RULES = '{"kind":"rules","rules":{}}';

/** Keeps a snapshot of one part. */
async function saved(domain: Domain, last: string, generation: string): Promise<void> {
  await domain.run('storm-save-part', generation, 0, '{}');
  await domain.run('storm-save', last, generation, 1, '0-0');
}

/** What is written to the storm log, and read from it; and what is known by watching it. */
export const STORM_LOG_SCENES: ScenesOf<
  | 'storm-append'
  | 'storm-load'
  | 'storm-load-part'
  | 'storm-read'
  | 'storm-rules'
  | 'storm-save'
  | 'storm-save-part'
  | 'storm-write'
  | 'storm-tick'
  | 'watch-load'
  | 'watch-mark'
  | 'watch-save'
> = {
  'storm-append': {
    'of two tickets, to a log without rules': {
      prepare: async (deeds) => {
        await deeds.claimed('a', LEASE_MS);
        await deeds.claimed('b', LEASE_MS);
        return ['', 10, RULES, '', 'a', 'token-a', TICK, '', 'b', 'token-b', TICK, ''];
      },
      copes: Object.fromEntries(
        ['a', 'b'].flatMap((id) =>
          [`ticket:${id}`, `lock:${id}`].map((key) => [
            key,
            (reply) => {
              const [page, ...outcomes] = list(reply);
              expect(outcomes).toEqual(['a', 'b'].map((each) => (each === id ? 'corrupt' : 'noted')));
              // The rules, and the other ticket.
              expect(texts(page)).toHaveLength(1 + 2 * 2);
            },
          ]),
        ),
      ),
    },
  },
  'storm-load': {
    'of a snapshot': {
      prepare: async (_deeds, domain) => {
        await saved(domain, '1000-0', 'first');
        return [];
      },
    },
  },
  'storm-load-part': {
    'of a snapshot': {
      prepare: async (_deeds, domain) => {
        await saved(domain, '1000-0', 'first');
        return ['first', 0, 8];
      },
    },
  },
  'storm-read': {
    'from the beginning': {
      prepare: async (_deeds, domain) => {
        await domain.run('storm-rules', RULES);
        return ['', 10];
      },
    },
    'by somebody whose entry is not there any more': {
      prepare: async (_deeds, domain) => {
        await domain.run('storm-rules', RULES);
        return ['1000-0', 10];
      },
    },
  },
  'storm-rules': {
    'that are new': {
      prepare: async (_deeds, domain) => {
        await domain.run('storm-rules', '{"kind":"rules","rules":{"windowMs":1}}');
        return [RULES];
      },
    },
  },
  'storm-save': {
    'of a later one, which leaves entries that nobody needs any more': {
      prepare: async (_deeds, domain) => {
        for (const id of ['1000-0', '2000-0', '3000-0']) await domain.raw('XADD', 'storm:log', id, 'e', TICK);
        await saved(domain, '2000-0', 'first');
        await domain.run('storm-save-part', 'second', 0, '{"now_ms":3000}');
        return ['3000-0', 'second', 1, '2000-0'];
      },
    },
    'of an earlier one': {
      prepare: async (_deeds, domain) => {
        for (const id of ['1000-0', '1000-1']) await domain.raw('XADD', 'storm:log', id, 'e', TICK);
        await saved(domain, '1000-1', 'first');
        await domain.run('storm-save-part', 'second', 0, '{}');
        return ['1000-0', 'second', 1, '1000-0'];
      },
    },
    'that lacks a part': {
      prepare: async (_deeds, domain) => {
        await domain.run('storm-save-part', 'first', 0, '{}');
        return ['1000-0', 'first', 2, '0-0'];
      },
    },
  },
  'storm-save-part': {
    'of a snapshot that makes room for itself': {
      prepare: async (_deeds, domain) => {
        await saved(domain, '1000-0', 'first');
        await domain.run('storm-save-part', 'abandoned', 0, '{}');
        return ['second', 0, '{"format":2}'];
      },
      copes: { 'storm:snapshot:abandoned': answers(['kept']) },
      givenUp: ['storm:snapshot:abandoned'],
    },
    'that is not the first': {
      prepare: async (_deeds, domain) => {
        await domain.run('storm-save-part', 'first', 0, '{}');
        return ['first', 1, '{"arrivals":[]}'];
      },
    },
  },
  'storm-tick': {
    'to a log that was silent for long': {
      prepare: async (_deeds, domain) => {
        await domain.raw('XADD', 'storm:log', '1000-0', 'e', TICK);
        return [TICK, 60_000];
      },
    },
    'to a log that was not': {
      prepare: async (_deeds, domain) => {
        await domain.run('storm-tick', TICK, 60_000);
        return [TICK, 60_000];
      },
    },
  },
  'storm-write': { 'of a burst': { prepare: async () => ['{"kind":"suspected"}'] } },
  'watch-load': {
    'of what was learnt': {
      prepare: async (_deeds, domain) => {
        await domain.run('watch-save', '1000-0', '{}');
        return [];
      },
    },
  },
  'watch-mark': { 'of what was looked at': { prepare: async () => ['1000-0'] } },
  'watch-save': { 'of what was learnt': { prepare: async () => ['1000-0', '{}'] } },
};
