import {
  isSmartSupportError,
  ticketMayBecome,
  type Agent,
  type Claim,
  type Decision,
  type QueueReport,
  type TicketRecord,
  type TicketStatus,
} from '@smart-support/contracts';
import { aDecision, aNewTicket, anArrival } from '../fixtures';
import { AlertsOnTheWay } from './alerts-on-the-way';
import { RETRY_DUE_MS, SUITE_OPTIONS } from './broker-under-test';
import { IncidentsOfTheDay } from './incidents-of-the-day';
import type { Step } from './random-days';
import type { Scene } from './scene';

interface KnownClaim {
  readonly claim: Claim;
  /** By the time that the steps let pass. */
  renewedAt: number;
  usedBy: 'commit' | 'other' | null;
}

/** Lives through a random day with a broker, expects every answer to be right, and knows what must hold afterwards. */
export class Department {
  private readonly statuses = new Map<string, TicketStatus>();
  private readonly claims: KnownClaim[] = [];
  private readonly tokens = new Set<string>();
  private readonly alerts: AlertsOnTheWay;
  private readonly incidents: IncidentsOfTheDay;
  private elapsed = 0;
  private made = 0;

  constructor(private readonly scene: Scene) {
    this.alerts = new AlertsOnTheWay(scene);
    this.incidents = new IncidentsOfTheDay(scene);
  }

  /** Does one step and looks at everything. */
  async live(step: Step): Promise<void> {
    await this.act(step);
    await this.inspect();
  }

  /** Ends the day: whatever is open can be understood and completed, and nothing was lost on the way. */
  async closeUp(): Promise<void> {
    const { broker } = this.scene;
    await this.pass(SUITE_OPTIONS.leaseMs + RETRY_DUE_MS);
    await broker.queue.sweep();
    await this.inspect();
    // Whoever took out what the sweep told of incidents took alerts out with it.
    await this.pass(SUITE_OPTIONS.leaseMs / 2 + 50);
    await this.alerts.expectAll();
    await this.incidents.endAll();
    await this.inspect();
    await this.scene.agent('helping-hand', { capacity: 10_000 });
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

  private async act(step: Step): Promise<void> {
    const { broker } = this.scene;
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
        const result = await this.scene.accept(step.otherText ? { id, text: 'Something else' } : { id });
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
        if (claim) this.note(claim);
        return;
      }
      case 'commit': {
        const decision = aDecision({ category: step.category, urgency_score: step.urgency });
        await this.useClaim(step.pick, 'commit', async (claim) => {
          this.noteAlert(await broker.tickets.commit(claim, decision), decision);
        });
        return;
      }
      case 'judge': {
        const { topic, severe_signal, degrees, category, urgency } = step;
        const arrival = anArrival({ topic, severe_signal, degrees });
        const decision = aDecision({ category, urgency_score: urgency });
        await this.useClaim(step.pick, step.commit ? 'commit' : 'look', async (claim) => {
          const storm = await broker.storms.judge(claim, arrival);
          if (step.commit) this.noteAlert(await broker.tickets.commit(claim, { ...decision, storm }), decision);
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
      case 'release':
        await this.useClaim(step.pick, 'other', (claim) => broker.queue.requeue(claim));
        return;
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
        await this.alerts.deliver(step.limit, step.pick, step.settle);
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

  /** A ticket that was suppressed is alerted about when it is routed after all. */
  private noteAlert({ ticket, explanation }: TicketRecord, { explanation: { urgency } }: Decision): void {
    const isRouted = ticket.status === 'assigned' || ticket.status === 'waiting';
    if (isRouted && urgency?.alert && explanation.urgency?.alert) this.alerts.raised(ticket.id);
  }

  private async complete(id: string | undefined): Promise<void> {
    if (id === undefined) return;
    const status = this.statuses.get(id);
    const completion = this.scene.broker.tickets.complete(id, {});
    if (status === 'assigned' || status === 'completed') {
      expect((await completion).ticket.status).toBe('completed');
    } else {
      await expect(completion).rejects.toMatchObject({ code: 'transition_not_allowed' });
    }
  }

  private async heartbeat(): Promise<void> {
    for (const known of this.claims) {
      const lost = await this.scene.broker.queue.heartbeat([known.claim]);
      if (this.isSurelyHeld(known)) expect(lost).toEqual([]);
      if (this.isSurelyLost(known)) expect(lost).toEqual([known.claim.record.ticket.id]);
      if (lost.length === 0) known.renewedAt = this.elapsed;
    }
  }

  /** Returns the claim if this was the first thing that was done with it. */
  private async useClaim(
    pick: number,
    use: 'commit' | 'other' | 'look',
    action: (claim: Claim) => Promise<unknown>,
  ): Promise<Claim | undefined> {
    // Prefer fresh claims, or most steps would knock on closed doors.
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

  private isSurelyHeld({ usedBy, renewedAt }: KnownClaim): boolean {
    return usedBy === null && this.elapsed - renewedAt <= SUITE_OPTIONS.leaseMs / 2;
  }

  private isSurelyLost({ usedBy, renewedAt }: KnownClaim): boolean {
    return usedBy !== null || this.elapsed - renewedAt >= SUITE_OPTIONS.leaseMs;
  }

  private async claim(limit: number): Promise<Claim[]> {
    const claims = await this.scene.broker.queue.claim(limit);
    expect(claims.length).toBeLessThanOrEqual(limit);
    for (const claim of claims) this.note(claim);
    return claims;
  }

  private note(claim: Claim): void {
    expect(this.tokens).not.toContain(claim.token);
    this.tokens.add(claim.token);
    expect(claim.record.ticket.status).toBe('processing');
    this.claims.push({ claim, renewedAt: this.elapsed, usedBy: null });
  }

  private async pass(ms: number): Promise<void> {
    this.elapsed += ms;
    await this.scene.advance(ms);
  }

  private async inspect(): Promise<void> {
    const { broker } = this.scene;
    const records = await Promise.all([...this.statuses.keys()].map((id) => this.scene.record(id)));
    expectLawfulChanges(this.statuses, records);
    for (const { ticket } of records) this.statuses.set(ticket.id, ticket.status);
    const agents = await broker.agents.list();
    expectLoadsToMatch(records, agents);
    expectNobodyToWaitInVain(records, agents);
    await this.incidents.inspect(records);
    await this.alerts.deliverNews();
    expectReportToAddUp(await broker.queue.report(), records, this.alerts.size);
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

function expectLawfulChanges(before: ReadonlyMap<string, TicketStatus>, records: readonly TicketRecord[]): void {
  for (const { ticket } of records) {
    const former = before.get(ticket.id);
    // On its way it was suppressed, for as long as nobody could see it.
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

function expectNobodyToWaitInVain(records: readonly TicketRecord[], agents: readonly Agent[]): void {
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

function expectReportToAddUp(report: QueueReport, records: readonly TicketRecord[], outbox: number): void {
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
