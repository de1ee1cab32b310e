import {
  type AcceptResult,
  type Availability,
  type Broker,
  type ErrorCode,
  type FinishedTicket,
  type NewTicket,
  type SharedBroker,
  SmartSupportError,
  type TicketRecord,
} from '@smart-support/contracts';

/**
 * How a command ends that does not go well: it is refused before anything is written, it is lost on its way, or it is carried out and
 * the reply is lost. After each of them the store is away. Any other code is thrown as it is, and the store stays.
 */
export type Trouble = 'refused' | 'command lost' | 'reply lost' | ErrorCode;

/** The commands of the store that can be made to fail. */
export type Command = 'accept' | 'adopt' | 'agents' | 'other';

/** A shared store that goes away and comes back when it is told to, made of a broker in memory. */
export class BrokerWithASwitch implements SharedBroker {
  availability: Availability = 'down';
  /** Every command that was carried out, in order: its name, and of how many tickets or which one. */
  readonly carriedOut: string[] = [];
  readonly agents: Broker['agents'];
  readonly queue: Broker['queue'];
  readonly tickets: Broker['tickets'];
  readonly deadLetters: Broker['deadLetters'];
  readonly storms: Broker['storms'];
  readonly incidents: Broker['incidents'];
  readonly outbox: Broker['outbox'];
  readonly workers: Broker['workers'];
  private readonly adopted = new Map<string, FinishedTicket>();
  private readonly listeners = new Set<(availability: Availability) => void>();
  private readonly troubles = new Map<Command, (Trouble | undefined)[]>();
  private readonly held = new Map<Command, Promise<'arrive' | 'are lost'>>();
  private readonly heldBefore = new Map<Command, Promise<'arrive' | 'are refused'>>();

  /** @param inner - what the workers behind the store see */
  constructor(private readonly inner: Broker) {
    const { queue, tickets, agents, deadLetters, incidents, storms, outbox, workers } = inner;
    const other = <Args extends readonly unknown[], Reply>(call: (...args: Args) => Promise<Reply>) => {
      return (...args: Args) => this.run('other', 'other', () => call(...args));
    };
    this.queue = {
      ...queue,
      accept: (offers) =>
        this.run('accept', `accept ${offers.length}`, async () => {
          const results: AcceptResult[] = [];
          for (const offer of offers) {
            const known = this.known(offer);
            results.push(...(known ? [known] : await queue.accept([offer])));
          }
          return results;
        }),
      report: other(() => queue.report()),
    };
    this.tickets = {
      ...tickets,
      get: other(async (id) => this.adopted.get(id)?.record ?? (await tickets.get(id))),
      complete: other(async (id, corrections) => this.completeAdopted(id) ?? (await tickets.complete(id, corrections))),
    };
    this.agents = {
      list: () => this.run('agents', 'list agents', () => agents.list()),
      put: (id, agent) => this.run('agents', `put ${id}`, () => agents.put(id, agent)),
      remove: (id) => this.run('agents', `remove ${id}`, () => agents.remove(id)),
      seed: (roster) => this.run('agents', 'seed', () => agents.seed(roster)),
    };
    this.deadLetters = {
      list: other((cursor) => deadLetters.list(cursor)),
      retry: other((id) => deadLetters.retry(id)),
      remove: other(async (id) => {
        if (!this.adopted.delete(id)) await deadLetters.remove(id);
      }),
    };
    this.incidents = {
      list: other((query) => incidents.list(query)),
      get: other((id) => incidents.get(id)),
      members: other((id, cursor) => incidents.members(id, cursor)),
      doubtfulMembers: other((id, cursor) => incidents.doubtfulMembers(id, cursor)),
      open: other((title, ids) => incidents.open(title, ids)),
      confirm: other((id) => incidents.confirm(id)),
      resolve: other((id, resolution) => incidents.resolve(id, resolution)),
      reject: other((id) => incidents.reject(id)),
      unlink: other((id, ticketId) => incidents.unlink(id, ticketId)),
    };
    this.storms = storms;
    this.outbox = outbox;
    this.workers = { ...workers, list: other(() => workers.list()) };
  }

  /** Ids of the tickets that were taken over from elsewhere. */
  get adoptedIds(): string[] {
    return [...this.adopted.keys()].sort();
  }

