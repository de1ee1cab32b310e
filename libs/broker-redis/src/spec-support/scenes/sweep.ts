import type { LuaReply } from '../../commands/lua-commands';
import { list } from '../../commands/replies';
import { bounds, offer } from '../raw-commands';
import type { Domain } from '../domain';
import { type ScenesOf, answers, inThePlace, putAside } from './scene';

const AGENT_KEYS = [
  ...['agents', 'agents:idle', 'agents:load', 'agents:names', 'agents:version'],
  ...['waiting:Billing', 'waiting:Technical', 'waiting:Legal'],
];

/** What comes back by itself. */
export const SWEEP_SCENES: ScenesOf<'queue/recount-domains' | 'queue/sweep'> = {
  'queue/recount-domains': {
    'of a few tickets': {
      prepare: async (deeds, domain) => {
        await deeds.accept('without-a-key');
        await domain.run('queue/accept', bounds({ max_of_domain: 9 }), [offer('a', 'normal', '', 'shop web')]);
        return [{ key_count: 1_000_000, pause_ms: 60_000 }];
      },
      copes: {
        'ticket:a': answers(0),
        'ticket:without-a-key': answers(0),
        'unfinished:recounted': answers(0),
      },
    },
  },
  'queue/sweep': {
    'of one that stalled, one that stalled too often, one that is in work, and strays': {
      prepare: async (deeds, domain) => {
        for (const id of ['stalled', 'dying', 'in-work']) await deeds.claimed(id);
        await domain.raw('HSET', 'ticket:dying', 'stalls', '3');
        await deeds.vanish('stalled');
        await deeds.vanish('dying');
        await deeds.accept('queued');
        await domain.raw('RENAME', 'tickets:normal', domain.key('tickets:quarantined'));
        return [{ max_stalls: 3, dead_letters_max: 10 }];
      },
      copes: {
        'ticket:stalled': putAside('stalled'),
        'ticket:dying': putAside('dying'),
        'ticket:queued': putAside('queued'),
        'lock:queued': putAside('queued'),
        ...Object.fromEntries(
          ['stalled', 'dying', 'in-work'].map((id) => [
            `lock:${id}`,
            async (_: LuaReply, domain: Domain) =>
              expect((await domain.dump())['tickets:processing']?.[1]).toContain(id),
          ]),
        ),
      },
    },
    'of a stray that waited, with somebody to take it': {
      prepare: async (deeds, domain) => {
        await deeds.committed('a');
        await domain.raw('DEL', 'waiting:Billing');
        await domain.raw('RPUSH', 'tickets:quarantined', 'a');
        await deeds.agent('ann', 1);
        return [{ max_stalls: 3, dead_letters_max: 10 }];
      },
      copes: {
        'ticket:a': putAside('a'),
        'agent:ann:tickets': inThePlace('waiting:Billing', 'a'),
        // What is left of its time in work is of no interest.
        'lock:a': (reply) => expect(list(reply)[0]).toBe(1),
        // Whatever is wrong with the agents, tickets of vanished workers come back.
        ...Object.fromEntries(AGENT_KEYS.map((key) => [key, putAside('a')])),
      },
    },
  },
};
