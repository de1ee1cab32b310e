import { randomUUID } from 'node:crypto';
import {
  type AcceptResult,
  type AgentProfile,
  type AgentSlots,
  type Broker,
  DEFAULT_BROKER_OPTIONS,
  type LocalBroker,
  type SharedBroker,
  SmartSupportError,
  type TimerClock,
  isSmartSupportError,
  isStoreAwayOrClosed,
} from '@smart-support/contracts';
import { duplicateKeyOf, type OfferedTicket, type Pipeline, type PipelineDependencies } from '@smart-support/pipeline';
import { Handoff } from './handoff';
import { copyRoster } from './create-failover';
import { type Seen, SeenTickets } from './seen-tickets';
import { failoverIncidents } from './failover-incidents';
import type { Mode, FailoverService, Submission } from './failover-service';

/** Interval in which finished tickets are handed over while the shared broker is up, in milliseconds. */
const HANDOFF_MS = 1_000;

/** The roster is copied once in so many handoff rounds. */
const ROUNDS_PER_COPY = 10;

/** What {@link BrokerFailover} works with. */
export interface FailoverDependencies extends Omit<PipelineDependencies, 'broker' | 'clock' | 'newId'> {
  /** Serves while the shared one is away. A consumer of the process works on its retries. */
  readonly local: LocalBroker;
  /** Serves while it is up; `undefined` if there is none. */
  readonly shared?: SharedBroker | undefined;
  /** Loaded into a shared broker that never had agents. */
  readonly roster: readonly AgentProfile[];
  readonly clock?: TimerClock;
  /** As in the options of both brokers; their default by default. */
  readonly duplicateMs?: number;
  /** Notified when the roster was loaded into the shared broker. */
  readonly onSeeded?: () => void;
  /** Notified of the mode from now on. */
  readonly onMode?: (mode: Mode) => void;
  /** Notified of a ticket that was handed over to the shared broker. */
  readonly onMoved?: (ticketId: string) => void;
  /** Notified of errors of handoffs and roster copies, which are tried again. */
  readonly onError?: (error: unknown) => void;
}

/** A ticket with the id that it gets if it is new. */
type NamedTicket = OfferedTicket & { readonly id: string };

/** A local and a shared broker as one: the shared one serves while it is up, else the local one. */
export class BrokerFailover implements FailoverService {
  readonly agents: Omit<AgentSlots, 'seed'>;
  readonly deadLetters: Broker['deadLetters'];
  readonly incidents: Broker['incidents'];
  readonly tickets: FailoverService['tickets'];
  private readonly duplicateMs: number;
  private readonly seen: SeenTickets;
  private readonly handoff: Handoff | undefined;
  private currentMode: Mode = 'sync';
  private rounds = 0;
  private stopping: Promise<void> | undefined;
  private cancelFollowing: () => void = () => undefined;
  private unfollow: () => void = () => undefined;
  private following = Promise.resolve();

  constructor(
    private readonly deps: FailoverDependencies & { readonly clock: TimerClock },
    private readonly pipeline: Pipeline,
    private readonly sharedPipeline: Pipeline | undefined,
  ) {
    const { local, shared, onError = () => undefined, duplicateMs = DEFAULT_BROKER_OPTIONS.duplicateMs } = deps;
    this.duplicateMs = duplicateMs;
    this.seen = new SeenTickets(deps.clock, duplicateMs);
    this.handoff = shared && new Handoff(local, shared, { onError, onMoved: (ticketId) => this.onMoved(ticketId) });
    this.agents = {
      list: async () => this.brokerFor().agents.list(),
      put: async (id, agent) => this.authority().agents.put(id, agent),
      remove: async (id) => this.authority().agents.remove(id),
    };
    this.tickets = {
      get: async (id) => (await local.tickets.get(id)) ?? (await this.brokerFor('all').tickets.get(id)),
      list: async (query) => this.brokerFor().tickets.list(query),
      count: async (query) => this.brokerFor().tickets.count(query),
      complete: (id, ...how) => this.inItsBroker(id, ({ tickets }) => tickets.complete(id, ...how)),
      reassign: (id, ...how) => this.inItsBroker(id, ({ tickets }) => tickets.reassign(id, ...how)),
      amend: (id, ...how) => this.inItsBroker(id, ({ tickets }) => tickets.amend(id, ...how)),
      cancel: (id, ...how) => this.inItsBroker(id, ({ tickets }) => tickets.cancel(id, ...how)),
      reopen: (id, ...how) => this.inItsBroker(id, ({ tickets }) => tickets.reopen(id, ...how)),
      note: (id, ...how) => this.inItsBroker(id, ({ tickets }) => tickets.note(id, ...how)),
    };
    this.incidents = failoverIncidents({
      local,
      serving: (what) => this.brokerFor(what),
      handOff: async (id) => (this.currentMode === 'async' ? this.handoff?.move(id) : undefined),
    });
    this.deadLetters = {
      list: async (cursor) => this.brokerFor().deadLetters.list(cursor),
      retry: (id) => this.inItsBroker(id, (broker) => broker.deadLetters.retry(id)),
      remove: (id) => this.inItsBroker(id, (broker) => broker.deadLetters.remove(id)),
    };
  }

