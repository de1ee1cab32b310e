import { texts } from '../../commands/replies';
import { type Deeds, BOOKS, FOREVER_MS, KEPT_MS, TICK, standing } from '../deeds';
import type { Domain } from '../domain';
import { type Check, type ScenesOf, answers, each } from './scene';

/** One who waits, one with an agent, one in work. */
async function allKinds(deeds: Deeds): Promise<void> {
  await deeds.agent('ann', 1);
  await deeds.committed('has-agent', 'ann');
  await deeds.committed('waits');
  await deeds.claimed('in-work');
}

/** A suspicion around {@link allKinds}. */
async function suspicion(deeds: Deeds, domain: Domain): Promise<void> {
  await allKinds(deeds);
  const joined = ['waits', 'has-agent', 'in-work'];
  await domain.run('sync-incident', ...standing('incident-1', { status: 'suspected', joined }));
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
export const OPERATOR_SCENES: ScenesOf<'decide-incident' | 'open-incident' | 'settle-members' | 'unlink-member'> = {
  'decide-incident': {
    'that was suspected, and is one': {
      prepare: async (deeds, domain) => {
        await suspicion(deeds, domain);
        return ['incident-1', 'open', TICK, '0'];
      },
    },
    'that is mended': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a', 'b']);
        return ['incident-1', 'resolved', TICK, '0'];
      },
    },
    'that was none': {
      prepare: async (deeds, domain) => {
        await deeds.incident('incident-1', ['a', 'b']);
        await domain.run('sync-incident', ...standing('incident-1', { status: 'quiet', epoch: 2 }));
        return ['incident-1', 'rejected', TICK, '0'];
      },
    },
  },
  'open-incident': {
    'around tickets of every kind': {
      prepare: async (deeds, domain) => {
        await deeds.incident('incident-0', ['is-done']);
        await deeds.end('incident-0', 'resolved');
        await domain.run('settle-members', 'incident-0', 100, KEPT_MS);
        await allKinds(deeds);
        return ['incident-1', 'Mail is down', TICK, FOREVER_MS, 'waits', 'has-agent', 'in-work', 'is-done'];
      },
    },
  },
  'settle-members': {
    'of one that was confirmed': {
      prepare: async (deeds, domain) => {
        await suspicion(deeds, domain);
        await deeds.end('incident-1', 'open');
        return ['incident-1', 100, KEPT_MS];
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
        await deeds.end('incident-1', 'resolved');
        return ['incident-1', 100, KEPT_MS];
      },
      copes: Object.fromEntries(['a', 'b', 'has-agent'].map((id) => [`ticket:${id}`, stillToSettle(id)])),
    },
    ...Object.fromEntries(
      (['resolved', 'rejected'] as const).map((status) => [
        `of one that was ${status}`,
        {
          prepare: async (deeds: Deeds) => {
            await deeds.agent('ann', 1);
            await deeds.committed('has-agent', 'ann');
            await deeds.incident('incident-1', ['a', 'b']);
            await deeds.join('incident-1', 'has-agent');
            await deeds.end('incident-1', status);
            return ['incident-1', 100, KEPT_MS];
          },
          copes: Object.fromEntries(['a', 'b', 'has-agent'].map((id) => [`ticket:${id}`, stillToSettle(id)])),
        },
      ]),
    ),
  },
  'unlink-member': {
    'who is suppressed, and speaks for all': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a', 'b']);
        return ['incident-1', 'a', TICK];
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
        return ['incident-1', 'a', TICK];
      },
    },
    'who is the last one of a suspicion': {
      prepare: async (deeds, domain) => {
        await deeds.committed('a');
        await domain.run('sync-incident', ...standing('incident-1', { status: 'suspected', joined: ['a'] }));
        return ['incident-1', 'a', TICK];
      },
    },
    'who is in work, and whose commit has not said so yet': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a']);
        await deeds.noted('b');
        return ['incident-1', 'b', TICK];
      },
    },
  },
};

