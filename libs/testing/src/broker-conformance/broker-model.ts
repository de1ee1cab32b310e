import {
  TICKET_STATUSES,
  isSmartSupportError,
  personMay,
  ticketMayBecome,
  type Agent,
  type Claim,
  type Decision,
  type QueueReport,
  type TicketAction,
  type TicketRecord,
  type TicketStatus,
} from '@smart-support/contracts';
import { aDecision, aNewTicket, anArrival } from '../fixtures';
import { AlertModel } from './alert-model';
import { RETRY_DUE_MS, SUITE_OPTIONS } from './broker-under-test';
import { IncidentModel } from './incident-model';
import type { RandomCommand } from './random-commands';
import type { BrokerHarness } from './broker-harness';

const NO_ACTOR = { by: null, note: null };

interface KnownClaim {
  readonly claim: Claim;
  /** In the time of the steps. */
  renewedAt: number;
  /** When the step began that renewed it, in milliseconds of this process: a store with a clock of its own counts the time that a slow machine takes, too. */
  renewedSince: number;
  usedBy: 'commit' | 'other' | null;
}

/** Carries out random commands, expects every reply to be right, and checks the invariants. */
export class BrokerModel {
  private readonly statuses = new Map<string, TicketStatus>();
  private readonly claims: KnownClaim[] = [];
  private readonly tokens = new Set<string>();
  private readonly alerts: AlertModel;
  private readonly incidents: IncidentModel;
  private elapsed = 0;
  private stepBegan = performance.now();
  private made = 0;

  constructor(private readonly harness: BrokerHarness) {
    this.alerts = new AlertModel(harness);
    this.incidents = new IncidentModel(harness);
  }

  /** Carries out one step and checks all invariants. */
  async apply(step: RandomCommand): Promise<void> {
    this.stepBegan = performance.now();
    await this.act(step);
    await this.inspect();
  }

  /** Ends the sequence: every open ticket can be committed and completed, and none was lost. */
  async finishAll(): Promise<void> {
    const { broker } = this.harness;
    await this.pass(SUITE_OPTIONS.leaseMs + RETRY_DUE_MS);
    await broker.queue.sweep();
    await this.inspect();
    // Delivering the incident events of the sweep has claimed alerts, too.
    await this.pass(SUITE_OPTIONS.leaseMs / 2 + 50);
    await this.alerts.expectAll();
    await this.incidents.endAll();
    await this.inspect();
    await this.harness.agent('helping-hand', { capacity: 10_000 });
    await this.inspect();
    for (let claims = await this.claim(10); claims.length > 0; claims = await this.claim(10)) {
      await this.inspect();
      for (const claim of claims) await broker.tickets.commit(claim, aDecision());
      await this.inspect();
    }
    for (const [id, status] of this.statuses) if (status === 'assigned') await broker.tickets.complete(id, {});
    await this.inspect();
    const left = [...this.statuses].filter(([, status]) => status !== 'completed' && status !== 'dead');
    expect(left).toEqual([]);
  }