  /** {@inheritDoc FailoverService.mode} */
  get mode(): Mode {
    return this.currentMode;
  }

  /** {@inheritDoc FailoverService.start} */
  start(): void {
    const { shared } = this.deps;
    if (!shared) return;
    this.unfollow = shared.onAvailability(() => this.followChange());
    this.followChange();
  }

  /** {@inheritDoc FailoverService.stop} */
  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  /** {@inheritDoc FailoverService.submit} */
  async submit(offered: OfferedTicket): Promise<Submission> {
    const duplicateKey = this.duplicateMs > 0 ? duplicateKeyOf(offered, this.deps.isMachine ?? (() => false)) : null;
    const before = this.seen.find({ ...offered, duplicateKey });
    // One with an unknown outcome keeps the id that its sender got.
    const again = before?.isSure === false ? before.ticketId : undefined;
    const id = offered.input.id ?? again ?? offered.id ?? randomUUID();
    const named: NamedTicket = { ...offered, id, duplicateKey };
    if (this.currentMode === 'async' && !(before?.place === 'local' && (await this.isStillHere(before)))) {
      const submission = await this.queue(named);
      if (submission) return submission;
    }
    const elsewhere = this.seen.find(named);
    // The shared broker may have the ticket and cannot be asked now: it must not be started a second time.
    if (elsewhere?.place === 'shared') return { how: 'unknown', ticket_id: elsewhere.ticketId };
    try {
      return { how: 'routed', result: await this.routeHere(named) };
    } catch (error) {
      const left = this.seen.find(named);
      if (left?.place !== 'shared' || !isSmartSupportError(error, 'unavailable')) throw error;
      return { how: 'unknown', ticket_id: left.ticketId };
    }
  }

  /** {@inheritDoc FailoverService.report} */
  async report(): ReturnType<FailoverService['report']> {
    return this.brokerFor().queue.report();
  }

  /** {@inheritDoc FailoverService.workers} */
  async workers(): ReturnType<FailoverService['workers']> {
    return this.currentMode === 'async' ? this.brokerFor().workers.list() : [];
  }

  private async end(): Promise<void> {
    this.unfollow();
    this.cancelFollowing();
    await this.following;
    if (this.currentMode === 'async') await this.handoff?.moveAll();
  }

  /** Queues a ticket at the shared broker; `undefined` if that is away and does not have it. */
  private async queue(named: NamedTicket): Promise<Submission | undefined> {
    if (!this.sharedPipeline) return undefined;
    const tracked = this.seen.trackOffer(named, named.id, 'shared');
    try {
      const [result] = await this.sharedPipeline.accept([named]);
      if (!result) throw new SmartSupportError('internal', 'The queue gave no answer for an offered ticket.');
      if (result.outcome === 'full') tracked.refused();
      else tracked.accepted(idIn(result));
      return { how: 'queued', result };
    } catch (error) {
      if (isSmartSupportError(error, 'unavailable')) {
        tracked.refused();
        return undefined;
      }
      tracked.unknown();
      if (!isSmartSupportError(error, 'outcome_unknown')) throw error;
      return { how: 'unknown', ticket_id: this.seen.find(named)?.ticketId ?? named.id };
    }
  }

