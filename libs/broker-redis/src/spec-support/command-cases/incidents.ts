import type { Call } from '../../commands/command-table';
import { texts } from '../../commands/replies';
import { type RawCommands, incidentKeys, FOREVER_MS, KEPT_MS, TICK, recordArguments } from '../raw-commands';
import type { Domain } from '../domain';
import { type Check, type CasesOf, replies, forEachKey } from './command-case';

/** A ticket in line, one with an agent, one in process. */
async function ticketsOfAllKinds(commands: RawCommands): Promise<void> {
  await commands.agent('ann', 1);
  await commands.committed('has-agent', 'ann');
  await commands.committed('waits');
  await commands.claimed('claimed');
}

/** A suspected incident around {@link ticketsOfAllKinds}. */
async function suspectedIncident(commands: RawCommands, domain: Domain): Promise<void> {
  await ticketsOfAllKinds(commands);
  const joined = ['waits', 'has-agent', 'claimed'];
  await domain.run('storms/write-record', recordArguments('incident-1', { status: 'suspected', joined }));
}

/** The incident is kept until a corrupt member can be settled. */
const staysUnsettled =
  (id: string): Check =>
  async (_reply, domain) => {
    const all = await domain.dump();
    expect(all['incident:incident-1:unsettled']?.[1]).toEqual([[id, '-1']]);
    expect(all['incidents:unsettled']?.[1]).toEqual(['incident-1']);
    expect(all['incident:incident-1']?.[2]).toBe(false);
  };

/** Actions of operators. */
export const OPERATOR_CASES: CasesOf<
  'incidents/decide' | 'incidents/open' | 'incidents/settle-members' | 'incidents/unlink'
> = {
  'incidents/decide': {
    'that confirms a suspected incident': {
      prepare: async (commands, domain) => {
        await suspectedIncident(commands, domain);
        return [{ id: 'incident-1', action: 'confirm', entry: TICK, complete_doubtful: false }];
      },
    },
    'that resolves': {
      prepare: async (commands) => {
        await commands.incident('incident-1', ['a', 'b']);
        return [{ id: 'incident-1', action: 'resolve', entry: TICK, complete_doubtful: false }];
      },
    },
    'that rejects': {
      prepare: async (commands, domain) => {
        await commands.incident('incident-1', ['a', 'b']);
        await domain.run('storms/write-record', recordArguments('incident-1', { status: 'quiet', epoch: 2 }));
        return [{ id: 'incident-1', action: 'reject', entry: TICK, complete_doubtful: false }];
      },
    },
  },
  'incidents/open': {
    'around tickets of every kind': {
      prepare: async (commands, domain) => {
        await commands.incident('incident-0', ['is-done']);
        await commands.decide('incident-0', 'resolve');
        await domain.run('incidents/settle-members', { id: 'incident-0', limit: 100, retention_ms: KEPT_MS });
        await ticketsOfAllKinds(commands);
        return [
          {
            id: 'incident-1',
            title: 'Mail is down',
            entry: TICK,
            quiet_ms: FOREVER_MS,
            tickets: ['waits', 'has-agent', 'claimed', 'is-done'],
          },
        ];
      },
    },
  },
  'incidents/settle-members': {
    'of a confirmed incident': {
      prepare: async (commands, domain) => {
        await suspectedIncident(commands, domain);
        await commands.decide('incident-1', 'confirm');
        return [{ id: 'incident-1', limit: 100, retention_ms: KEPT_MS }];
      },
      tolerates: Object.fromEntries(
        ['waits', 'has-agent', 'claimed'].map((id) => [`ticket:${id}`, staysUnsettled(id)]),
      ),
    },
    'of a resolved incident with two doubtful members, one of them with an agent': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        await commands.committed('has-agent', 'ann');
        await commands.incident('incident-1', ['a']);
        await commands.committed('b');
        await commands.join('incident-1', 'has-agent', '-s');
        await commands.join('incident-1', 'b', '-l');
        await commands.decide('incident-1', 'resolve');
        return [{ id: 'incident-1', limit: 100, retention_ms: KEPT_MS }];
      },
      tolerates: Object.fromEntries(['a', 'b', 'has-agent'].map((id) => [`ticket:${id}`, staysUnsettled(id)])),
    },
    ...Object.fromEntries(
      (['resolve', 'reject'] as const).map((action) => [
        `of one that an operator chose to ${action}`,
        {
          prepare: async (commands: RawCommands): Promise<Call<'incidents/settle-members'>> => {
            await commands.agent('ann', 1);
            await commands.committed('has-agent', 'ann');
            await commands.incident('incident-1', ['a', 'b']);
            await commands.join('incident-1', 'has-agent');
            await commands.decide('incident-1', action);
            return [{ id: 'incident-1', limit: 100, retention_ms: KEPT_MS }];
          },
          tolerates: Object.fromEntries(['a', 'b', 'has-agent'].map((id) => [`ticket:${id}`, staysUnsettled(id)])),
        },
      ]),
    ),
  },
  'incidents/unlink': {
    'of the suppressed representative': {
      prepare: async (commands) => {
        await commands.incident('incident-1', ['a', 'b']);
        return [{ id: 'incident-1', ticket: 'a', entry: TICK }];
      },
      tolerates: { 'ticket:b': replies(['queued']) },
    },
    'of a ticket with an agent': {
      prepare: async (commands) => {
        await commands.agent('ann', 1);
        await commands.committed('a', 'ann');
        await commands.committed('b');
        await commands.join('incident-1', 'a');
        await commands.join('incident-1', 'b');
        return [{ id: 'incident-1', ticket: 'a', entry: TICK }];
      },
    },
    'of the last member of a suspected incident': {
      prepare: async (commands, domain) => {
        await commands.committed('a');
        await domain.run('storms/write-record', recordArguments('incident-1', { status: 'suspected', joined: ['a'] }));
        return [{ id: 'incident-1', ticket: 'a', entry: TICK }];
      },
    },
    'of a claimed ticket that is a member only in the log': {
      prepare: async (commands) => {
        await commands.incident('incident-1', ['a']);
        await commands.logged('b');
        return [{ id: 'incident-1', ticket: 'b', entry: TICK }];
      },
    },
  },
};

