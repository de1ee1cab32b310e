import type {
  AcceptResult,
  Agent,
  AgentInput,
  BrokerOptions,
  Claim,
  Decision,
  DomainEvent,
  ErrorCode,
  Incident,
  NewTicket,
  StormArrival,
  TicketRecord,
  TicketStatus,
} from '@smart-support/contracts';
import { aDecision, aNewTicket, anAgentInput, anArrival } from '../fixtures';
import { SUITE_OPTIONS, suiteRandom, type BrokerFactory, type BrokerUnderTest } from './broker-under-test';

/** Longest wait for something that must happen, in milliseconds. */
const PATIENCE_MS = 3000;

/** Whether a promise has settled. */
interface Followed {
  readonly hasEnded: boolean;
}

type NewTicketChanges = Parameters<typeof aNewTicket>[0];

/** A broker under test, with the operations of the suite. */
export class BrokerHarness {
  constructor(private readonly underTest: BrokerUnderTest) {}

  get broker(): BrokerUnderTest['broker'] {
    return this.underTest.broker;
  }

  /** Lets time pass. */
  async advance(ms: number): Promise<void> {
    await this.underTest.advance(ms);
  }

  /** Runs the leader until a condition is met, and expects that within 30 runs. */
  async leadUntil(isSo: () => Promise<boolean>): Promise<void> {
    for (let round = 0; round < 30; round += 1) {
      await this.underTest.lead();
      if (await isSo()) return;
    }
    expect(await isSo()).toBe(true);
  }

  /** Follows a promise until it resolves or rejects. */
  follow(promise: Promise<unknown>): Followed {
    const followed = { hasEnded: false };
    const end = (): void => void (followed.hasEnded = true);
    promise.then(end, end);
    return followed;
  }

  /** Lets time pass until a condition is met, at most 3 s. */
  async until(isSo: () => boolean): Promise<void> {
    for (let waited = 0; waited < PATIENCE_MS && !isSo(); waited += 25) await this.advance(25);
    expect(isSo()).toBe(true);
  }

  /** Lets time pass until a promise has settled, at most 3 s. */
  async untilEnded(followed: Followed): Promise<void> {
    await this.until(() => followed.hasEnded);
  }

  /** Offers one ticket. */
  async accept(changes: NewTicketChanges = {}): Promise<AcceptResult> {
    return only(await this.broker.queue.accept([aNewTicket(changes)]));
  }

  /** Offers tickets of one lane, each a moment after the one before. */
  async acceptInTurn(ids: readonly string[], lane: NewTicket['lane'] = 'normal'): Promise<void> {
    for (const id of ids) {
      const result = await this.accept({ id, lane });
      expect(result.outcome).toBe('accepted');
      await this.advance(5);
    }
  }

  /** Offers a ticket and claims it. */
  async claimed(id: string): Promise<Claim> {
    await this.accept({ id });
    const claim = await this.broker.queue.claimById(id);
    if (!claim) throw new Error(`Ticket ${id} could not be claimed`);
    return claim;
  }

  /** Offers, claims and commits a ticket. */
  async committed(id: string, decision: Parameters<typeof aDecision>[0] = {}): Promise<TicketRecord> {
    return this.broker.tickets.commit(await this.claimed(id), aDecision(decision));
  }

  /** Commits several tickets, each a moment after the one before. */
  async committedInTurn(ids: readonly string[], decision: Parameters<typeof aDecision>[0] = {}): Promise<void> {
    for (const id of ids) {
      await this.committed(id, decision);
      await this.advance(5);
    }
  }

  /** Judges a claimed ticket and commits it accordingly. */
  async commitAsJudged(
    claim: Claim,
    arrival: StormArrival = anArrival(),
    decision: Parameters<typeof aDecision>[0] = {},
  ): Promise<TicketRecord> {
    const storm = await this.broker.storms.judge(claim, arrival);
    return this.broker.tickets.commit(claim, { ...aDecision(decision), storm });
  }

  /** Offers, claims, judges and commits a ticket. */
  async judged(
    id: string,
    arrival: StormArrival = anArrival(),
    decision: Parameters<typeof aDecision>[0] = {},
  ): Promise<TicketRecord> {
    return this.commitAsJudged(await this.claimed(id), arrival, decision);
  }

  /** Judges and commits several similar tickets, each a moment after the one before. */
  async judgedInTurn(ids: readonly string[], decision: Parameters<typeof aDecision>[0] = {}): Promise<void> {
    for (const id of ids) {
      await this.judged(id, anArrival(), decision);
      await this.advance(5);
    }
  }

  /** Similar tickets of which the third opens an incident. */
  async storm(
    ids: readonly string[] = ['a', 'b', 'c'],
    decision: Parameters<typeof aDecision>[0] = {},
  ): Promise<Incident> {
    await this.judgedInTurn(ids, decision);
    return only((await this.broker.incidents.list()).incidents);
  }

