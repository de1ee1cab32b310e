import { aDecision, anAgentInput } from '@smart-support/testing';
import type { LuaReply } from '../commands/lua-commands';
import { list, named, text } from '../commands/replies';
import { decisionField, inputField, textHash } from '../records/ticket-fields';
import { profileField } from '../roster/agent-facts';
import type { Domain } from './domain';

const LEASE_MS = 60_000;
const DAY_MS = 86_400_000;
const TEXT = 'Please look into this matter.';

/** Arguments of `accept` for one ticket. */
export const offer = (id: string, lane = 'normal', idempotencyKey = ''): readonly (string | number)[] => [
  id,
  idempotencyKey,
  textHash(TEXT),
  lane,
  0.3,
  inputField({ text: TEXT }),
];

/** What `commit` takes for one ticket: which of the agents told come first, and which lack only a slot. */
export const decision = (id: string, candidates: string, busy = ''): readonly (string | number)[] => [
  id,
  `token-${id}`,
  'Billing',
  0.9,
  1000,
  decisionField(aDecision({ category: 'Billing', urgency_score: 0.9 })),
  `ticket.urgent:${id}`,
  `{"type":"ticket.urgent","data":{"id":"${id}",`,
  '[]',
  candidates,
  busy,
];

/** Commands as raw as they reach Lua, with arguments that suit each other. Every claim's token is `token-` and the ticket's id. */
export class Deeds {
  constructor(private readonly domain: Domain) {}

  /** Offers tickets of the normal lane. */
  accept(...ids: string[]): Promise<LuaReply> {
    return this.domain.run('accept', 1000, DAY_MS, ...ids.flatMap((id) => offer(id)));
  }

  /** Takes one ticket into work. */
  claim(id: string, leaseMs = LEASE_MS): Promise<LuaReply> {
    return this.domain.run('claim-by-id', id, leaseMs, `token-${id}`);
  }

  /** Offers a ticket and takes it into work. */
  async claimed(id: string, leaseMs = LEASE_MS): Promise<void> {
    await this.accept(id);
    await this.claim(id, leaseMs);
  }

  /** Adds or changes an agent who can do everything. */
  agent(id: string, capacity: number): Promise<LuaReply> {
    return this.domain.run('put-agent', id, profileField(anAgentInput({ capacity })), `Name of ${id}`);
  }

  /** Version of the roster. */
  async version(): Promise<string> {
    return text(((await this.domain.raw('GET', 'agents:version')) as string | null) ?? '0');
  }

  /** Decides about a ticket in work: for an agent, or for the line if there is none. With an event, under the ticket's id. */
  async commit(id: string, agent?: string, capacity = 10): Promise<LuaReply> {
    const told = agent === undefined ? [0] : [1, agent, capacity];
    const ranking = decision(id, agent === undefined ? '' : '1');
    const [, reply] = list(await this.domain.run('commit', await this.version(), ...told, ...ranking));
    return reply ?? null;
  }

  /** A ticket that an agent has, or that waits. */
  async committed(id: string, agent?: string): Promise<void> {
    await this.claimed(id);
    const [name] = named(await this.commit(id, agent));
    if (name !== (agent === undefined ? 'waiting' : 'assigned')) throw new Error(`The commit of ${id} was ${name}`);
  }

  /** Gives a ticket in work back after an error that can, or cannot, be healed. */
  fail(id: string, retryable: boolean, mostDead = 1000): Promise<LuaReply> {
    return this.domain.run(
      'fail',
      id,
      `token-${id}`,
      'poison',
      'It broke',
      retryable ? '1' : '0',
      3,
      mostDead,
      0,
      0,
      0,
    );
  }

  /** A ticket that died. */
  async dead(id: string): Promise<void> {
    await this.claimed(id);
    await this.fail(id, false);
  }

  /** Makes a claim look as if its worker had vanished. */
  async vanish(id: string): Promise<void> {
    await this.domain.raw('DEL', `lock:${id}`);
  }

  /** Takes back what can be taken back. */
  sweep(mostStalls = 10): Promise<LuaReply> {
    return this.domain.run('sweep', mostStalls, 1000);
  }
}