/** Records of incidents by the storm log. */
export const STORM_RECORD_CASES: CasesOf<'storms/write-record' | 'storms/emit-events'> = {
  'storms/write-record': {
    'of a new incident that another broker has notified': {
      prepare: async (commands) => {
        await commands.committed('a');
        return [recordArguments('incident-1', { joined: ['a'], isKnown: true })];
      },
      tolerates: { 'ticket:a': replies([]) },
    },
    'of a new incident, around tickets of every kind': {
      prepare: async (commands) => {
        await ticketsOfAllKinds(commands);
        await commands.committed('is-severe');
        const joined = ['waits', 'has-agent', 'claimed', ['is-severe', 0.95, '!s']] as const;
        return [recordArguments('incident-1', { joined })];
      },
      tolerates: {
        'ticket:waits': replies([]),
        ...forEachKey(['ticket:has-agent', 'ticket:claimed', 'ticket:is-severe'], replies(['waits'])),
      },
    },
    'of a new incident, around a member of another one': {
      prepare: async (commands) => {
        await commands.incident('incident-0', ['a']);
        await commands.committed('b');
        return [recordArguments('incident-1', { joined: ['a', 'b'] })];
      },
      tolerates: {
        'ticket:a': replies(['b']),
        'ticket:b': replies([]),
        'incident:incident-0': replies(['b']),
      },
    },
    'of a quiet incident with another representative': {
      prepare: async (commands) => {
        await commands.incident('incident-1', ['a', 'b']);
        return [recordArguments('incident-1', { status: 'quiet', epoch: 2, representative: 'b' })];
      },
      tolerates: forEachKey(['ticket:a', 'ticket:b'], replies([])),
    },
    'with an unlinked ticket, by a process that is behind': {
      prepare: async (commands, domain) => {
        await commands.incident('incident-1', ['a', 'b']);
        await domain.run('incidents/unlink', { id: 'incident-1', ticket: 'a', entry: TICK });
        return [recordArguments('incident-1', { joined: ['a', 'b'], representative: 'a' })];
      },
      tolerates: forEachKey(['ticket:a', 'ticket:b'], replies([])),
    },
    'with a member that leaves for another': {
      prepare: async (commands, domain) => {
        await suspectedIncident(commands, domain);
        return [recordArguments('incident-1', { status: 'suspected', left: ['waits'], representative: 'has-agent' })];
      },
      tolerates: forEachKey(['ticket:waits', 'ticket:has-agent'], replies([])),
    },
    'of a dropped suspected incident': {
      prepare: async (commands, domain) => {
        await suspectedIncident(commands, domain);
        return [recordArguments('incident-1', { status: 'gone', epoch: 2 })];
      },
    },
    'of a suspected incident that was confirmed after it had ended': {
      prepare: async (commands, domain) => {
        await suspectedIncident(commands, domain);
        await commands.decide('incident-1', 'confirm');
        return [recordArguments('incident-1', { status: 'gone', epoch: 2 })];
      },
    },
    'of a resolved incident of which less was known then': {
      prepare: async (commands) => {
        await commands.incident('incident-1', ['a', 'b']);
        await commands.decide('incident-1', 'resolve');
        return [recordArguments('incident-1', { status: 'resolved', epoch: 4 })];
      },
    },
  },
  'storms/emit-events': {
    'of which the retention time of one is over': {
      prepare: async (commands, domain) => {
        await commands.incident('incident-1', ['a']);
        await commands.decide('incident-1', 'resolve');
        await domain.run('incidents/settle-members', { id: 'incident-1', limit: 100, retention_ms: KEPT_MS });
        await domain.raw('ZADD', 'incidents:ended', 1000, 'incident-1');
        return [{ interval_ms: 60_000 }];
      },
      tolerates: forEachKey(incidentKeys('incident-1'), replies([])),
      dropped: incidentKeys('incident-1'),
    },
    'of which one has doubled, and one has ended': {
      prepare: async (commands, domain) => {
        await commands.incident('incident-1', ['a']);
        await commands.join('incident-1', 'b');
        await commands.incident('incident-2', ['c']);
        await commands.decide('incident-2', 'resolve');
        await domain.raw('SADD', 'incidents:growing', 'incident-2');
        return [{ interval_ms: 60_000 }];
      },
      tolerates: {
        ...forEachKey(incidentKeys('incident-1'), async (reply, domain) => {
          expect(reply).toEqual(['incident-2']);
          expect((await domain.dump())['outbox']?.[1]).not.toContain('incident.updated:incident-1:2');
        }),
        ...forEachKey(incidentKeys('incident-2'), replies(['incident-2'])),
      },
    },
  },
};

