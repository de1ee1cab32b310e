import { aDecision, anAgentInput } from '@smart-support/testing';
import { newRecord } from '../../new-record';
import type { LuaArgument, LuaReply } from '../commands/lua-commands';
import type { Command } from '../commands/lua-source';
import { list, named, texts } from '../commands/replies';
import { decided, fieldsOf } from '../records/ticket-fields';
import { profileField } from '../roster/agent-facts';
import type { Domain } from './domain';
import { type Deeds, decision, offer } from './deeds';

const LEASE_MS = 60_000;

/** What a command does instead of refusing, where one damaged key is no reason to stop; throws if it does not. */
export type Check = (reply: LuaReply, domain: Domain) => void | Promise<void>;

/** One way to meet a command, with everything there that it may touch. */
export interface Scene {
  /** Prepares everything that the command shall meet; returns its arguments. */
  readonly prepare: (deeds: Deeds, domain: Domain) => Promise<readonly LuaArgument[]>;
  /** By key: where the command does not refuse as damaged. */
  readonly copes?: Readonly<Record<string, Check>>;
  /** Keys that are given up for good when they are damaged, so that mending them afterwards is too late. */
  readonly givenUp?: readonly string[];
}

const inThePlace =
  (place: string, id: string): Check =>
  async (_reply, domain) => {
    const entries = (await domain.dump())[place]?.[1] as readonly (string | readonly string[])[];
    expect(entries.map((entry) => (typeof entry === 'string' ? entry : entry[0]))).toEqual([id]);
  };
const putAside = (id: string): Check => inThePlace('tickets:stray', id);
const answers =
  (expected: unknown): Check =>
  (reply) =>
    expect(reply).toEqual(expected);

/** What becomes of each ticket of a commit. */
const eachIs =
  (...expected: readonly string[]): Check =>
  (reply) =>
    expect(
      list(reply)
        .slice(1)
        .map((one) => named(one)[0]),
    ).toEqual(expected);
/** Where both tickets would have to write: neither changes. */
const bothRefused = (...places: readonly string[]): Record<string, Check> =>
  Object.fromEntries(
    places.map((place) => [
      place,
      async (reply, domain) => {
        await eachIs('damaged', 'damaged')(reply, domain);
        expect((await domain.dump())['tickets:processing']?.[1]).toEqual(['a', 'b']);
      },
    ]),
  );

const AGENT_KEYS = [
  ...['agents', 'agents:idle', 'agents:load', 'agents:names', 'agents:version'],
  ...['waiting:Billing', 'waiting:Technical', 'waiting:Legal'],
];

/** What was decided elsewhere about a ticket, as `adopt` takes it. */
function adoption(id: string, status: 'assigned' | 'waiting' | 'completed' | 'dead', agent = ''): LuaArgument[] {
  const { ticket, explanation, channel, metadata } = newRecord(
    { id, input: { text: 'x' }, lane: 'normal', lane_urgency: 0.2 },
    '2030-01-01T00:00:00.000Z',
  );
  const decision = aDecision();
  const record = {
    ticket: { ...ticket, ...decided(decision), status, assigned_agent: agent === '' ? null : agent },
    explanation: {
      ...explanation,
      ...decision.explanation,
      assignment: { how: 'waiting' as const, decided_at: ticket.received_at, agent_id: null, agents: [] },
    },
    channel,
    metadata,
  };
  const death = {
    ticket_id: id,
    error: { code: 'c', message: 'm' },
    attempts: 1,
    stalls: 0,
    died_at: ticket.received_at,
  };
  const written = fieldsOf(record, 1, status === 'dead' ? death : undefined);
  return [id, status, 'Billing', agent, 1000, 1, 'key', 1000, `ticket.urgent:${id}`, '{}', 0, 1, ...written];
}

/** Agents with a slot and a line behind them: whoever gets a slot now has somebody to take. */
async function twoInLine(deeds: Deeds): Promise<void> {
  await deeds.committed('first');
  await deeds.committed('second');
}