/** What the storm log comes to. */
export const SYNC_SCENES: ScenesOf<'sync-incident' | 'emit-incident-events'> = {
  'sync-incident': {
    'that is new here, and of which subscribers know from elsewhere': {
      prepare: async (deeds) => {
        await deeds.committed('a');
        return standing('incident-1', { joined: ['a'], isTold: true });
      },
      copes: { 'ticket:a': answers([]) },
    },
    'that is new, around tickets of every kind': {
      prepare: async (deeds) => {
        await allKinds(deeds);
        await deeds.committed('is-severe');
        const joined = ['waits', 'has-agent', 'in-work', ['is-severe', 0.95, '!s']] as const;
        return standing('incident-1', { joined });
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
        return standing('incident-1', { joined: ['a', 'b'] });
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
        return standing('incident-1', { status: 'quiet', epoch: 2, representative: 'b' });
      },
      copes: each(['ticket:a', 'ticket:b'], answers([])),
    },
    'that was unlinked from, by somebody who comes late': {
      prepare: async (deeds, domain) => {
        await deeds.incident('incident-1', ['a', 'b']);
        await domain.run('unlink-member', 'incident-1', 'a', TICK);
        return standing('incident-1', { joined: ['a', 'b'], representative: 'a' });
      },
      copes: each(['ticket:a', 'ticket:b'], answers([])),
    },
    'that a member leaves for another': {
      prepare: async (deeds, domain) => {
        await suspicion(deeds, domain);
        return standing('incident-1', { status: 'suspected', left: ['waits'], representative: 'has-agent' });
      },
      copes: each(['ticket:waits', 'ticket:has-agent'], answers([])),
    },
    'that was suspected, and is gone': {
      prepare: async (deeds, domain) => {
        await suspicion(deeds, domain);
        return standing('incident-1', { status: 'gone', epoch: 2 });
      },
    },
    'that was suspected, and confirmed when it was gone already': {
      prepare: async (deeds, domain) => {
        await suspicion(deeds, domain);
        await deeds.end('incident-1', 'open');
        return standing('incident-1', { status: 'gone', epoch: 2 });
      },
    },
    'that is resolved, of which less was known when it was': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a', 'b']);
        await deeds.end('incident-1', 'resolved');
        return standing('incident-1', { status: 'resolved', epoch: 4 });
      },
    },
  },
  'emit-incident-events': {
    'of which one was kept for its time': {
      prepare: async (deeds, domain) => {
        await deeds.incident('incident-1', ['a']);
        await deeds.end('incident-1', 'resolved');
        await domain.run('settle-members', 'incident-1', 100, KEPT_MS);
        await domain.raw('ZADD', 'incidents:ended', 1000, 'incident-1');
        return [60_000];
      },
      copes: each(BOOKS('incident-1'), answers([])),
      givenUp: BOOKS('incident-1'),
    },
    'of which one has doubled, and one is open no more': {
      prepare: async (deeds, domain) => {
        await deeds.incident('incident-1', ['a']);
        await deeds.join('incident-1', 'b');
        await deeds.incident('incident-2', ['c']);
        await deeds.end('incident-2', 'resolved');
        await domain.raw('SADD', 'incidents:growing', 'incident-2');
        return [60_000];
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
  'get-incident' | 'list-doubtful-members' | 'list-incidents' | 'list-members'
> = {
  'get-incident': {
    'that is known': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a', 'b']);
        return ['incident-1'];
      },
    },
  },
  'list-doubtful-members': {
    'of whom there is one among two': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a']);
        await deeds.committed('b');
        await deeds.join('incident-1', 'b', '-l');
        return ['incident-1', -1, '', 10];
      },
    },
  },
  'list-incidents': {
    'of which one was kept for its time': {
      prepare: async (deeds, domain) => {
        await deeds.incident('incident-1', ['a']);
        await domain.raw('ZADD', 'incidents', 0, 'incident-0');
        return ['+inf', 10, ''];
      },
      copes: {
        'incident:incident-0': (reply) => expect(texts(reply)).toHaveLength(2),
        ...each(BOOKS('incident-1'), answers([''])),
      },
    },
  },
  'list-members': {
    'of whom there are two': {
      prepare: async (deeds) => {
        await deeds.incident('incident-1', ['a', 'b']);
        return ['incident-1', -1, '', 10];
      },
    },
  },
};
