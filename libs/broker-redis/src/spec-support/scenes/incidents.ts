import type { Call } from '../../commands/command-table';
import { texts } from '../../commands/replies';
import { type RawCommands, BOOKS, FOREVER_MS, KEPT_MS, TICK, standing } from '../raw-commands';
import type { Domain } from '../domain';
import { type Check, type ScenesOf, answers, each } from './scene';

/** One who waits, one with an agent, one in work. */
async function allKinds(deeds: RawCommands): Promise<void> {
  await deeds.agent('ann', 1);
  await deeds.committed('has-agent', 'ann');
  await deeds.committed('waits');
  await deeds.claimed('in-work');
}

/** A suspicion around {@link allKinds}. */
async function suspicion(deeds: RawCommands, domain: Domain): Promise<void> {
  await allKinds(deeds);
  const joined = ['waits', 'has-agent', 'in-work'];
  await domain.run('storms/write-record', standing('incident-1', { status: 'suspected', joined }));
}

/** An incident is kept until a corrupt member can be settled. */
const stillToSettle =
  (id: string): Check =>
  async (_reply, domain) => {
    const all = await domain.dump();
    expect(all['incident:incident-1:unsettled']?.[1]).toEqual([[id, '-1']]);
    expect(all['incidents:unsettled']?.[1]).toEqual(['incident-1']);
    expect(all['incident:incident-1']?.[2]).toBe(false);
  };

/** What an operator does to incidents. */
export const OPERATOR_SCENES: ScenesOf<
  'incidents/decide' | 'incidents/open' | 'incidents/settle-members' | 'incidents/unlink'
> = {
  'incidents/decide': {
    'that was suspected, and is one': {
      prepare: async (deeds, domain) => {
        await suspicion(deeds, domain);
        return [{ id: 'incident-1', action: 'confirm', entry: TICK, complete_doubtful: false }];
      },
    },
    'that is mended': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a', 'b']);
        return [{ id: 'incident-1', action: 'resolve', entry: TICK, complete_doubtful: false }];
      },
    },
    'that was none': {
      prepare: async (deeds, domain) => {
        await deeds.incident('incident-1', ['a', 'b']);
        await domain.run('storms/write-record', standing('incident-1', { status: 'quiet', epoch: 2 }));
        return [{ id: 'incident-1', action: 'reject', entry: TICK, complete_doubtful: false }];
      },
    },
  },
  'incidents/open': {
    'around tickets of every kind': {
      prepare: async (deeds, domain) => {
        await deeds.incident('incident-0', ['is-done']);
        await deeds.decide('incident-0', 'resolve');
        await domain.run('incidents/settle-members', { id: 'incident-0', limit: 100, retention_ms: KEPT_MS });
        await allKinds(deeds);
        return [
          {
            id: 'incident-1',
            title: 'Mail is down',
            entry: TICK,
            quiet_ms: FOREVER_MS,
            tickets: ['waits', 'has-agent', 'in-work', 'is-done'],
          },
        ];
      },
    },
  },
  'incidents/settle-members': {
    'of one that was confirmed': {
      prepare: async (deeds, domain) => {
        await suspicion(deeds, domain);
        await deeds.decide('incident-1', 'confirm');
        return [{ id: 'incident-1', limit: 100, retention_ms: KEPT_MS }];
      },
      copes: Object.fromEntries(['waits', 'has-agent', 'in-work'].map((id) => [`ticket:${id}`, stillToSettle(id)])),
    },
    'of one that was resolved with two doubtful ones, of whom one has an agent': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.committed('has-agent', 'ann');
        await deeds.incident('incident-1', ['a']);
        await deeds.committed('b');
        await deeds.join('incident-1', 'has-agent', '-s');
        await deeds.join('incident-1', 'b', '-l');
        await deeds.decide('incident-1', 'resolve');
        return [{ id: 'incident-1', limit: 100, retention_ms: KEPT_MS }];
      },
      copes: Object.fromEntries(['a', 'b', 'has-agent'].map((id) => [`ticket:${id}`, stillToSettle(id)])),
    },
    ...Object.fromEntries(
      (['resolve', 'reject'] as const).map((action) => [
        `of one that an operator chose to ${action}`,
        {
          prepare: async (deeds: RawCommands): Promise<Call<'incidents/settle-members'>> => {
            await deeds.agent('ann', 1);
            await deeds.committed('has-agent', 'ann');
            await deeds.incident('incident-1', ['a', 'b']);
            await deeds.join('incident-1', 'has-agent');
            await deeds.decide('incident-1', action);
            return [{ id: 'incident-1', limit: 100, retention_ms: KEPT_MS }];
          },
          copes: Object.fromEntries(['a', 'b', 'has-agent'].map((id) => [`ticket:${id}`, stillToSettle(id)])),
        },
      ]),
    ),
  },
  'incidents/unlink': {
    'who is suppressed, and speaks for all': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a', 'b']);
        return [{ id: 'incident-1', ticket: 'a', entry: TICK }];
      },
      copes: { 'ticket:b': answers(['queued']) },
    },
    'who has an agent': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.committed('a', 'ann');
        await deeds.committed('b');
        await deeds.join('incident-1', 'a');
        await deeds.join('incident-1', 'b');
        return [{ id: 'incident-1', ticket: 'a', entry: TICK }];
      },
    },
    'who is the last one of a suspicion': {
      prepare: async (deeds, domain) => {
        await deeds.committed('a');
        await domain.run('storms/write-record', standing('incident-1', { status: 'suspected', joined: ['a'] }));
        return [{ id: 'incident-1', ticket: 'a', entry: TICK }];
      },
    },
    'who is in work, and whose commit has not said so yet': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a']);
        await deeds.noted('b');
        return [{ id: 'incident-1', ticket: 'b', entry: TICK }];
      },
    },
  },
};

