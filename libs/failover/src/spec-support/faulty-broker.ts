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
 * How a command fails: it is refused before anything is written, it is lost on its way, or it is carried out and
 * the reply is lost. After each of these the store is away. Any other code is thrown as it is, and the store stays up.
 */
export type Fault = 'refused' | 'command lost' | 'reply lost' | ErrorCode;

/** The commands of the store that can fail. */
export type Command = 'accept' | 'adopt' | 'agents' | 'other';

/** A shared store, made of a memory broker, whose availability and errors the test controls. */
export class FaultyBroker implements SharedBroker {
  availability: Availability = 'down';
  /** Every command that was carried out, in order: its name, and the number of tickets or the id. */
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
  private readonly faults = new Map<Command, (Fault | undefined)[]>();
  private readonly delayedReplies = new Map<Command, Promise<'arrive' | 'are lost'>>();
  private readonly delayedCommands = new Map<Command, Promise<'arrive' | 'are refused'>>();

  /** @param inner - the broker that the workers of the store see */
  constructor(private readonly inner: Broker) {
    const { queue, tickets, agents, deadLetters, incidents, storms, outbox, workers } = inner;
    const other = <Args extends readonly unknown[], Reply>(call: (...args: Args) => Promise<Reply>) => {
      return (...args: Args) => this.runCommand('other', 'other', () => call(...args));
    };
    this.queue = {
      ...queue,
      accept: (offers) =>
        this.runCommand('accept', `accept ${offers.length}`, async () => {
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
      list: () => this.runCommand('agents', 'list agents', () => agents.list()),
      put: (id, agent) => this.runCommand('agents', `put ${id}`, () => agents.put(id, agent)),
      remove: (id) => this.runCommand('agents', `remove ${id}`, () => agents.remove(id)),
      seed: (roster) => this.runCommand('agents', 'seed', () => agents.seed(roster)),
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

  /** Ids of the adopted tickets. */
  get adoptedIds(): string[] {
    return [...this.adopted.keys()].sort();
  }

  /** Notifies a listener of every change. @returns removes the listener */
  onAvailability(listener: (availability: Availability) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Number of listeners. */
  get listenerCount(): number {
    return this.listeners.size;
  }

  /** Adopts a ticket, unless it is known. */
  adopt(finished: FinishedTicket): Promise<'adopted' | 'known'> {
    const { id, status } = finished.record.ticket;
    return this.runCommand('adopt', `adopt ${id} ${status}`, async () => {
      if (this.adopted.has(id) || (await this.inner.tickets.get(id))) return 'known';
      this.adopted.set(id, finished);
      return 'adopted';
    });
  }

  /** Makes the store unavailable. */
  async close(): Promise<void> {
    this.change('down');
  }

  /** Makes the store available. */
  goUp(): void {
    this.change('up');
  }

  /** Makes the store unavailable. */
  goDown(): void {
    this.change('down');
  }

  /** Lets the next command of this kind fail, or the one after `after` successful ones. */
  failNext(command: Command, fault: Fault, after = 0): void {
    const goWell = Array.from({ length: after }, () => undefined);
    this.faults.set(command, [...(this.faults.get(command) ?? []), ...goWell, fault]);
  }

  /** Cancels the faults that have not happened yet. */
  clearFaults(): void {
    this.faults.clear();
  }

  /**
   * Delays the replies of commands of this kind, which are carried out, until the returned function is called. If the replies are lost, the store
   * becomes unavailable.
   */
  delayReplies(command: Command): (outcome: 'arrive' | 'are lost') => void {
    let release: (outcome: 'arrive' | 'are lost') => void = () => undefined;
    this.delayedReplies.set(command, new Promise((resolve) => (release = resolve)));
    return (outcome) => {
      this.delayedReplies.delete(command);
      release(outcome);
    };
  }

  /**
   * Delays commands of this kind on their way to the store until the returned function is called. If they are refused, the store becomes unavailable
   * with nothing written.
   */
  delayCommands(command: Command): (outcome: 'arrive' | 'are refused') => void {
    let release: (outcome: 'arrive' | 'are refused') => void = () => undefined;
    this.delayedCommands.set(command, new Promise((resolve) => (release = resolve)));
    return (outcome) => {
      this.delayedCommands.delete(command);
      release(outcome);
    };
  }

  private async runCommand<Reply>(command: Command, line: string, work: () => Promise<Reply>): Promise<Reply> {
    if (this.availability === 'down') throw new SmartSupportError('unavailable', 'away');
    const fault = this.faults.get(command)?.shift();
    if (fault === 'refused') throw this.goDownWith('unavailable');
    if (fault === 'command lost') throw this.goDownWith('outcome_unknown');
    if (fault !== undefined && fault !== 'reply lost') throw new SmartSupportError(fault, 'injected fault');
    const delayedReply = this.delayedReplies.get(command);
    const delayedCommand = this.delayedCommands.get(command);
    if (delayedCommand && (await delayedCommand) === 'are refused') throw this.goDownWith('unavailable');
    const reply = await work();
    this.carriedOut.push(line);
    if ((await delayedReply) === 'are lost' || fault === 'reply lost') throw this.goDownWith('outcome_unknown');
    return reply;
  }

  private goDownWith(code: 'unavailable' | 'outcome_unknown'): SmartSupportError {
    this.change('down');
    return new SmartSupportError(code, 'injected fault');
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
