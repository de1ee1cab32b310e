import { list, texts } from '../../commands/replies';
import { LEASE_MS, TICK } from '../raw-commands';
import type { Domain } from '../domain';
import { type ScenesOf, answers } from './scene';

const RULES = '{"kind":"rules","rules":{}}';

/** Keeps a snapshot of one part. */
async function saved(domain: Domain, last: string, generation: string): Promise<void> {
  await domain.run('storms/save-snapshot-part', { generation, number: 0, part: '{}' });
  await domain.run('storms/save-snapshot', { last, generation, parts: 1, first_kept: '0-0' });
}

/** What is written to the storm log, and read from it; and what is known by watching it. */
export const STORM_LOG_SCENES: ScenesOf<
  | 'storms/append'
  | 'storms/load-snapshot'
  | 'storms/load-snapshot-parts'
  | 'storms/read-entries'
  | 'storms/write-rules'
  | 'storms/save-snapshot'
  | 'storms/save-snapshot-part'
  | 'storms/write-entry'
  | 'storms/tick'
  | 'storms/load-bursts'
  | 'storms/save-bursts-position'
  | 'storms/save-bursts'
> = {
  'storms/append': {
    'of two tickets, to a log without rules': {
      prepare: async (deeds) => {
        await deeds.claimed('a', LEASE_MS);
        await deeds.claimed('b', LEASE_MS);
        return [
          { last: '', limit: 10, rules: RULES, is_again: '' },
          [
            { id: 'a', token: 'token-a', entry: TICK, is_always_routed: '' },
            { id: 'b', token: 'token-b', entry: TICK, is_always_routed: '' },
          ],
        ];
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
  'storms/load-snapshot': {
    'of a snapshot': {
      prepare: async (_deeds, domain) => {
        await saved(domain, '1000-0', 'first');
        return [{}];
      },
    },
  },
  'storms/load-snapshot-parts': {
    'of a snapshot': {
      prepare: async (_deeds, domain) => {
        await saved(domain, '1000-0', 'first');
        return [{ generation: 'first', first: 0, limit: 8 }];
      },
    },
  },
  'storms/read-entries': {
    'from the beginning': {
      prepare: async (_deeds, domain) => {
        await domain.run('storms/write-rules', { entry: RULES });
        return [{ last: '', limit: 10 }];
      },
    },
    'by somebody whose entry is not there any more': {
      prepare: async (_deeds, domain) => {
        await domain.run('storms/write-rules', { entry: RULES });
        return [{ last: '1000-0', limit: 10 }];
      },
    },
  },
  'storms/write-rules': {
    'that are new': {
      prepare: async (_deeds, domain) => {
        await domain.run('storms/write-rules', { entry: '{"kind":"rules","rules":{"windowMs":1}}' });
        return [{ entry: RULES }];
      },
    },
  },
  'storms/save-snapshot': {
    'of a later one, which leaves entries that nobody needs any more': {
      prepare: async (_deeds, domain) => {
        for (const id of ['1000-0', '2000-0', '3000-0']) await domain.raw('XADD', 'storm:log', id, 'e', TICK);
        await saved(domain, '2000-0', 'first');
        await domain.run('storms/save-snapshot-part', { generation: 'second', number: 0, part: '{"now_ms":3000}' });
        return [{ last: '3000-0', generation: 'second', parts: 1, first_kept: '2000-0' }];
      },
    },
    'of an earlier one': {
      prepare: async (_deeds, domain) => {
        for (const id of ['1000-0', '1000-1']) await domain.raw('XADD', 'storm:log', id, 'e', TICK);
        await saved(domain, '1000-1', 'first');
        await domain.run('storms/save-snapshot-part', { generation: 'second', number: 0, part: '{}' });
        return [{ last: '1000-0', generation: 'second', parts: 1, first_kept: '1000-0' }];
      },
    },
    'that lacks a part': {
      prepare: async (_deeds, domain) => {
        await domain.run('storms/save-snapshot-part', { generation: 'first', number: 0, part: '{}' });
        return [{ last: '1000-0', generation: 'first', parts: 2, first_kept: '0-0' }];
      },
    },
  },
  'storms/save-snapshot-part': {
    'of a snapshot that makes room for itself': {
      prepare: async (_deeds, domain) => {
        await saved(domain, '1000-0', 'first');
        await domain.run('storms/save-snapshot-part', { generation: 'abandoned', number: 0, part: '{}' });
        return [{ generation: 'second', number: 0, part: '{"format":2}' }];
      },
      copes: { 'storm:snapshot:abandoned': answers(['kept']) },
      givenUp: ['storm:snapshot:abandoned'],
    },
    'that is not the first': {
      prepare: async (_deeds, domain) => {
        await domain.run('storms/save-snapshot-part', { generation: 'first', number: 0, part: '{}' });
        return [{ generation: 'first', number: 1, part: '{"arrivals":[]}' }];
      },
    },
  },
  'storms/tick': {
    'to a log that was silent for long': {
      prepare: async (_deeds, domain) => {
        await domain.raw('XADD', 'storm:log', '1000-0', 'e', TICK);
        return [{ entry: TICK, interval_ms: 60_000 }];
      },
    },
    'to a log that was not': {
      prepare: async (_deeds, domain) => {
        await domain.run('storms/tick', { entry: TICK, interval_ms: 60_000 });
        return [{ entry: TICK, interval_ms: 60_000 }];
      },
    },
  },
  'storms/write-entry': { 'of a burst': { prepare: async () => [{ entry: '{"kind":"suspected"}' }] } },
  'storms/load-bursts': {
    'of what was learnt': {
      prepare: async (_deeds, domain) => {
        await domain.run('storms/save-bursts', { last: '1000-0', state: '{}' });
        return [{}];
      },
    },
  },
  'storms/save-bursts-position': { 'of what was looked at': { prepare: async () => [{ last: '1000-0' }] } },
  'storms/save-bursts': { 'of what was learnt': { prepare: async () => [{ last: '1000-0', state: '{}' }] } },
};