  /** An incident that must be known. */
  async incident(id: string): Promise<Incident> {
    const incident = await this.broker.incidents.get(id);
    if (!incident) throw new Error(`Incident ${id} is not known`);
    return incident;
  }

  /** Whether each ticket is a duplicate, and of which incident it is a part. */
  async marks(...ids: string[]): Promise<(readonly [isDuplicate: boolean, incidentId: string | null])[]> {
    const tickets = await Promise.all(ids.map(async (id) => (await this.record(id)).ticket));
    return tickets.map(({ is_duplicate, master_incident_id }) => [is_duplicate, master_incident_id] as const);
  }

  /** Ids of an incident's members on the first page. */
  async memberIds(incidentId: string): Promise<string[]> {
    return (await this.broker.incidents.members(incidentId)).members.map(({ ticket_id }) => ticket_id);
  }

  /** Delivers every event that is due; returns the ids and events. */
  async delivered(): Promise<{ readonly id: string; readonly event: DomainEvent }[]> {
    const entries = await this.broker.outbox.claim(1000, SUITE_OPTIONS.leaseMs);
    for (const { id } of entries) await this.broker.outbox.acknowledge(id);
    return entries.map(({ id, body }) => ({ id, event: JSON.parse(body) as DomainEvent }));
  }

  /** Delivers every event that is due; returns their ids in alphabetical order. */
  async deliveredIds(): Promise<string[]> {
    return (await this.delivered()).map(({ id }) => id).sort();
  }

  /** Claims up to `limit` tickets; returns their ids. */
  async claimIds(limit: number): Promise<string[]> {
    return (await this.broker.queue.claim(limit)).map(({ record }) => record.ticket.id);
  }

  /** Offers a ticket that dies at once. */
  async dead(id: string): Promise<void> {
    const claim = await this.claimed(id);
    await this.broker.queue.fail(claim, { code: 'poison', message: `It broke on ${id}`, retryable: false });
  }

  /** Adds or changes an agent. */
  async agent(id: string, changes: Partial<AgentInput> = {}): Promise<Agent> {
    return this.broker.agents.put(id, anAgentInput(changes));
  }

  /** A ticket that must be known. */
  async record(id: string): Promise<TicketRecord> {
    const record = await this.broker.tickets.get(id);
    if (!record) throw new Error(`Ticket ${id} is not known`);
    return record;
  }

  /** Status of a ticket; `undefined` if it is not known. */
  async status(id: string): Promise<TicketStatus | undefined> {
    return (await this.broker.tickets.get(id))?.ticket.status;
  }

  /** Status of each ticket, or the agent who has it. */
  async whereabouts(...ids: string[]): Promise<string[]> {
    const tickets = await Promise.all(ids.map(async (id) => (await this.record(id)).ticket));
    return tickets.map(({ status, assigned_agent }) => (status === 'assigned' ? String(assigned_agent) : status));
  }

  /** How many open tickets an agent has. */
  async load(agentId: string): Promise<number | undefined> {
    return (await this.broker.agents.list()).find(({ id }) => id === agentId)?.load;
  }

  /** Lets every lease expire and sweeps. Returns how many tickets that moved. */
  async sweepExpired(): Promise<number> {
    await this.advance(SUITE_OPTIONS.leaseMs + 50);
    return this.broker.queue.sweep();
  }
}

/** Opens a harness of its own for a test. */
export type OpenHarness = (options?: Partial<BrokerOptions>) => Promise<BrokerHarness>;

/** Opens harnesses and cleans them up after each test of the surrounding `describe`. */
export function harnessesOf(factory: BrokerFactory): OpenHarness {
  const opened: BrokerUnderTest[] = [];
  afterEach(async () => {
    for (const underTest of opened.splice(0)) {
      await underTest.broker.close();
      await underTest.dispose?.();
    }
  });
  return async (options = {}) => {
    const underTest = await factory({ options: { ...SUITE_OPTIONS, ...options }, random: suiteRandom });
    opened.push(underTest);
    return new BrokerHarness(underTest);
  };
}

/** The one element of an array. */
export function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length !== 1) throw new Error(`Expected one item, found ${items.length}`);
  return item;
}

/** Expects a call to be refused with an error code. */
export async function expectRefusal(call: Promise<unknown>, code: ErrorCode, message = ''): Promise<void> {
  await expect(call).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
}

/** A decision that differs from {@link aDecision} in everything. */
export const otherDecision = (): Decision => aDecision({ category: 'Legal', urgency_score: 0.95 });

/** Any moment, as ISO 8601 in UTC. A call, because this file is also read where there is no Jest. */
export const anIsoTime = (): string => expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