  /** Told of every change. @returns ends the telling */
  onAvailability(listener: (availability: Availability) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** How many want to know of changes. */
  get followers(): number {
    return this.listeners.size;
  }

  /** Takes a ticket over, unless it is known. */
  adopt(finished: FinishedTicket): Promise<'adopted' | 'known'> {
    const { id, status } = finished.record.ticket;
    return this.run('adopt', `adopt ${id} ${status}`, async () => {
      if (this.adopted.has(id) || (await this.inner.tickets.get(id))) return 'known';
      this.adopted.set(id, finished);
      return 'adopted';
    });
  }

  /** Goes away for good. */
  async close(): Promise<void> {
    this.change('down');
  }

  /** Takes commands from now on. */
  comeBack(): void {
    this.change('up');
  }

  /** Refuses commands from now on. */
  goAway(): void {
    this.change('down');
  }

  /** The next command of this kind ends so, or the one after so many that go well. */
  next(command: Command, trouble: Trouble, after = 0): void {
    const goWell = Array.from({ length: after }, () => undefined);
    this.troubles.set(command, [...(this.troubles.get(command) ?? []), ...goWell, trouble]);
  }

  /** Whatever trouble has not been met yet does not come. */
  calmDown(): void {
    this.troubles.clear();
  }

  /**
   * From now on commands of this kind are carried out, but their replies are on their way until they are let go. If they are lost, the store
   * goes away.
   */
  holdReplies(command: Command): (fate: 'arrive' | 'are lost') => void {
    let letGo: (fate: 'arrive' | 'are lost') => void = () => undefined;
    this.held.set(command, new Promise((resolve) => (letGo = resolve)));
    return (fate) => {
      this.held.delete(command);
      letGo(fate);
    };
  }

  /**
   * From now on commands of this kind are on their way to the store until they are let go. If they are refused there, the store goes away
   * with nothing written.
   */
  holdCommands(command: Command): (fate: 'arrive' | 'are refused') => void {
    let letGo: (fate: 'arrive' | 'are refused') => void = () => undefined;
    this.heldBefore.set(command, new Promise((resolve) => (letGo = resolve)));
    return (fate) => {
      this.heldBefore.delete(command);
      letGo(fate);
    };
  }

  private async run<Reply>(command: Command, line: string, work: () => Promise<Reply>): Promise<Reply> {
    if (this.availability === 'down') throw new SmartSupportError('unavailable', 'away');
    const trouble = this.troubles.get(command)?.shift();
    if (trouble === 'refused') throw this.gone('unavailable');
    if (trouble === 'command lost') throw this.gone('outcome_unknown');
    if (trouble !== undefined && trouble !== 'reply lost') throw new SmartSupportError(trouble, 'as told');
    const held = this.held.get(command);
    const heldBefore = this.heldBefore.get(command);
    if (heldBefore && (await heldBefore) === 'are refused') throw this.gone('unavailable');
    const reply = await work();
    this.carriedOut.push(line);
    if ((await held) === 'are lost' || trouble === 'reply lost') throw this.gone('outcome_unknown');
    return reply;
  }

  private gone(code: 'unavailable' | 'outcome_unknown'): SmartSupportError {
    this.change('down');
    return new SmartSupportError(code, 'as told');
  }

  private known({ id, input, idempotency_key, duplicate_key }: NewTicket): AcceptResult | undefined {
    const byKey = [...this.adopted.values()].find(
      (adopted) =>
        input.id === undefined &&
        (idempotency_key === undefined
          ? duplicate_key !== undefined && adopted.duplicate_key === duplicate_key
          : adopted.idempotency_key === idempotency_key),
    );
    const record = (byKey ?? this.adopted.get(id))?.record;
    if (!record) return undefined;
    if (record.ticket.text !== input.text) return { outcome: 'conflict', ticket_id: record.ticket.id };
    return { outcome: 'repeated', record };
  }

  private completeAdopted(id: string): TicketRecord | undefined {
    const adopted = this.adopted.get(id);
    if (!adopted) return undefined;
    const { ticket } = adopted.record;
    if (ticket.status === 'completed') return adopted.record;
    if (ticket.status !== 'assigned') throw new SmartSupportError('transition_not_allowed', ticket.status);
    const record: TicketRecord = { ...adopted.record, ticket: { ...ticket, status: 'completed', resolution: 'agent' } };
    this.adopted.set(id, { ...adopted, record });
    return record;
  }

  private change(to: Availability): void {
    if (this.availability === to) return;
    this.availability = to;
    for (const listener of this.listeners) listener(to);
  }
}
