import { BOOKS, decision, KEPT_MS, standing } from '../raw-commands';
import { type Check, type ScenesOf, each, eachIs } from './scene';

const OUTBOX = ['outbox', 'outbox:attempts', 'outbox:bodies', 'outbox:created'];

/** Where all tickets of a commit would have to write: none changes. */
const allRefused = (ids: readonly string[], ...places: readonly string[]): Record<string, Check> =>
  Object.fromEntries(
    places.map((place) => [
      place,
      async (reply, domain) => {
        await eachIs(...ids.map(() => 'corrupt'))(reply, domain);
        expect((await domain.dump())['tickets:processing']?.[1]).toEqual(ids);
      },
    ]),
  );

/** Where one ticket of a commit alone would have to write: the others fare as they do without. */
const oneRefused = (fates: Readonly<Record<string, string>>): Record<string, Check> =>
  Object.fromEntries(
    Object.keys(fates).flatMap((id) => {
      const check = eachIs(...Object.entries(fates).map(([other, fate]) => (other === id ? 'corrupt' : fate)));
      return [`ticket:${id}`, `lock:${id}`].map((key) => [key, check] as const);
    }),
  );

/** What is decided about tickets, on their own and as members of incidents. */
export const COMMIT_SCENES: ScenesOf<'tickets/commit'> = {
  'tickets/commit': {
    'of two tickets for an agent': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 2);
        await deeds.claimed('a');
        await deeds.claimed('b');
        return [
          { retention_ms: KEPT_MS, roster_version: await deeds.version() },
          [decision('a', '1'), decision('b', '1')],
          [1, 'ann', 2],
        ];
      },
      copes: {
        ...oneRefused({ a: 'assigned', b: 'assigned' }),
        ...allRefused(['a', 'b'], 'agent:ann:tickets', ...OUTBOX),
      },
    },
    'of two tickets for the line': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 0);
        await deeds.claimed('a');
        await deeds.claimed('b');
        return [
          { retention_ms: KEPT_MS, roster_version: await deeds.version() },
          [decision('a', '', '1'), decision('b', '', '1')],
          [1, 'ann', 0],
        ];
      },
      copes: {
        ...oneRefused({ a: 'waiting', b: 'waiting' }),
        ...allRefused(['a', 'b'], 'waiting:Billing', ...OUTBOX),
      },
    },
    'of two similar tickets that wait for the end of their incident': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['founder']);
        await deeds.claimed('a');
        await deeds.claimed('b');
        const part = { incident: 'incident-1', epoch: 1, routing: 'suppressed' } as const;
        return [
          { retention_ms: KEPT_MS, roster_version: await deeds.version() },
          [decision('a', '', '', part), decision('b', '', '', part)],
          [0],
        ];
      },
      copes: {
        ...oneRefused({ a: 'suppressed', b: 'suppressed' }),
        ...allRefused(['a', 'b'], ...BOOKS('incident-1'), ...OUTBOX),
      },
    },
    'of a member of a suspicion': {
      prepare: async (deeds, domain) => {
        await deeds.claimed('a');
        await domain.run('storms/write-record', standing('incident-1', { status: 'suspected', joined: ['a'] }));
        return [{ retention_ms: KEPT_MS, roster_version: await deeds.version() }, [decision('a', '', '')], [0]];
      },
      copes: {
        ...oneRefused({ a: 'waiting' }),
        ...allRefused(['a'], 'waiting:Billing', ...OUTBOX),
        // No reason not to decide.
        ...each(
          ['', ':similarity', ':counted'].map((book) => `incident:incident-1${book}`),
          eachIs('waiting'),
        ),
      },
    },
    'of a similar ticket whose incident was resolved meanwhile': {
      prepare: async (deeds, domain) => {
        await deeds.incident('incident-1', ['founder']);
        await deeds.claimed('a');
        await deeds.decide('incident-1', 'resolve');
        await domain.run('incidents/settle-members', { id: 'incident-1', limit: 100, retention_ms: KEPT_MS });
        const part = { incident: 'incident-1', epoch: 2, routing: 'suppressed' } as const;
        return [{ retention_ms: KEPT_MS, roster_version: await deeds.version() }, [decision('a', '', '', part)], [0]];
      },
      copes: {
        ...oneRefused({ a: 'completed' }),
        ...allRefused(['a'], 'unfinished', 'unfinished:domains', ...BOOKS('incident-1'), ...OUTBOX),
      },
    },
    'of founders that were in work when their incident opened: with an agent, without, and one who says something severe':
      {
        prepare: async (deeds, domain) => {
          const ids = ['a', 'b', 'c'];
          for (const id of ids) await deeds.claimed(id);
          await domain.run('storms/write-record', standing('incident-1', { joined: ['a', 'b', ['c', 0.95, '!s']] }));
          await deeds.agent('ann', 1);
          const items = ids.map((id) => decision(id, id === 'a' ? '1' : '', '1'));
          return [{ retention_ms: KEPT_MS, roster_version: await deeds.version() }, items, [1, 'ann', 1]];
        },
        copes: {
          ...oneRefused({ a: 'assigned', b: 'suppressed', c: 'waiting' }),
          ...allRefused(['a', 'b', 'c'], ...BOOKS('incident-1')),
          // Her slot is free then, and the ranking of the others out of date.
          ...each(['ticket:a', 'lock:a', 'agent:ann:tickets', ...OUTBOX], eachIs('corrupt', 'stale', 'stale')),
          'waiting:Billing': eachIs('assigned', 'suppressed', 'corrupt'),
        },
      },
  },
};
