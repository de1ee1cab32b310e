import { getHeapStatistics } from 'node:v8';
import { AgentRegistry } from '@smart-support/agent-registry';
import {
  DEFAULT_BROKER_OPTIONS,
  IDEMPOTENCY_KEY_TTL_MS,
  SmartSupportError,
  systemClock,
  type AgentProfile,
  type BrokerObserver,
  type BrokerOptions,
  type LocalBroker,
  type TimerClock,
} from '@smart-support/contracts';
import { NO_SEED_REFERENCE, type SeedReference } from '@smart-support/storm';
import { Assignments } from './assignments';
import { ByteBudget } from './byte-budget';
import { MemoryDeadLetters } from './dead-letters';
import { HandoffSource } from './handoff-source';
import { Admission } from './admission';
import { MemoryOutbox } from './outbox';
import { IdempotencyKeys } from './idempotency-keys';
import { IncidentTable } from './incident-table';
import { IncidentEvents } from './incident-events';
import { IncidentTickets } from './incident-tickets';
import { Lanes } from './lanes';
import { Leases } from './leases';
import { MemoryWorkers } from './workers';
import { MemberSettlement } from './member-settlement';
import { MemoryStorms } from './storms';
import { TicketTable } from './ticket-table';
import { MemoryTickets } from './tickets';
import { Timestamps } from './timestamps';
import { WaitingLines } from './waiting-lines';
import { MemoryQueue } from './queue';

/** What a memory broker needs from outside. */
export interface MemoryBrokerDependencies {
  /**
   * `now` dates tickets; `monotonic` measures leases, delays and the life of idempotency keys and workers;
   * `after` ends the wait for work. The machine's own by default.
   */
  readonly clock?: TimerClock;
  /** A number in [0, 1) for the jitter of retries; `Math.random` by default. */
  readonly random?: () => number;
  /** Told what becomes of tickets; nobody by default. */
  readonly observer?: BrokerObserver;
  /** What tells what is usual until the tickets themselves do; nothing by default. */
  readonly usualTickets?: SeedReference;
}

/** Share of the heap that tickets may fill where no other bound is set: as much is left for requests, models and the collector of garbage. */
const HEAP_SHARE = 0.5;

const NOBODY: BrokerObserver = { status: () => undefined, deadLetterLost: () => undefined };

/**
 * A broker that lives in this process: for the synchronous mode, for tests and for trying things out. What it holds
 * goes with it. Leases and delays are looked at when somebody calls, so `sweep` must be called now and then; only a
 * wait for work has a timer.
 * @param settings - whatever is left out is as in `DEFAULT_BROKER_OPTIONS`
 *
 * Its parts follow a ticket's way: the door lets it in, the lanes queue it, leases say who works on it, the desk takes
 * what was decided, assignments find the agent or a place in the waiting lines, the outbox keeps what is to be told,
 * and the book knows every ticket and its status. The storm desk sees which tickets have one cause; the incident book
 * keeps what operators see of that. Records it hands out are its own: read them, do not change them.
 */
