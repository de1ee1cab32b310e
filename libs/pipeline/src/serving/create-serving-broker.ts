import { randomUUID } from 'node:crypto';
import {
  type AgentProfile,
  type AgentSlots,
  type Broker,
  type LocalBroker,
  type SharedBroker,
  SmartSupportError,
  type TimerClock,
  isSmartSupportError,
  systemClock,
} from '@smart-support/contracts';
import { type OfferedTicket, type Pipeline, type PipelineDependencies, createPipeline } from '../pipeline';
import { AcceptTogether } from './accept-together';
import { HandOver } from './hand-over';
import { copyRoster } from './roster-copy';
import { SeenTickets } from './seen-tickets';
import type { Mode, ServingBroker, Submission } from './serving-broker';

/** How often finished tickets are looked for that are still here although the shared broker is back. */
const HAND_OVER_MS = 1_000;

/** Every so many looks, the agents are copied. */
const LOOKS_PER_COPY = 10;

/** What serving is made of. */
export interface ServingDependencies extends Omit<PipelineDependencies, 'broker' | 'clock' | 'newId'> {
  /** Serves while there is no other. Its retries are worked on by a consumer of the process. */
  readonly local: LocalBroker;
  /** Serves whenever it is up; `undefined` where there is none. */
  readonly shared?: SharedBroker | undefined;
  /** Loaded into each broker that has no agents yet. */
  readonly roster: readonly AgentProfile[];
  readonly clock?: TimerClock;
  /** Told who serves from now on. */
  readonly onMode?: (mode: Mode) => void;
  /** Told that a ticket finished here is in the shared broker now. */
  readonly onMoved?: (ticketId: string) => void;
  /** Told what went wrong on the way of following the shared broker; it is tried again. */
  readonly onError?: (error: unknown) => void;
}

/** A {@link ServingBroker}, and the pipeline of this process: work through the local broker, explanations of any ticket. */
export interface Serving {
  readonly broker: ServingBroker;
  readonly pipeline: Pick<Pipeline, 'work' | 'explain'>;
}

/** Puts the two brokers together. */
export function createServing(deps: ServingDependencies): Serving {
  const { local, shared, clock = systemClock, ...rest } = deps;
  const pipeline = createPipeline({ ...rest, clock, broker: local });
  const sharedPipeline = shared && createPipeline({ ...rest, clock, broker: shared });
  return { broker: new SwitchingBroker({ ...deps, clock }, pipeline, sharedPipeline), pipeline };
}

class SwitchingBroker implements ServingBroker {
  readonly agents: Omit<AgentSlots, 'seed'>;
  readonly deadLetters: Broker['deadLetters'];
  private readonly seen = new SeenTickets();
  private readonly together: AcceptTogether | undefined;
  private readonly handOver: HandOver | undefined;
  private servedBy: Mode = 'sync';
  private looks = 0;
  private seeded = false;
  private stopped = false;
  private takeBack: () => void = () => undefined;
  private unfollow: () => void = () => undefined;
  private looking = Promise.resolve();

  constructor(
    private readonly deps: ServingDependencies & { readonly clock: TimerClock },
    private readonly pipeline: Pipeline,
    sharedPipeline: Pipeline | undefined,
  ) {
    const { local, shared, onError = () => undefined, onMoved = () => undefined } = deps;
    this.handOver = shared && new HandOver(local, shared, { onError, onMoved });
    this.together = sharedPipeline && new AcceptTogether((offered) => sharedPipeline.accept(offered));
    this.agents = {
      list: () => this.serving().agents.list(),
      put: (id, agent) => this.authority().agents.put(id, agent),
      remove: (id) => this.authority().agents.remove(id),
    };
    this.deadLetters = {
      list: (cursor) => this.serving().deadLetters.list(cursor),
      retry: async (id) => (await this.holderOf(id)).deadLetters.retry(id),
      remove: async (id) => (await this.holderOf(id)).deadLetters.remove(id),
    };
  }

  get mode(): Mode {
    return this.servedBy;
  }

  start(): void {
    const { shared } = this.deps;
    if (!shared) return;
    this.unfollow = shared.onAvailability(() => this.follow());
    this.follow();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.unfollow();
    this.takeBack();
    await this.looking;
    if (this.servedBy === 'async') await this.handOver?.moveAll();
  }

