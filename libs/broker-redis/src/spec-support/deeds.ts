import { aDecision, anAgentInput } from '@smart-support/testing';
import type { LuaArgument, LuaReply } from '../commands/lua-commands';
import { list, named, text } from '../commands/replies';
import { contentHash, decisionField, inputField } from '../records/ticket-fields';
import { profileField } from '../roster/agent-facts';
import type { Domain } from './domain';

/** For how long a worker holds what it took, where nothing else is said. */
export const LEASE_MS = 60_000;

/** For how long what is done is kept. */
export const KEPT_MS = 60_000;

/** A time that never comes: nothing is quiet for so long. */
export const FOREVER_MS = 100_000_000_000_000;

/** An entry of the storm log, where it does not matter which. */
export const TICK = '{"kind":"tick"}';

const DAY_MS = 86_400_000;
const TEXT = 'Please look into this matter.';

/** Arguments of `accept` for one ticket; its name is `idempotency:<key>` or `duplicate:<key>`, its source `<trust domain> <API key>`. */
export const offer = (id: string, lane = 'normal', name = '', source = ''): readonly LuaArgument[] => [
  id,
  name,
  contentHash({ text: TEXT }),
  source === '' ? lane : `${lane} ${source}`,
  0.3,
  inputField({ text: TEXT, requester: 'eve' }),
];

/** What a decision says of a ticket's incident. */
interface PartInStorm {
  readonly incident: string;
  readonly epoch: number;
  readonly routing: 'routed' | 'suppressed';
  /** As `memberMark` gives it; '-' where it is left out. */
  readonly mark?: string;
}

/** What `commit` takes for one ticket: which of the agents told come first, and which lack only a slot. */
export const decision = (id: string, candidates: string, busy = '', part?: PartInStorm): readonly LuaArgument[] => [
  id,
  `token-${id}`,
  'Billing',
  0.9,
  1000,
  decisionField(aDecision({ category: 'Billing', urgency_score: 0.9 })),
  `ticket.urgent:${id}`,
  `{"type":"ticket.urgent","data":{"id":"${id}",`,
  part?.incident ?? '',
  part?.epoch ?? '',
  1,
  part?.routing ?? 'routed',
  part?.mark ?? '-',
  '[]',
  candidates,
  busy,
];

/** How an incident stands by the storm log. */
interface Standing {
  readonly status?: 'suspected' | 'open' | 'quiet' | 'resolved' | 'rejected' | 'gone';
  readonly epoch?: number;
  /** Those who joined by what was told last, with their marks. */
  readonly joined?: readonly (string | readonly [id: string, similarity: number, mark: string])[];
  readonly left?: readonly string[];
  /** The first of those who joined, if it is not said. */
  readonly representative?: string;
  /** Whether subscribers know of it, from elsewhere. */
  readonly isTold?: boolean;
}

/** Arguments of `sync-incident`. */
export function standing(
  id: string,
  { status = 'open', epoch = 1, joined = [], left = [], representative, isTold = false }: Standing,
): LuaArgument[] {
  const members = joined.map((one) => (typeof one === 'string' ? ([one, 0.9, '-'] as const) : one));
  const speaks = representative ?? members[0]?.[0] ?? '';
  const isOver = status === 'resolved' || status === 'rejected';
  const times = [status === 'suspected' ? '' : 1000, 1000, isOver ? 2000 : ''];
  const known = [id, epoch, status, 'It broke', '0', ...times, '', speaks, FOREVER_MS];
  return [...known, isTold ? '1' : '0', '0', left.length, ...left, ...members.flat()];
}

/** Names of the keys in which an incident is kept, those of its members still to be settled included. */
export const BOOKS = (id: string): readonly string[] =>
  ['', ':members', ':likeness', ':requesters', ':counted', ':unsettled'].map((end) => `incident:${id}${end}`);

/** Commands as raw as they reach Lua, with arguments that suit each other. Every claim's token is `token-` and the ticket's id. */
export class Deeds {
  constructor(private readonly domain: Domain) {}

  /** Offers tickets of the normal lane. */
  accept(...ids: string[]): Promise<LuaReply> {
    return this.domain.run('accept', 1000, DAY_MS, DAY_MS, '', '', 1000, '', ...ids.flatMap((id) => offer(id)));
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
    const [, reply] = list(await this.domain.run('commit', KEPT_MS, await this.version(), ...told, ...ranking));
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

  /** A ticket in work that is in the storm log. */
  async noted(id: string): Promise<void> {
    await this.claimed(id);
    await this.domain.run('storm-append', '', 1, TICK, '', id, `token-${id}`, TICK, '');
  }

  /** An open incident around tickets that wait for its end, of which the first speaks for all. */
  async incident(id: string, ticketIds: readonly string[]): Promise<void> {
    for (const ticketId of ticketIds) await this.committed(ticketId);
    await this.domain.run('sync-incident', ...standing(id, { joined: ticketIds }));
  }

  /** Makes a ticket a member of an incident that is open, or opens it around that ticket. */
  join(id: string, ticketId: string, mark = '-'): Promise<LuaReply> {
    return this.domain.run('sync-incident', ...standing(id, { joined: [[ticketId, 0.9, mark]] }));
  }

  /** An operator decides about an incident, whose members are still to be settled. */
  end(id: string, status: 'open' | 'resolved' | 'rejected', completeDoubtful = false): Promise<LuaReply> {
    return this.domain.run('decide-incident', id, status, TICK, completeDoubtful ? '1' : '0');
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
