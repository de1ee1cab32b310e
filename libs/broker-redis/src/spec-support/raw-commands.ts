import type { OperatorDecision } from '@smart-support/contracts';
import { aDecision, anAgentInput } from '@smart-support/testing';
import type { Call } from '../commands/command-table';
import type { LuaReply } from '../commands/lua-commands';
import { list, named, text } from '../commands/replies';
import { requesterField } from '../records/index-columns';
import { contentHash, decisionField, inputField } from '../records/ticket-fields';
import { profileField } from '../roster/agent-facts';
import type { Domain } from './domain';

/** Lease of a claim by default. */
export const LEASE_MS = 60_000;

/** Retention of what is finished. */
export const KEPT_MS = 60_000;

/** A time that never passes. */
export const FOREVER_MS = 100_000_000_000_000;

/** Any entry of the storm log. */
export const TICK = '{"kind":"tick"}';

const DAY_MS = 86_400_000;
const TEXT = 'Please look into this matter.';

/** Arguments of `accept` beside the tickets. */
export const bounds = (some: Partial<Call<'queue/accept'>[0]> = {}): Call<'queue/accept'>[0] => ({
  queue_max: 10,
  idempotency_ms: 60_000,
  duplicate_ms: 60_000,
  max_bytes: '',
  known_free_bytes: '',
  max_of_domain: 1000,
  share_of_bytes: '',
  // Of more tickets than any call offers.
  requesters: requesterField('eve').repeat(1000),
  ...some,
});

/** One ticket for `accept`; its name is `idempotency:<key>` or `duplicate:<key>`, its source `<trust domain> <API key>`. */
export const offer = (id: string, lane = 'normal', name = '', source = ''): Call<'queue/accept'>[1][number] => ({
  id,
  name,
  content_hash: contentHash({ text: TEXT }),
  lane_and_source: `${lane}${source === '' ? '' : ` ${source}`}`,
  input: inputField({ text: TEXT, requester: 'eve' }, 0.3),
});

/** The incident of a decision. */
interface PartInStorm {
  readonly incident: string;
  readonly epoch: number;
  readonly routing: 'routed' | 'suppressed';
  /** As {@link memberMark} returns it; '-' by default. */
  readonly mark?: string;
}

/** One ticket for `commit`: the ranked agents that come first, and those that lack only a slot. */
export const decision = (
  id: string,
  candidates: string,
  busy = '',
  part?: PartInStorm,
): Call<'tickets/commit'>[1][number] => ({
  id,
  token: `token-${id}`,
  category: 'Billing',
  urgency: 0.9,
  wait_key: 1000,
  decision: decisionField(aDecision({ category: 'Billing', urgency_score: 0.9 })),
  flags: '',
  event_id: `ticket.urgent:${id}`,
  event_head: `{"type":"ticket.urgent","data":{"id":"${id}",`,
  incident: part?.incident ?? '',
  epoch: part?.epoch ?? '',
  similarity: 1,
  routing: part?.routing ?? 'routed',
  mark: part?.mark ?? '-',
  facts: '[]',
  candidates,
  busy,
});

/** The state of an incident by the storm log. */
interface Standing {
  readonly status?: 'suspected' | 'open' | 'quiet' | 'resolved' | 'rejected' | 'gone';
  readonly epoch?: number;
  /** Tickets that joined with the latest entry, with their marks. */
  readonly joined?: readonly (string | readonly [id: string, similarity: number, mark: string])[];
  readonly left?: readonly string[];
  /** The first of those that joined by default. */
  readonly representative?: string;
  /** Whether another broker has notified subscribers of it. */
  readonly isKnown?: boolean;
}

/** Arguments of `write-record`. */
export function recordArguments(
  id: string,
  { status = 'open', epoch = 1, joined = [], left = [], representative, isKnown = false }: Standing,
): Call<'storms/write-record'>[0] {
  const members = joined.map((one) => (typeof one === 'string' ? ([one, 0.9, '-'] as const) : one));
  const speaks = representative ?? members[0]?.[0] ?? '';
  const isOver = status === 'resolved' || status === 'rejected';
  return {
    id,
    epoch,
    status,
    title: 'It broke',
    is_degraded: false,
    opened_ms: status === 'suspected' ? '' : 1000,
    last_member_ms: 1000,
    closed_ms: isOver ? 2000 : '',
    previous: '',
    representative: speaks,
    quiet_ms: FOREVER_MS,
    is_known: isKnown,
    is_held: false,
    left,
    joined: members.map(([ticket, similarity, mark]) => [ticket, String(similarity), mark]),
  };
}

/** Names of the keys of an incident, that of the members still to be settled included. */
export const incidentKeys = (id: string): readonly string[] =>
  ['', ':members', ':similarity', ':requesters', ':counted', ':unsettled'].map((end) => `incident:${id}${end}`);