/** What the storm log comes to. */
export const SYNC_SCENES: ScenesOf<'storms/write-record' | 'storms/emit-events'> = {
  'storms/write-record': {
    'that is new here, and of which subscribers know from elsewhere': {
      prepare: async (deeds) => {
        await deeds.committed('a');
        return [standing('incident-1', { joined: ['a'], isKnown: true })];
      },
      copes: { 'ticket:a': answers([]) },
    },
    'that is new, around tickets of every kind': {
      prepare: async (deeds) => {
        await allKinds(deeds);
        await deeds.committed('is-severe');
        const joined = ['waits', 'has-agent', 'in-work', ['is-severe', 0.95, '!s']] as const;
        return [standing('incident-1', { joined })];
      },
      copes: {
        'ticket:waits': answers([]),
        ...each(['ticket:has-agent', 'ticket:in-work', 'ticket:is-severe'], answers(['waits'])),
      },
    },
    'that is new, around a ticket that another one held': {
      prepare: async (deeds) => {
        await deeds.incident('incident-0', ['a']);
        await deeds.committed('b');
        return [standing('incident-1', { joined: ['a', 'b'] })];
      },
      copes: {
        'ticket:a': answers(['b']),
        'ticket:b': answers([]),
        'incident:incident-0': answers(['b']),
      },
    },
    'that is quiet, with another who speaks for it': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a', 'b']);
        return [standing('incident-1', { status: 'quiet', epoch: 2, representative: 'b' })];
      },
      copes: each(['ticket:a', 'ticket:b'], answers([])),
    },
    'that was unlinked from, by somebody who comes late': {
      prepare: async (deeds, domain) => {
        await deeds.incident('incident-1', ['a', 'b']);
        await domain.run('incidents/unlink', { id: 'incident-1', ticket: 'a', entry: TICK });
        return [standing('incident-1', { joined: ['a', 'b'], representative: 'a' })];
      },
      copes: each(['ticket:a', 'ticket:b'], answers([])),
    },
    'that a member leaves for another': {
      prepare: async (deeds, domain) => {
        await suspicion(deeds, domain);
        return [standing('incident-1', { status: 'suspected', left: ['waits'], representative: 'has-agent' })];
      },
      copes: each(['ticket:waits', 'ticket:has-agent'], answers([])),
    },
    'that was suspected, and is gone': {
      prepare: async (deeds, domain) => {
        await suspicion(deeds, domain);
        return [standing('incident-1', { status: 'gone', epoch: 2 })];
      },
    },
    'that was suspected, and confirmed when it was gone already': {
      prepare: async (deeds, domain) => {
        await suspicion(deeds, domain);
        await deeds.decide('incident-1', 'confirm');
        return [standing('incident-1', { status: 'gone', epoch: 2 })];
      },
    },
    'that is resolved, of which less was known when it was': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a', 'b']);
        await deeds.decide('incident-1', 'resolve');
        return [standing('incident-1', { status: 'resolved', epoch: 4 })];
      },
    },
  },
  'storms/emit-events': {
    'of which one was kept for its time': {
      prepare: async (deeds, domain) => {
        await deeds.incident('incident-1', ['a']);
        await deeds.decide('incident-1', 'resolve');
        await domain.run('incidents/settle-members', { id: 'incident-1', limit: 100, retention_ms: KEPT_MS });
        await domain.raw('ZADD', 'incidents:ended', 1000, 'incident-1');
        return [{ interval_ms: 60_000 }];
      },
      copes: each(BOOKS('incident-1'), answers([])),
      givenUp: BOOKS('incident-1'),
    },
    'of which one has doubled, and one is open no more': {
      prepare: async (deeds, domain) => {
        await deeds.incident('incident-1', ['a']);
        await deeds.join('incident-1', 'b');
        await deeds.incident('incident-2', ['c']);
        await deeds.decide('incident-2', 'resolve');
        await domain.raw('SADD', 'incidents:growing', 'incident-2');
        return [{ interval_ms: 60_000 }];
      },
      copes: {
        ...each(BOOKS('incident-1'), async (reply, domain) => {
          expect(reply).toEqual(['incident-2']);
          expect((await domain.dump())['outbox']?.[1]).not.toContain('incident.updated:incident-1:2');
        }),
        ...each(BOOKS('incident-2'), answers(['incident-2'])),
      },
    },
  },
};

/** What is shown of incidents. */
export const SHOWN_INCIDENT_SCENES: ScenesOf<
  'incidents/get' | 'incidents/doubtful-members' | 'incidents/list' | 'incidents/members'
> = {
  'incidents/get': {
    'that is known': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a', 'b']);
        return [{ id: 'incident-1' }];
      },
    },
  },
  'incidents/doubtful-members': {
    'of whom there is one among two': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a']);
        await deeds.committed('b');
        await deeds.join('incident-1', 'b', '-l');
        return [{ id: 'incident-1', after_ms: -1, after: '', limit: 10 }];
      },
    },
  },
  'incidents/list': {
    'of which one was kept for its time': {
      prepare: async (deeds, domain) => {
        await deeds.incident('incident-1', ['a']);
        await domain.raw('ZADD', 'incidents', 0, 'incident-0');
        return [{ before: '+inf', limit: 10, status: '' }];
      },
      copes: {
        'incident:incident-0': (reply) => expect(texts(reply)).toHaveLength(2),
        ...each(BOOKS('incident-1'), answers([''])),
      },
    },
  },
  'incidents/members': {
    'of whom there are two': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a', 'b']);
        return [{ id: 'incident-1', after_ms: -1, after: '', limit: 10 }];
      },
    },
  },
};