  async submit(offered: OfferedTicket): Promise<Submission> {
    const named: OfferedTicket = { ...offered, id: offered.input.id ?? offered.id ?? randomUUID() };
    const before = this.seen.find(named);
    if (this.servedBy === 'async') {
      const stillHere = before?.place === 'local' && (await this.isStillHere(before.ticketId));
      if (!stillHere) {
        const submission = await this.queue(named);
        if (submission) return submission;
      }
    }
    // Where it went before cannot be asked now, and it must not be started a second time.
    if (before?.place === 'shared') return { how: 'unknown', ticket_id: before.ticketId };
    const result = await this.pipeline.route(named);
    if (result.outcome === 'accepted') this.seen.note(named, result.record.ticket.id, 'local');
    return { how: 'routed', result };
  }

  async get(ticketId: string): ReturnType<ServingBroker['get']> {
    return (await this.deps.local.tickets.get(ticketId)) ?? (await this.serving('all').tickets.get(ticketId));
  }

  async complete(
    ...[ticketId, corrections]: Parameters<ServingBroker['complete']>
  ): ReturnType<ServingBroker['complete']> {
    return (await this.holderOf(ticketId)).tickets.complete(ticketId, corrections);
  }

  async report(): ReturnType<ServingBroker['report']> {
    return this.serving().queue.report();
  }

  async workers(): ReturnType<ServingBroker['workers']> {
    return this.servedBy === 'async' ? this.serving().workers.list() : [];
  }

  /** Puts a ticket on the shared queue; `undefined` if that is away and surely has not got it. */
  private async queue(named: OfferedTicket): Promise<Submission | undefined> {
    const id = named.id ?? '';
    try {
      const result = await this.together?.accept(named);
      if (!result) return undefined;
      if (result.outcome === 'accepted' || result.outcome === 'repeated') {
        this.seen.note(named, result.record.ticket.id, 'shared');
      }
      return { how: 'queued', result };
    } catch (error) {
      if (isSmartSupportError(error, 'unavailable')) return undefined;
      if (!isSmartSupportError(error, 'fate_unknown')) throw error;
      this.seen.note(named, id, 'shared');
      return { how: 'unknown', ticket_id: id };
    }
  }

  /** Whether a ticket of the local broker could not be handed over yet. */
  private async isStillHere(ticketId: string): Promise<boolean> {
    // Whoever is away now will be found to be so by the next command.
    await this.handOver?.move(ticketId).catch(() => undefined);
    return (await this.deps.local.tickets.get(ticketId)) !== undefined;
  }

  /** The broker that has a ticket. With the shared one up, a ticket that is finished here goes there first. */
  private async holderOf(ticketId: string): Promise<Broker> {
    const { local } = this.deps;
    if (this.servedBy === 'async') await this.handOver?.move(ticketId);
    return (await local.tickets.get(ticketId)) ? local : this.serving('all');
  }

  /**
   * The broker that serves now.
   * @param what - `all` if the answer must take in what only the shared one knows
   */
  private serving(what: 'some' | 'all' = 'some'): Broker {
    const { local, shared } = this.deps;
    if (!shared) return local;
    if (this.servedBy === 'async') return shared;
    if (what === 'all') throw away();
    return local;
  }

  /** The broker whose word on agents lasts. */
  private authority(): Broker {
    return this.serving('all');
  }

  private follow(): void {
    const { shared, onMode } = this.deps;
    const mode = shared?.availability === 'up' && !this.stopped ? 'async' : 'sync';
    this.takeBack();
    if (mode !== this.servedBy) {
      this.servedBy = mode;
      this.looks = 0;
      onMode?.(mode);
    }
    if (mode === 'async') this.look();
  }

  /** While the shared broker is up: hands over what was finished here, and copies the agents now and then. */
  private look(): void {
    this.looking = this.looking
      .then(() => this.lookOnce())
      .then(() => {
        if (this.stopped || this.servedBy === 'sync') return;
        this.takeBack();
        this.takeBack = this.deps.clock.after(HAND_OVER_MS, () => this.look());
      });
  }

  private async lookOnce(): Promise<void> {
    const { shared, local, roster, onError } = this.deps;
    if (!shared || this.servedBy === 'sync') return;
    try {
      if (!this.seeded) {
        await shared.agents.seed(roster);
        this.seeded = true;
      }
      await this.handOver?.moveAll();
      if (this.looks % LOOKS_PER_COPY === 0) await copyRoster(shared.agents, local.agents);
      this.looks += 1;
    } catch (error) {
      // That it went away once more is told by its availability.
      if (!isSmartSupportError(error, 'unavailable') && !isSmartSupportError(error, 'closed')) onError?.(error);
    }
  }
}

function away(): SmartSupportError {
  return new SmartSupportError('unavailable', 'The shared store cannot be reached, and only it can know');
}
