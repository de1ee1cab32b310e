import { incidentKeys, decision, KEPT_MS, recordArguments } from '../raw-commands';
import { type Check, type CasesOf, forEachKey, hasOutcomes } from './command-case';

const OUTBOX = ['outbox', 'outbox:attempts', 'outbox:bodies', 'outbox:created'];

/** Keys to which all tickets of a commit would be written: none changes. */
const allRefused = (ids: readonly string[], ...places: readonly string[]): Record<string, Check> =>
  Object.fromEntries(
    places.map((place) => [
      place,
      async (reply, domain) => {
        await hasOutcomes(...ids.map(() => 'corrupt'))(reply, domain);
        expect((await domain.dump())['tickets:processing']?.[1]).toEqual(ids);
      },
    ]),
  );

/** Keys to which one ticket of a commit would be written: the others have their usual results. */
const oneRefused = (fates: Readonly<Record<string, string>>): Record<string, Check> =>
  Object.fromEntries(
    Object.keys(fates).flatMap((id) => {
      const check = hasOutcomes(...Object.entries(fates).map(([other, fate]) => (other === id ? 'corrupt' : fate)));
      return [`ticket:${id}`, `lock:${id}`].map((key) => [key, check] as const);
    }),
  );

/** Commits of tickets, by themselves and as members of incidents. */
export const COMMIT_CASES: CasesOf<'tickets/commit'> = {
  'tickets/commit': {
    'of two tickets for an agent': {
      prepare: async (commands) => {
        await commands.agent('ann', 2);
        await commands.claimed('a');
        await commands.claimed('b');
        return [
          { retention_ms: KEPT_MS, roster_version: await commands.version() },
          [decision('a', '1'), decision('b', '1')],
          [1, 'ann', 2],
        ];
      },
      tolerates: {
        ...oneRefused({ a: 'assigned', b: 'assigned' }),
        ...allRefused(['a', 'b'], 'agent:ann:tickets', ...OUTBOX),
      },
    },
    'of two tickets for the line': {
      prepare: async (commands) => {
        await commands.agent('ann', 0);
        await commands.claimed('a');
        await commands.claimed('b');
        return [
          { retention_ms: KEPT_MS, roster_version: await commands.version() },
          [decision('a', '', '1'), decision('b', '', '1')],
          [1, 'ann', 0],
        ];
      },
      tolerates: {
        ...oneRefused({ a: 'waiting', b: 'waiting' }),
        ...allRefused(['a', 'b'], 'waiting:Billing', ...OUTBOX),
      },
    },
    'of two similar tickets that are suppressed': {
      prepare: async (commands) => {
        await commands.incident('incident-1', ['founder']);
        await commands.claimed('a');
        await commands.claimed('b');
        const part = { incident: 'incident-1', epoch: 1, routing: 'suppressed' } as const;
        return [
          { retention_ms: KEPT_MS, roster_version: await commands.version() },
          [decision('a', '', '', part), decision('b', '', '', part)],
          [0],
        ];
      },
      tolerates: {
        ...oneRefused({ a: 'suppressed', b: 'suppressed' }),
        ...allRefused(['a', 'b'], ...incidentKeys('incident-1'), ...OUTBOX),
      },
    },
    'of a member of a suspected incident': {
      prepare: async (commands, domain) => {
        await commands.claimed('a');
        await domain.run('storms/write-record', recordArguments('incident-1', { status: 'suspected', joined: ['a'] }));
        return [{ retention_ms: KEPT_MS, roster_version: await commands.version() }, [decision('a', '', '')], [0]];
      },
      tolerates: {
        ...oneRefused({ a: 'waiting' }),
        ...allRefused(['a'], 'waiting:Billing', ...OUTBOX),
        // A corrupt incident does not prevent the decision.
        ...forEachKey(
          ['', ':similarity', ':counted'].map((book) => `incident:incident-1${book}`),
          hasOutcomes('waiting'),
        ),
      },
    },
    'of a similar ticket whose incident was resolved meanwhile': {
      prepare: async (commands, domain) => {
        await commands.incident('incident-1', ['founder']);
        await commands.claimed('a');
        await commands.decide('incident-1', 'resolve');
        await domain.run('incidents/settle-members', { id: 'incident-1', limit: 100, retention_ms: KEPT_MS });
        const part = { incident: 'incident-1', epoch: 2, routing: 'suppressed' } as const;
        return [
          { retention_ms: KEPT_MS, roster_version: await commands.version() },
          [decision('a', '', '', part)],
          [0],
        ];
      },
      tolerates: {
        ...oneRefused({ a: 'completed' }),
        ...allRefused(['a'], 'unfinished', 'unfinished:domains', ...incidentKeys('incident-1'), ...OUTBOX),
      },
    },
    'of founders that were in process when their incident opened: with an agent, without, and one with a severe signal':
      {
        prepare: async (commands, domain) => {
          const ids = ['a', 'b', 'c'];
          for (const id of ids) await commands.claimed(id);
          await domain.run(
            'storms/write-record',
            recordArguments('incident-1', { joined: ['a', 'b', ['c', 0.95, '!s']] }),
          );
          await commands.agent('ann', 1);
          const items = ids.map((id) => decision(id, id === 'a' ? '1' : '', '1'));
          return [{ retention_ms: KEPT_MS, roster_version: await commands.version() }, items, [1, 'ann', 1]];
        },
        tolerates: {
          ...oneRefused({ a: 'assigned', b: 'suppressed', c: 'waiting' }),
          ...allRefused(['a', 'b', 'c'], ...incidentKeys('incident-1')),
          // Her slot is free then, and the ranking of the others out of date.
          ...forEachKey(
            ['ticket:a', 'lock:a', 'agent:ann:tickets', ...OUTBOX],
            hasOutcomes('corrupt', 'stale', 'stale'),
          ),
          'waiting:Billing': hasOutcomes('assigned', 'suppressed', 'corrupt'),
        },
      },
  },
};