/** Reads of incidents. */
export const INCIDENT_READ_CASES: CasesOf<
  'incidents/get' | 'incidents/doubtful-members' | 'incidents/list' | 'incidents/members'
> = {
  'incidents/get': {
    'that is known': {
      prepare: async (commands) => {
        await commands.incident('incident-1', ['a', 'b']);
        return [{ id: 'incident-1' }];
      },
    },
  },
  'incidents/doubtful-members': {
    'of which there is one among two': {
      prepare: async (commands) => {
        await commands.incident('incident-1', ['a']);
        await commands.committed('b');
        await commands.join('incident-1', 'b', '-l');
        return [{ id: 'incident-1', after_ms: -1, after: '', limit: 10 }];
      },
    },
  },
  'incidents/list': {
    'of which the retention time of one is over': {
      prepare: async (commands, domain) => {
        await commands.incident('incident-1', ['a']);
        await domain.raw('ZADD', 'incidents', 0, 'incident-0');
        return [{ before: '+inf', limit: 10, status: '' }];
      },
      tolerates: {
        'incident:incident-0': (reply) => expect(texts(reply)).toHaveLength(2),
        ...forEachKey(incidentKeys('incident-1'), replies([''])),
      },
    },
  },
  'incidents/members': {
    'of which there are two': {
      prepare: async (commands) => {
        await commands.incident('incident-1', ['a', 'b']);
        return [{ id: 'incident-1', after_ms: -1, after: '', limit: 10 }];
      },
    },
  },
};
