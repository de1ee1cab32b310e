import { list, texts } from '../../commands/replies';
import { LEASE_MS, TICK } from '../raw-commands';
import type { Domain } from '../domain';
import { type CasesOf, replies } from './command-case';

const RULES = '{"kind":"rules","rules":{}}';

/** Saves a snapshot of one part. */
async function saved(domain: Domain, last: string, generation: string): Promise<void> {
  await domain.run('storms/save-snapshot-part', { generation, number: 0, part: '{}' });
  await domain.run('storms/save-snapshot', { last, generation, parts: 1, first_kept: '0-0' });
}

/** The storm log and the burst detector. */
export const STORM_LOG_CASES: CasesOf<
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
      prepare: async (commands) => {
        await commands.claimed('a', LEASE_MS);
        await commands.claimed('b', LEASE_MS);
        return [
          { last: '', limit: 10, rules: RULES, is_again: '' },
          [
            { id: 'a', token: 'token-a', entry: TICK, is_always_routed: '' },
            { id: 'b', token: 'token-b', entry: TICK, is_always_routed: '' },
          ],
        ];
      },
      tolerates: Object.fromEntries(
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
    'by a reader whose entry was trimmed': {
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
    'of a later one, which trims entries that are not needed': {
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
    'of a snapshot that drops an abandoned one': {
      prepare: async (_deeds, domain) => {
        await saved(domain, '1000-0', 'first');
        await domain.run('storms/save-snapshot-part', { generation: 'abandoned', number: 0, part: '{}' });
        return [{ generation: 'second', number: 0, part: '{"format":2}' }];
      },
      tolerates: { 'storm:snapshot:abandoned': replies(['kept']) },
      dropped: ['storm:snapshot:abandoned'],
    },
    'that is not the first': {
      prepare: async (_deeds, domain) => {
        await domain.run('storms/save-snapshot-part', { generation: 'first', number: 0, part: '{}' });
        return [{ generation: 'first', number: 1, part: '{"arrivals":[]}' }];
      },
    },
  },
  'storms/tick': {
    'to a log without recent entries': {
      prepare: async (_deeds, domain) => {
        await domain.raw('XADD', 'storm:log', '1000-0', 'e', TICK);
        return [{ entry: TICK, interval_ms: 60_000 }];
      },
    },
    'to a log with a recent entry': {
      prepare: async (_deeds, domain) => {
        await domain.run('storms/tick', { entry: TICK, interval_ms: 60_000 });
        return [{ entry: TICK, interval_ms: 60_000 }];
      },
    },
  },
  'storms/write-entry': { 'of a burst': { prepare: async () => [{ entry: '{"kind":"suspected"}' }] } },
  'storms/load-bursts': {
    'of the detector': {
      prepare: async (_deeds, domain) => {
        await domain.run('storms/save-bursts', { last: '1000-0', state: '{}' });
        return [{}];
      },
    },
  },
  'storms/save-bursts-position': { 'of a position': { prepare: async () => [{ last: '1000-0' }] } },
  'storms/save-bursts': { 'of the detector': { prepare: async () => [{ last: '1000-0', state: '{}' }] } },
};