  private async routeHere(named: NamedTicket): Promise<AcceptResult> {
    const tracked = this.seen.trackOffer(named, named.id, 'local');
    try {
      // A ticket that was handed over in the meantime is unknown here, and must not be started a second time.
      const result = await this.pipeline.route(named, () => {
        if (this.seen.find(named)?.place === 'shared') throw unavailable();
      });
      if (result.outcome === 'full') tracked.refused();
      else tracked.accepted(idIn(result));
      return result;
    } catch (error) {
      tracked.unknown();
      throw error;
    }
  }

  /** Whether a ticket of the local broker has not been handed over yet. */
  private async isStillHere({ ticketId, isAsked }: Seen): Promise<boolean> {
    if (isAsked) return true;
    // If the shared broker is away, the next command finds out.
    await this.handoff?.move(ticketId).catch(() => undefined);
    return (await this.deps.local.tickets.get(ticketId)) !== undefined;
  }

  /** Changes a ticket in the broker that has it. While the shared one is up, a ticket that is finished here is handed over first. */
  private async inItsBroker<Result>(ticketId: string, change: (broker: Broker) => Promise<Result>): Promise<Result> {
    const { local } = this.deps;
    const { handoff } = this;
    if (this.currentMode === 'async') {
      await handoff?.move(ticketId).catch((error: unknown) => {
        // A broker that is up but refuses has no space: the ticket is changed here and handed over later.
        if (!isSmartSupportError(error, 'unavailable') || this.currentMode === 'sync') throw error;
      });
    }
    for (let move = handoff?.inProgress(ticketId); move; move = handoff?.inProgress(ticketId)) await move;
    // A change made here would be lost if the shared broker has the ticket as it was before.
    if (handoff?.mayHaveArrived(ticketId)) throw unavailable();
    // No await in between, so that no handoff can begin.
    if (local.finishedById(ticketId)) return change(local);
    return change((await local.tickets.get(ticketId)) ? local : this.brokerFor('all'));
  }

  private onMoved(ticketId: string): void {
    this.seen.noteHandoff(ticketId);
    this.deps.onMoved?.(ticketId);
  }

  /**
   * The broker that serves now.
   * @param what - `all` if the answer depends on what only the shared one has
   */
  private brokerFor(what: 'some' | 'all' = 'some'): Broker {
    const { local, shared } = this.deps;
    if (!shared) return local;
    if (this.currentMode === 'async') return shared;
    if (what === 'all') throw unavailable();
    return local;
  }

  /** The broker that keeps changes of agents. */
  private authority(): Broker {
    return this.brokerFor('all');
  }

  private followChange(): void {
    const { shared, onMode } = this.deps;
    const mode = shared?.availability === 'up' ? 'async' : 'sync';
    this.cancelFollowing();
    if (mode !== this.currentMode) {
      this.currentMode = mode;
      this.rounds = 0;
      onMode?.(mode);
    }
    if (mode === 'async') this.follow();
  }

  /** While the shared broker is up: hands over finished tickets, and copies the roster from time to time. */
  private follow(): void {
    this.following = this.following
      .then(() => this.followOnce())
      .then(() => {
        if (this.stopping || this.currentMode === 'sync') return;
        this.cancelFollowing();
        this.cancelFollowing = this.deps.clock.after(HANDOFF_MS, () => this.follow());
      });
  }

  private async followOnce(): Promise<void> {
    const { shared, local, roster, onError } = this.deps;
    if (!shared || this.currentMode === 'sync') return;
    try {
      const isTimeToCopy = this.rounds % ROUNDS_PER_COPY === 0;
      // Repeated, because the store may have been emptied.
      if (isTimeToCopy && (await shared.agents.seed(roster))) this.deps.onSeeded?.();
      await this.handoff?.moveAll();
      if (isTimeToCopy) await copyRoster(shared.agents, local.agents);
      this.rounds += 1;
    } catch (error) {
      // Its availability reports that it is away.
      if (!isStoreAwayOrClosed(error)) onError?.(error);
    }
  }
}

function idIn(result: Exclude<AcceptResult, { readonly outcome: 'full' }>): string {
  return 'record' in result ? result.record.ticket.id : result.ticket_id;
}

function unavailable(): SmartSupportError {
  return new SmartSupportError('unavailable', 'The shared store cannot be reached, and only it has the answer');
}