/** For every command, scenes in which it does all that it can do. */
export const SCENES: Readonly<Record<Command, Readonly<Record<string, Scene>>>> = {
  accept: {
    'of two new tickets': {
      prepare: async () => [10, 1000, ...offer('a', 'urgent', 'key'), ...offer('b')],
      copes: {
        'ticket:a': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['damaged', 'accepted']),
        'ticket:b': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['accepted', 'damaged']),
        'idempotency:key': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['damaged', 'accepted']),
      },
    },
    'of a repeated ticket': {
      prepare: async (_deeds, domain) => {
        await domain.run('accept', 10, 60_000, ...offer('a', 'normal', 'key'));
        return [10, 60_000, ...offer('again', 'normal', 'key'), ...offer('a')];
      },
      copes: {
        'ticket:a': answers([['damaged'], ['damaged']]),
        'idempotency:key': (reply) => expect(list(reply).map((one) => named(one)[0])).toEqual(['damaged', 'repeated']),
      },
    },
  },
  adopt: {
    'of a ticket with an agent': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        return adoption('a', 'assigned', 'ann');
      },
      copes: { 'ticket:a': answers(['known']), 'idempotency:key': (reply) => expect(named(reply)[0]).toBe('adopted') },
    },
    'of a ticket in line, with somebody to take it': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        return adoption('a', 'waiting');
      },
      copes: {
        'ticket:a': answers(['known']),
        'idempotency:key': (reply) => expect(named(reply)[0]).toBe('adopted'),
        // Nobody else's ticket has to wait elsewhere because of one agent.
        'agent:ann:tickets': answers(['adopted', 'waiting', [], []]),
      },
    },
    'of a completed ticket': {
      prepare: async () => adoption('a', 'completed'),
      copes: { 'ticket:a': answers(['known']), 'idempotency:key': (reply) => expect(named(reply)[0]).toBe('adopted') },
    },
    'of a dead ticket, which another must make room for': {
      prepare: async (deeds, domain) => {
        await domain.run('accept', 10, 60_000, ...offer('old', 'normal', 'old-key'));
        await deeds.claim('old');
        await deeds.fail('old', false);
        return adoption('a', 'dead');
      },
      copes: {
        'ticket:a': answers(['known']),
        'idempotency:key': (reply) => expect(named(reply)[0]).toBe('adopted'),
        'ticket:old': answers(['adopted', 'dead', [], ['old']]),
        'idempotency:old-key': answers(['adopted', 'dead', [], ['old']]),
      },
      givenUp: ['ticket:old'],
    },
  },
  'announce-worker': {
    'of a worker that lives': { prepare: async () => ['w', '{"worker_id":"w"}', 60_000] },
    'of a worker that leaves': {
      prepare: async (_deeds, domain) => {
        await domain.run('announce-worker', 'w', '{"worker_id":"w"}', 60_000);
        return ['w', '', 0];
      },
    },
  },
  claim: {
    'of tickets of both lanes and of one whose retry is due': {
      prepare: async (deeds, domain) => {
        await deeds.agent('ann', 1);
        await deeds.claimed('back');
        await deeds.fail('back', true);
        await deeds.accept('a', 'b');
        await domain.run('accept', 1000, 1000, ...offer('u', 'urgent'));
        return [10, LEASE_MS, 'token-', 'unknown'];
      },
      copes: Object.fromEntries(
        ['a', 'b', 'u', 'back'].flatMap((id) => [
          [`ticket:${id}`, putAside(id)],
          [`lock:${id}`, putAside(id)],
        ]),
      ),
    },
  },
  'claim-by-id': {
    'of a queued ticket': {
      prepare: async (deeds) => {
        await deeds.accept('a');
        return ['a', LEASE_MS, 'token-a'];
      },
      copes: { 'ticket:a': answers([]) },
    },
  },
  'claim-events': {
    'of one that is due': {
      prepare: async (deeds) => {
        await deeds.committed('a');
        return [10, LEASE_MS];
      },
    },
  },
  commit: {
    'of two tickets for an agent': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 2);
        await deeds.claimed('a');
        await deeds.claimed('b');
        return [await deeds.version(), 1, 'ann', 2, ...decision('a', '1'), ...decision('b', '1')];
      },
      copes: {
        'ticket:a': eachIs('damaged', 'assigned'),
        'ticket:b': eachIs('assigned', 'damaged'),
        'lock:a': eachIs('damaged', 'assigned'),
        'lock:b': eachIs('assigned', 'damaged'),
        ...bothRefused('agent:ann:tickets', 'outbox', 'outbox:attempts', 'outbox:bodies', 'outbox:created'),
      },
    },
    'of two tickets for the line': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 0);
        await deeds.claimed('a');
        await deeds.claimed('b');
        return [await deeds.version(), 1, 'ann', 0, ...decision('a', '', '1'), ...decision('b', '', '1')];
      },
      copes: {
        'ticket:a': eachIs('damaged', 'waiting'),
        'ticket:b': eachIs('waiting', 'damaged'),
        'lock:a': eachIs('damaged', 'waiting'),
        'lock:b': eachIs('waiting', 'damaged'),
        ...bothRefused('waiting:Billing', 'outbox', 'outbox:attempts', 'outbox:bodies', 'outbox:created'),
      },
    },
  },
  complete: {
    'with somebody in line': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.committed('a', 'ann');
        await twoInLine(deeds);
        return ['a', '{"category":"Legal"}', 60_000];
      },
      copes: { 'ticket:first': putAside('first') },
    },
  },
  fail: {
    'that can be healed': {
      prepare: async (deeds) => {
        await deeds.claimed('a');
        return ['a', 'token-a', 'timeout', 'Too slow', '1', 5, 10, 60_000];
      },
    },
    'that cannot, which another must make room for': {
      prepare: async (deeds) => {
        await deeds.dead('old');
        await deeds.claimed('a');
        return ['a', 'token-a', 'poison', 'It broke', '0', 5, 1, 60_000];
      },
      copes: { 'ticket:old': answers(['dead', ['old']]) },
      givenUp: ['ticket:old'],
    },
  },
  heartbeat: {
    'of two claims': {
      prepare: async (deeds) => {
        await deeds.claimed('a');
        await deeds.claimed('b');
        return [LEASE_MS, 'a', 'token-a', 'b', 'token-b'];
      },
      copes: { 'lock:a': answers(['a']), 'lock:b': answers(['b']) },
    },
  },
  'list-agents': {
    'of one who has a ticket': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.committed('a', 'ann');
        return ['unknown'];
      },
    },
  },
  'list-dead': {
    'of two': {
      prepare: async (deeds) => {
        await deeds.dead('a');
        await deeds.dead('b');
        return [0, 10];
      },
      copes: Object.fromEntries(
        ['a', 'b'].map((id) => [
          `ticket:${id}`,
          (reply) => {
            const letters = named(reply)
              .slice(1)
              .map((letter) => texts(letter).slice(1, 3));
            expect(letters).toEqual(['a', 'b'].map((each) => [each, each === id ? 'damaged' : 'poison']));
          },
        ]),
      ),
    },
  },
  'list-open-tickets': {
    'of an agent who has two': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 2);
        await deeds.committed('a', 'ann');
        await deeds.committed('b', 'ann');
        return ['ann'];
      },
      copes: {
        'ticket:a': answers(['known', ['a', '', 'b', 'Billing']]),
        'ticket:b': answers(['known', ['a', 'Billing', 'b', '']]),
      },
    },
  },
  'list-workers': {
    'of one who lives and one who is silent': {
      prepare: async (_deeds, domain) => {
        await domain.run('announce-worker', 'lives', '{"worker_id":"lives"}', 60_000);
        await domain.run('announce-worker', 'silent', '{"worker_id":"silent"}', -1);
        return [];
      },
    },
  },
  'next-work': {
    'with one that rests': {
      prepare: async (deeds, domain) => {
        await deeds.claimed('a');
        await domain.run('fail', 'a', 'token-a', 'timeout', 'Too slow', '1', 5, 10, 60_000);
        return [];
      },
    },
    'with one that is queued': {
      prepare: async (deeds) => {
        await deeds.accept('a');
        return [];
      },
    },
  },
  'pass-on': {
    'to another agent': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.agent('ben', 1);
        await deeds.committed('a', 'ann');
        return ['a', 'ann', await deeds.version(), 'Billing', '[]', '2', '', 2, 'ann', 1, 'ben', 1];
      },
    },
    'into line': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.committed('a', 'ann');
        return ['a', 'ann', await deeds.version(), 'Billing', '[]', '', '', 1, 'ann', 1];
      },
    },
  },
  'put-agent': {
    'with a line to take from': {
      prepare: async (deeds) => {
        await deeds.agent('ben', 0);
        await twoInLine(deeds);
        return ['ann', profileField(anAgentInput({ capacity: 1 })), 'Ann'];
      },
      copes: { 'ticket:first': putAside('first') },
    },
  },
  'put-off-event': {
    'that is in hand': {
      prepare: async (deeds, domain) => {
        await deeds.committed('a');
        await domain.run('claim-events', 10, LEASE_MS);
        return ['ticket.urgent:a', 1, 60_000];
      },
    },
  },
  release: {
    'of a claim': {
      prepare: async (deeds) => {
        await deeds.claimed('a');
        return ['a', 'token-a'];
      },
    },
  },
  'remove-agent': {
    'who has nothing': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        return ['ann'];
      },
    },
  },
  'remove-dead': {
    'with an idempotency key': {
      prepare: async (deeds, domain) => {
        await domain.run('accept', 10, 60_000, ...offer('a', 'normal', 'key'));
        await deeds.claim('a');
        await deeds.fail('a', false);
        return ['a'];
      },
      copes: { 'ticket:a': answers(['removed']), 'idempotency:key': answers(['removed']) },
      givenUp: ['ticket:a'],
    },
  },
  report: {
    'with something everywhere': {
      prepare: async (deeds) => {
        await deeds.agent('ann', 1);
        await deeds.dead('dead');
        await deeds.committed('waits');
        await deeds.committed('served', 'ann').catch(() => undefined);
        await deeds.accept('a', 'b');
        return [];
      },
      copes: { 'ticket:a': (reply) => expect(texts(reply).slice(0, 2)).toEqual(['0', '2']) },
    },
  },
  'retry-dead': {
    'of one': {
      prepare: async (deeds) => {
        await deeds.dead('a');
        return ['a'];
      },
    },
  },
  'seed-agents': {
    'with a line to take from': {
      prepare: async (deeds) => {
        await twoInLine(deeds);
        const profile = profileField(anAgentInput({ capacity: 1 }));
        return ['ann', profile, 'Ann', 'ben', profile, 'Ben'];
      },
      copes: { 'ticket:first': putAside('first'), 'ticket:second': putAside('second') },
    },
  },
  'settle-event': {
    'that was delivered': {
      prepare: async (deeds) => {
        await deeds.committed('a');
        return ['ticket.urgent:a'];
      },
    },
  },
  sweep: {
    'of one that stalled, one that stalled too often, one that is in work, and strays': {
      prepare: async (deeds, domain) => {
        for (const id of ['stalled', 'dying', 'in-work']) await deeds.claimed(id);
        await domain.raw('HSET', 'ticket:dying', 'stalls', '3');
        await deeds.vanish('stalled');
        await deeds.vanish('dying');
        await deeds.accept('queued');
        await domain.raw('RENAME', 'tickets:normal', domain.key('tickets:stray'));
        return [3, 10];
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
        await domain.raw('RPUSH', 'tickets:stray', 'a');
        await deeds.agent('ann', 1);
        return [3, 10];
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