export function createMemoryBroker(
  settings: Partial<BrokerOptions> = {},
  dependencies: MemoryBrokerDependencies = {},
): LocalBroker {
  const {
    clock = systemClock,
    random = Math.random,
    observer = NOBODY,
    usualTickets = NO_SEED_REFERENCE,
  } = dependencies;
  const options = { ...DEFAULT_BROKER_OPTIONS, ...settings };
  const timestamps = new Timestamps(clock);
  const keys = new IdempotencyKeys(clock, IDEMPOTENCY_KEY_TTL_MS);
  const duplicates = new IdempotencyKeys(clock, options.duplicateMs);
  const budget = new ByteBudget(options.memoryMaxBytes ?? getHeapStatistics().heap_size_limit * HEAP_SHARE);
  const book = new TicketTable(keys, duplicates, options.ticketsKept, observer, budget);
  const lanes = new Lanes(clock);
  const leases = new Leases(book, clock, options.leaseMs);
  const deadLetters = new MemoryDeadLetters(book, lanes, timestamps, options.deadLettersMax, observer);
  const registry = new AgentRegistry(clock);
  const waitingLines = new WaitingLines(options.waitAgeingMs);
  const assignments = new Assignments(book, registry, waitingLines, timestamps);
  const door = new Admission(book, keys, duplicates, lanes, timestamps, budget, options);
  const queue = new MemoryQueue(book, lanes, leases, deadLetters, clock, random, options);
  const outbox = new MemoryOutbox(clock, budget);
  const incidents = new IncidentTable(book, clock, options);
  const incidentTickets = new IncidentTickets(book, incidents, lanes, assignments, timestamps);
  const news = new IncidentEvents(incidents, outbox, clock, timestamps);
  const settlement = new MemberSettlement(incidents, incidentTickets);
  const storms = new MemoryStorms(
    options,
    usualTickets,
    book,
    leases,
    incidents,
    incidentTickets,
    settlement,
    news,
    clock,
  );
  const desk = new MemoryTickets(book, leases, assignments, incidents, incidentTickets, outbox, timestamps);
  const workers = new MemoryWorkers(clock);
  const departures = new HandoffSource(book, assignments, deadLetters, outbox, incidents, incidentTickets, storms);

  let closed = false;
  const mustBeOpen = (): void => {
    if (closed) throw new SmartSupportError('closed', 'The broker was closed');
  };
  /** The same as a promise, refused once the broker is closed. */
  const whileOpen =
    <Args extends readonly unknown[], Result>(operation: (...args: Args) => Result | Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      mustBeOpen();
      return operation(...args);
    };

  let hadAgents = false;
  const seed = (agents: readonly AgentProfile[]): boolean => {
    if (hadAgents) return false;
    hadAgents = agents.length > 0;
    for (const { id, ...agent } of agents) registry.put(id, agent);
    assignments.handOutSlots();
    return true;
  };

  return {
    queue: {
      waitForWork: whileOpen((timeoutMs) => lanes.waitForNext(timeoutMs)),
      accept: whileOpen((offers) => offers.map((offer) => door.accept(offer))),
      claim: whileOpen((limit) => queue.claim(limit)),
      claimById: whileOpen((ticketId) => queue.claimById(ticketId)),
      heartbeat: whileOpen((claims) => queue.heartbeat(claims)),
      fail: whileOpen((claim, error) => queue.fail(claim, error)),
      release: whileOpen((claim) => queue.release(claim)),
      sweep: whileOpen(() => {
        const moved = queue.sweep();
        storms.passTime();
        return moved;
      }),
      report: whileOpen(() => ({ ...queue.report(), waiting: waitingLines.sizes(), outbox: outbox.size })),
    },
    tickets: {
      get: whileOpen((ticketId) => book.find(ticketId)?.record),
      commit: whileOpen((claim, decision) => desk.commit(claim, decision)),
      complete: whileOpen((ticketId, corrections) => desk.complete(ticketId, corrections)),
    },
    agents: {
      list: whileOpen(() => registry.list()),
      put: whileOpen((agentId, input) => {
        hadAgents = true;
        registry.put(agentId, input);
        assignments.handOutSlots();
        return registry.get(agentId);
      }),
      remove: whileOpen((agentId) => {
        if (!assignments.dismiss(agentId)) throw new SmartSupportError('not_found', `There is no agent "${agentId}"`);
      }),
      seed: whileOpen(seed),
    },
    storms: {
      judge: whileOpen((claim, arrival) => storms.judge(claim, arrival)),
    },
    incidents: {
      list: whileOpen((query) => incidents.list(query)),
      get: whileOpen((incidentId) => incidents.find(incidentId)?.describe()),
      members: whileOpen((incidentId, cursor) => incidents.members(incidentId, cursor)),
      doubtfulMembers: whileOpen((incidentId, cursor) => incidents.doubtfulMembers(incidentId, cursor)),
      open: whileOpen((title, ticketIds) => storms.open(title, ticketIds)),
      confirm: whileOpen((incidentId) => storms.decide(incidentId, 'confirm')),
      resolve: whileOpen((incidentId, { completeDoubtful = false } = {}) =>
        storms.resolve(incidentId, completeDoubtful),
      ),
      reject: whileOpen((incidentId) => storms.decide(incidentId, 'reject')),
      unlink: whileOpen((incidentId, ticketId) => storms.unlink(incidentId, ticketId)),
    },
    deadLetters: {
      list: whileOpen((cursor) => deadLetters.list(cursor)),
      retry: whileOpen((ticketId) => deadLetters.retry(ticketId)),
      remove: whileOpen((ticketId) => deadLetters.remove(ticketId)),
    },
    outbox: {
      claim: whileOpen((limit, leaseMs) => outbox.claim(limit, leaseMs)),
      acknowledge: whileOpen((id) => outbox.acknowledge(id)),
      retryLater: whileOpen((id, attempts, delayMs) => outbox.retryLater(id, attempts, delayMs)),
    },
    workers: {
      announce: whileOpen((status, ttlMs) => workers.announce(status, ttlMs)),
      leave: whileOpen((workerId) => workers.leave(workerId)),
      list: whileOpen(() => workers.list()),
    },
    bytes: budget,
    unsavedIds: () => {
      mustBeOpen();
      return departures.unsavedIds();
    },
    finished: (limit) => {
      mustBeOpen();
      return departures.finished(limit);
    },
    finishedById: (ticketId) => {
      mustBeOpen();
      return departures.finishedById(ticketId);
    },
    beginHandoff: (ticketId) => {
      mustBeOpen();
      departures.begin(ticketId);
    },
    abortHandoff: (ticketId) => {
      mustBeOpen();
      departures.abort(ticketId);
    },
    completeHandoff: (ticketId) => {
      mustBeOpen();
      departures.complete(ticketId);
    },
    close: async () => {
      closed = true;
      lanes.close();
      settlement.close();
    },
  };
}