/** Commands as Lua receives them, with arguments that fit together. The token of every claim is `token-` and the ticket's id. */
export class RawCommands {
  constructor(private readonly domain: Domain) {}

  /** Offers tickets of the normal lane. */
  accept(...ids: string[]): Promise<LuaReply> {
    return this.domain.run(
      'queue/accept',
      bounds({ queue_max: 1000, idempotency_ms: DAY_MS, duplicate_ms: DAY_MS }),
      ids.map((id) => offer(id)),
    );
  }

  /** Claims one ticket. */
  claim(id: string, leaseMs = LEASE_MS): Promise<LuaReply> {
    return this.domain.run('queue/claim-by-id', { id, lease_ms: leaseMs, token: `token-${id}` });
  }

  /** Offers and claims a ticket. */
  async claimed(id: string, leaseMs = LEASE_MS): Promise<void> {
    await this.accept(id);
    await this.claim(id, leaseMs);
  }

  /** Adds or changes an agent with all skills. */
  agent(id: string, capacity: number): Promise<LuaReply> {
    return this.domain.run('agents/put', {
      id,
      profile: profileField(anAgentInput({ capacity })),
      name: `Name of ${id}`,
    });
  }

  /** Version of the roster. */
  async version(): Promise<string> {
    return text(((await this.domain.raw('GET', 'agents:version')) as string | null) ?? '0');
  }

  /** Commits a claimed ticket: to an agent, or into line without one. With an event, under the ticket's id. */
  async commit(id: string, agent?: string, capacity = 10): Promise<LuaReply> {
    const ranked = agent === undefined ? [0] : [1, agent, capacity];
    const decided = decision(id, agent === undefined ? '' : '1');
    const args = { retention_ms: KEPT_MS, roster_version: await this.version() };
    const [, reply] = list(await this.domain.run('tickets/commit', args, [decided], ranked));
    return reply ?? null;
  }

  /** Offers, claims and commits a ticket. */
  async committed(id: string, agent?: string): Promise<void> {
    await this.claimed(id);
    const [name] = named(await this.commit(id, agent));
    if (name !== (agent === undefined ? 'waiting' : 'assigned')) throw new Error(`The commit of ${id} was ${name}`);
  }

  /** Completes an assigned ticket. */
  complete(id: string): Promise<LuaReply> {
    return this.domain.run('tickets/complete', { id, corrections: '', retention_ms: KEPT_MS });
  }

  /** Fails a claimed ticket with an error that may be retried, or not. */
  fail(id: string, retryable: boolean, mostDead = 1000): Promise<LuaReply> {
    return this.domain.run(
      'queue/fail',
      {
        id,
        token: `token-${id}`,
        code: 'poison',
        message: 'It broke',
        is_retryable: retryable ? '1' : '0',
        max_attempts: 3,
        dead_letters_max: mostDead,
      },
      [{ delay_ms: 0 }, { delay_ms: 0 }, { delay_ms: 0 }],
    );
  }

  /** Offers a ticket that dies at once. */
  async dead(id: string): Promise<void> {
    await this.claimed(id);
    await this.fail(id, false);
  }

  /** Offers and claims a ticket, and appends it to the storm log. */
  async logged(id: string): Promise<void> {
    await this.claimed(id);
    await this.domain.run('storms/append', { last: '', limit: 1, rules: TICK, is_again: '' }, [
      { id, token: `token-${id}`, entry: TICK, is_always_routed: '' },
    ]);
  }

  /** An open incident around suppressed tickets, of which the first is the representative. */
  async incident(id: string, ticketIds: readonly string[]): Promise<void> {
    for (const ticketId of ticketIds) await this.committed(ticketId);
    await this.domain.run('storms/write-record', recordArguments(id, { joined: ticketIds }));
  }

  /** Adds a ticket as a member to an open incident, or opens it around that ticket. */
  join(id: string, ticketId: string, mark = '-'): Promise<LuaReply> {
    return this.domain.run('storms/write-record', recordArguments(id, { joined: [[ticketId, 0.9, mark]] }));
  }

  /** Decides about an incident for an operator; its members are still to be settled. */
  decide(id: string, action: OperatorDecision, completeDoubtful = false): Promise<LuaReply> {
    return this.domain.run('incidents/decide', { id, action, entry: TICK, complete_doubtful: completeDoubtful });
  }

  /** Makes a claim look like that of a dead worker. */
  async expireLease(id: string): Promise<void> {
    await this.domain.raw('DEL', `lock:${id}`);
  }

  /** Sweeps. */
  sweep(mostStalls = 10): Promise<LuaReply> {
    return this.domain.run('queue/sweep', { max_stalls: mostStalls, dead_letters_max: 1000 });
  }
}