  private async act(step: RandomCommand): Promise<void> {
    const { broker } = this.harness;
    switch (step.do) {
      case 'accept': {
        const offers = Array.from({ length: step.count }, () => aNewTicket({ id: this.newId(), lane: step.lane }));
        const results = await broker.queue.accept(offers);
        expect(results.map(({ outcome }) => outcome)).toEqual(offers.map(() => 'accepted'));
        for (const { id } of offers) this.statuses.set(id, 'queued');
        return;
      }
      case 'repeat': {
        const id = this.idIn(step.pick);
        if (id === undefined) return;
        const result = await this.harness.accept(step.otherText ? { id, text: 'Something else' } : { id });
        expect(result.outcome).toBe(step.otherText ? 'conflict' : 'repeated');
        return;
      }
      case 'claim':
        await this.claim(step.limit);
        return;
      case 'claimById': {
        const id = this.idIn(step.pick);
        if (id === undefined) return;
        const claim = await broker.queue.claimById(id);
        expect(claim !== undefined).toBe(this.statuses.get(id) === 'queued');
        if (claim) this.addClaim(claim);
        return;
      }
      case 'commit': {
        const decision = aDecision({ category: step.category, urgency_score: step.urgency });
        await this.useClaim(step.pick, 'commit', async (claim) => {
          this.expectAlert(await broker.tickets.commit(claim, decision), decision);
        });
        return;
      }
      case 'judge': {
        const { topic, severe_signal, degrees, category, urgency } = step;
        const arrival = anArrival({ topic, severe_signal, degrees });
        const decision = aDecision({ category, urgency_score: urgency });
        await this.useClaim(step.pick, step.commit ? 'commit' : 'look', async (claim) => {
          const storm = await broker.storms.judge(claim, arrival);
          if (step.commit) this.expectAlert(await broker.tickets.commit(claim, { ...decision, storm }), decision);
        });
        return;
      }
      case 'resolve':
      case 'reject':
        await this.incidents.end(step.do, step.pick);
        return;
      case 'unlink':
        await this.incidents.unlink(step.pick);
        return;
      case 'openByHand': {
        const id = this.idIn(step.pick);
        if (id !== undefined) await this.incidents.open(id);
        return;
      }
      case 'fail':
        await this.useClaim(step.pick, 'other', (claim) =>
          broker.queue.fail(claim, { code: 'timeout', message: 'Too slow', retryable: step.retryable }),
        );
        return;
      case 'requeue':
        await this.useClaim(step.pick, 'other', (claim) => broker.queue.requeue(claim));
        return;
      case 'reassign':
      case 'cancel':
      case 'reopen':
      case 'note':
        await this.actOnTicket(step.do, step.pick, (id) => broker.tickets[step.do](id, NO_ACTOR));
        return;
      case 'amend': {
        const { agent, force, category, urgency } = step;
        const isUnknown = agent !== undefined && !(await broker.agents.list()).some(({ id }) => id === agent);
        const changes = { ...(isUnknown ? {} : { agent, force }), category, urgency_score: urgency };
        await this.actOnTicket('amend', step.pick, (id) => broker.tickets.amend(id, changes, NO_ACTOR));
        return;
      }
      case 'complete':
        await this.complete(this.idIn(step.pick));
        return;
      case 'retryDead':
      case 'removeDead': {
        const id = this.idIn(step.pick, 'dead');
        if (id === undefined) return;
        if (step.do === 'retryDead') await broker.deadLetters.retry(id);
        else {
          await broker.deadLetters.remove(id);
          expect(await broker.tickets.get(id)).toBeUndefined();
          this.statuses.delete(id);
        }
        return;
      }
      case 'deliver':
        await this.alerts.deliver(step.limit, step.pick, step.acknowledge);
        return;
      case 'heartbeat':
        await this.heartbeat();
        return;
      case 'sweep':
        await broker.queue.sweep();
        expect(await broker.queue.sweep()).toBe(0);
        return;
      case 'pause':
        await this.pass(SUITE_OPTIONS.leaseMs / 10);
        return;
      case 'expire':
        await this.pass(SUITE_OPTIONS.leaseMs + 50);
        return;
      case 'putAgent':
        await broker.agents.put(step.id, step.agent);
        return;
      case 'removeAgent': {
        const known = (await broker.agents.list()).some(({ id }) => id === step.id);
        const removal = broker.agents.remove(step.id);
        await (known ? removal : expect(removal).rejects.toMatchObject({ code: 'not_found' }));
      }
    }
  }

  /** A ticket that was suppressed raises its alert when it is routed later. */
  private expectAlert({ ticket, explanation }: TicketRecord, { explanation: { urgency } }: Decision): void {
    const isRouted = ticket.status === 'assigned' || ticket.status === 'waiting';
    if (isRouted && urgency?.alert && explanation.urgency?.alert) this.alerts.expectAlert(ticket.id);
  }

