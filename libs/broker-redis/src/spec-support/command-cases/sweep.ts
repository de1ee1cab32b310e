import type { LuaReply } from '../../commands/lua-commands';
import { list } from '../../commands/replies';
import { bounds, offer } from '../raw-commands';
import type { Domain } from '../domain';
import { type CasesOf, replies, hasOnly, isQuarantined } from './command-case';

const AGENT_KEYS = [
  ...['agents', 'agents:idle', 'agents:load', 'agents:names', 'agents:version'],
  ...['waiting:Billing', 'waiting:Technical', 'waiting:Legal'],
];

/** Sweeps and recounts. */
export const SWEEP_CASES: CasesOf<'queue/recount-domains' | 'queue/sweep'> = {
  'queue/recount-domains': {
    'of a few tickets': {
      prepare: async (commands, domain) => {
        await commands.accept('without-a-key');
        await domain.run('queue/accept', bounds({ max_of_domain: 9 }), [offer('a', 'normal', '', 'shop web')]);
        return [{ key_count: 1_000_000, pause_ms: 60_000 }];
      },
      tolerates: {
        'ticket:a': replies(0),
        'ticket:without-a-key': replies(0),
        'unfinished:recounted': replies(0),
      },
    },
  },
  'queue/sweep': {
    'of a stalled ticket, one that stalled too often, one in process, and quarantined ones': {
      prepare: async (commands, domain) => {
        for (const id of ['stalled', 'dying', 'claimed']) await commands.claimed(id);
        await domain.raw('HSET', 'ticket:dying', 'stalls', '3');
        await commands.expireLease('stalled');
        await commands.expireLease('dying');
        await commands.accept('queued');
        await domain.raw('RENAME', 'tickets:normal', domain.key('tickets:quarantined'));
        return [{ max_stalls: 3, dead_letters_max: 10 }];
      },
      tolerates: {
        'ticket:stalled': isQuarantined('stalled'),
        'ticket:dying': isQuarantined('dying'),
        'ticket:queued': isQuarantined('queued'),
        'lock:queued': isQuarantined('queued'),
        ...Object.fromEntries(
          ['stalled', 'dying', 'claimed'].map((id) => [
            `lock:${id}`,
            async (_: LuaReply, domain: Domain) =>
              expect((await domain.dump())['tickets:processing']?.[1]).toContain(id),
          ]),
        ),
      },
    },
    'of a quarantined waiting ticket, with a free agent': {
      prepare: async (commands, domain) => {
        await commands.committed('a');
        await domain.raw('DEL', 'waiting:Billing');
        await domain.raw('RPUSH', 'tickets:quarantined', 'a');
        await commands.agent('ann', 1);
        return [{ max_stalls: 3, dead_letters_max: 10 }];
      },
      tolerates: {
        'ticket:a': isQuarantined('a'),
        'agent:ann:tickets': hasOnly('waiting:Billing', 'a'),
        // The remaining lease is not checked.
        'lock:a': (reply) => expect(list(reply)[0]).toBe(1),
        // Tickets of dead workers come back, whatever is corrupt about the agents.
        ...Object.fromEntries(AGENT_KEYS.map((key) => [key, isQuarantined('a')])),
      },
    },
  },
};