  /** An agent may be missing where the status allows the action, never the other way round. */
  private async actOnTicket(
    action: TicketAction,
    pick: number,
    act: (ticketId: string) => Promise<TicketRecord>,
  ): Promise<void> {
    const id = this.idIn(pick);
    const status = id === undefined ? undefined : this.statuses.get(id);
    if (id === undefined || status === undefined) return;
    try {
      await act(id);
      expect(personMay(action, status) || (action === 'cancel' && status === 'completed')).toBe(true);
    } catch (error) {
      if (!isSmartSupportError(error, 'transition_not_allowed')) throw error;
      expect(personMay(action, status) && action !== 'reassign' && action !== 'amend').toBe(false);
    }
  }

  private async complete(id: string | undefined): Promise<void> {
    if (id === undefined) return;
    const status = this.statuses.get(id);
    const completion = this.harness.broker.tickets.complete(id, {});
    if (status === 'assigned' || status === 'completed') {
      expect((await completion).ticket.status).toBe('completed');
    } else {
      await expect(completion).rejects.toMatchObject({ code: 'transition_not_allowed' });
    }
  }

  private async heartbeat(): Promise<void> {
    for (const known of this.claims) {
      const lost = await this.harness.broker.queue.heartbeat([known.claim]);
      if (this.isSurelyHeld(known)) expect(lost).toEqual([]);
      if (this.isSurelyLost(known)) expect(lost).toEqual([known.claim.record.ticket.id]);
      if (lost.length === 0) Object.assign(known, { renewedAt: this.elapsed, renewedSince: this.stepBegan });
    }
  }

  /** Returns the claim if this was its first use. */
  private async useClaim(
    pick: number,
    use: 'commit' | 'other' | 'look',
    action: (claim: Claim) => Promise<unknown>,
  ): Promise<Claim | undefined> {
    // Prefers unused claims, or most steps would be refused.
    const fresh = this.claims.filter(({ usedBy }) => usedBy === null);
    const known =
      pick % 4 > 0 && fresh.length > 0 ? fresh[pick % fresh.length] : this.claims[pick % this.claims.length];
    if (!known) return undefined;
    try {
      await action(known.claim);
    } catch (error) {
      if (!isSmartSupportError(error, 'lease_lost')) throw error;
      expect(this.isSurelyHeld(known)).toBe(false);
      return undefined;
    }
    const repeatedCommit = use === 'commit' && known.usedBy === 'commit';
    expect(this.isSurelyLost(known) && !repeatedCommit).toBe(false);
    if (known.usedBy !== null) return undefined;
    if (use !== 'look') known.usedBy = use;
    return known.claim;
  }

  private isSurelyHeld({ usedBy, renewedAt, renewedSince }: KnownClaim): boolean {
    const { leaseMs } = SUITE_OPTIONS;
    return usedBy === null && this.elapsed - renewedAt <= leaseMs / 2 && performance.now() - renewedSince < leaseMs;
  }

  private isSurelyLost({ usedBy, renewedAt }: KnownClaim): boolean {
    return usedBy !== null || this.elapsed - renewedAt >= SUITE_OPTIONS.leaseMs;
  }

  private async claim(limit: number): Promise<Claim[]> {
    const claims = await this.harness.broker.queue.claim(limit);
    expect(claims.length).toBeLessThanOrEqual(limit);
    for (const claim of claims) this.addClaim(claim);
    return claims;
  }

  private addClaim(claim: Claim): void {
    expect(this.tokens).not.toContain(claim.token);
    this.tokens.add(claim.token);
    expect(claim.record.ticket.status).toBe('processing');
    this.claims.push({ claim, renewedAt: this.elapsed, renewedSince: this.stepBegan, usedBy: null });
  }

  private async pass(ms: number): Promise<void> {
    this.elapsed += ms;
    await this.harness.advance(ms);
  }

  private async inspect(): Promise<void> {
    const { broker } = this.harness;
    const records = await Promise.all([...this.statuses.keys()].map((id) => this.harness.record(id)));
    expectAllowedTransitions(this.statuses, records);
    for (const { ticket } of records) this.statuses.set(ticket.id, ticket.status);
    const agents = await broker.agents.list();
    expectLoadsToMatch(records, agents);
    expectNoFreeAgentForWaiting(records, agents);
    await this.incidents.inspect(records);
    await this.alerts.deliverIncidentEvents();
    expectReportToMatch(await broker.queue.report(), records, this.alerts.size);
    await this.expectListsToMatch(records);
  }

  /** A list by each status, and the counts, show the same as the tickets by themselves. */
  private async expectListsToMatch(records: readonly TicketRecord[]): Promise<void> {
    const { tickets } = this.harness.broker;
    for (const status of TICKET_STATUSES) {
      const ids = records.flatMap(({ ticket }) => (ticket.status === status ? [ticket.id] : []));
      const page = await tickets.list({ status: [status], sort: 'newest' });
      expect(page.tickets.map(({ id }) => id).sort()).toEqual(ids.sort());
    }
    const { total, status } = await tickets.count({});
    const inStatus = (one: TicketStatus): number => records.filter(({ ticket }) => ticket.status === one).length;
    expect(status).toEqual(Object.fromEntries(TICKET_STATUSES.map((one) => [one, inStatus(one)])));
    expect(total).toBe(records.length);
  }

  private newId(): string {
    this.made += 1;
    return `t${this.made}`;
  }

  private idIn(pick: number, status?: TicketStatus): string | undefined {
    const ids = [...this.statuses].filter(([, present]) => !status || present === status).map(([id]) => id);
    return ids[pick % ids.length];
  }
}

function expectAllowedTransitions(before: ReadonlyMap<string, TicketStatus>, records: readonly TicketRecord[]): void {
  for (const { ticket } of records) {
    const former = before.get(ticket.id);
    // It was suppressed in between, unseen.
    const isDoneAtOnce = former === 'processing' && ticket.status === 'completed' && ticket.resolution === 'incident';
    const lawful =
      former !== undefined && (former === ticket.status || ticketMayBecome(former, ticket.status) || isDoneAtOnce);
    if (!lawful) throw new Error(`Ticket ${ticket.id} went from ${former} to ${ticket.status}`);
    expect(ticket.attempts).toBeGreaterThanOrEqual(0);
  }
}

function expectLoadsToMatch(records: readonly TicketRecord[], agents: readonly Agent[]): void {
  const assigned = records.filter(({ ticket }) => ticket.status === 'assigned');
  const loads = agents.map(({ id }) => [id, assigned.filter(({ ticket }) => ticket.assigned_agent === id).length]);
  expect(agents.map(({ id, load }) => [id, load])).toEqual(loads);
  expect(agents.reduce((sum, { load }) => sum + load, 0)).toBe(assigned.length);
}

function expectNoFreeAgentForWaiting(records: readonly TicketRecord[], agents: readonly Agent[]): void {
  for (const { ticket } of records) {
    if (ticket.status !== 'waiting') continue;
    expect(ticket.assigned_agent).toBeNull();
    const free = agents.filter(
      ({ status, load, capacity, skills }) =>
        status === 'available' && load < capacity && (skills[ticket.category!] ?? 0) > 0,
    );
    expect(free).toEqual([]);
  }
}

function expectReportToMatch(report: QueueReport, records: readonly TicketRecord[], outbox: number): void {
  const count = (fits: (record: TicketRecord) => boolean): number => records.filter(fits).length;
  const inStatus = (status: TicketStatus): number => count(({ ticket }) => ticket.status === status);
  const waiting = (category: string): number =>
    count(({ ticket }) => ticket.status === 'waiting' && ticket.category === category);
  const queued = (lane: string): number =>
    count(({ ticket, explanation }) => ticket.status === 'queued' && explanation.lane.name === lane);
  const { oldest_age_ms, ...numbers } = report;
  expect(numbers).toEqual({
    lanes: { urgent: queued('urgent'), normal: queued('normal') },
    in_progress: inStatus('processing'),
    waiting: { Billing: waiting('Billing'), Technical: waiting('Technical'), Legal: waiting('Legal') },
    dead: inStatus('dead'),
    outbox,
  });
  expect(oldest_age_ms === null).toBe(inStatus('queued') === 0);
}
