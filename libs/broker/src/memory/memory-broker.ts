import { getHeapStatistics } from 'node:v8';
import { AgentRegistry } from '@smart-support/agent-registry';
import {
  DEFAULT_BROKER_OPTIONS,
  IDEMPOTENCY_KEY_TTL_MS,
  SmartSupportError,
  systemClock,
  type BrokerObserver,
  type BrokerOptions,
  type LocalBroker,
  type TimerClock,
} from '@smart-support/contracts';
import { NO_SEED_REFERENCE, type SeedReference } from '@smart-support/storm';
import { MemoryAgents } from './agents';
import { MemoryDeadLetters } from './dead-letters';
import { HandoffSource } from './handoff-source';
import { MemoryIncidents } from './incidents';
import { Admission } from './operations/admission';
import { Assignments } from './operations/assignments';
import { IncidentEvents } from './operations/incident-events';
import { IncidentTickets } from './operations/incident-tickets';
import { MemberSettlement } from './operations/member-settlement';
import { StormLog } from './operations/storm-log';
import { TicketActions } from './operations/ticket-actions';
import { MemoryOutbox } from './outbox';
import { MemoryQueue } from './queue';
import { MemoryStorms } from './storms';
import { ByteBudget } from './tables/byte-budget';
import { IdempotencyKeys } from './tables/idempotency-keys';
import { IncidentTable } from './tables/incident-table';
import { Lanes } from './tables/lanes';
import { Leases } from './tables/leases';
import { TicketTable } from './tables/ticket-table';
import { Timestamps } from './tables/timestamps';
import { WaitingLines } from './tables/waiting-lines';
import { MemoryTickets } from './tickets';
import { MemoryWorkers } from './workers';

/** What a memory broker works with. */
export interface MemoryBrokerDependencies {
  /**
   * `now` dates tickets; `monotonic` measures leases, delays and the life of idempotency keys and workers;
   * `after` ends the wait for work. The system clock by default.
   */
  readonly clock?: TimerClock;
  /** A number in [0, 1) for the jitter of retries; `Math.random` by default. */
  readonly random?: () => number;
  /** Notified of every change of a ticket's status. No-op by default. */
  readonly observer?: BrokerObserver;
  /** The reference sample of the burst detector until there are enough tickets; empty by default. */
  readonly seedReference?: SeedReference;
}

/** Share of the heap that tickets may fill unless `memoryMaxBytes` is set. The rest is for requests, models and garbage collection. */
const HEAP_SHARE = 0.5;

/**
 * A broker in the memory of this process: for the synchronous mode and for tests. Its tickets end with the process. Leases and delays are
 * checked by calls, so `sweep` must be called from time to time; only `waitForWork` has a timer.
 *
 * Each port is a class of its own; `tables/` keeps the state that they share, `operations/` changes several tables at once. Returned records are the
 * broker's own: do not change them.
 * @param settings - `DEFAULT_BROKER_OPTIONS` fills in what is left out
 */
export function createMemoryBroker(
  settings: Partial<BrokerOptions> = {},
  dependencies: MemoryBrokerDependencies = {},
): LocalBroker {
  const { clock = systemClock, random = Math.random, observer = {}, seedReference = NO_SEED_REFERENCE } = dependencies;
  const options = { ...DEFAULT_BROKER_OPTIONS, ...settings };

  const timestamps = new Timestamps(clock);
  const keys = new IdempotencyKeys(clock, IDEMPOTENCY_KEY_TTL_MS);
  const duplicates = new IdempotencyKeys(clock, options.duplicateMs);
  const budget = new ByteBudget(options.memoryMaxBytes ?? getHeapStatistics().heap_size_limit * HEAP_SHARE);
  const table = new TicketTable(keys, duplicates, options.ticketsKept, observer, budget);
  const lanes = new Lanes(clock);
  const leases = new Leases(table, clock, options.leaseMs);
  const waitingLines = new WaitingLines(options.waitAgeingMs);
  const registry = new AgentRegistry(clock);
  const incidentTable = new IncidentTable(table, clock, options);

  const outbox = new MemoryOutbox(clock, budget);
  const deadLetters = new MemoryDeadLetters(table, lanes, timestamps, options.deadLettersMax, observer);
  const admission = new Admission(table, keys, duplicates, lanes, timestamps, budget, options);
  const assignments = new Assignments(table, registry, waitingLines, timestamps);
  const incidentTickets = new IncidentTickets(table, incidentTable, lanes, assignments, timestamps);
  const events = new IncidentEvents(incidentTable, outbox, clock, timestamps);
  const settlement = new MemberSettlement(incidentTable, incidentTickets);
  const log = new StormLog(options.storm, table, incidentTable, incidentTickets, settlement, events, clock);

  const storms = new MemoryStorms(options, seedReference, leases, incidentTable, log, events, clock);
  const queue = new MemoryQueue(
    admission,
    table,
    lanes,
    leases,
    waitingLines,
    deadLetters,
    outbox,
    clock,
    random,
    options,
    () => storms.passTime(),
  );
  const actions = new TicketActions(table, lanes, assignments, incidentTable, incidentTickets, timestamps);
  const tickets = new MemoryTickets(
    table,
    leases,
    assignments,
    incidentTable,
    incidentTickets,
    outbox,
    timestamps,
    actions,
  );
  const agents = new MemoryAgents(registry, assignments);
  const incidents = new MemoryIncidents(table, incidentTable, log);
  const workers = new MemoryWorkers(clock);
  const handoff = new HandoffSource(table, assignments, deadLetters, outbox, incidentTable, incidentTickets, log);

  let isClosed = false;
  /** Methods of a port that call `refuse` once the broker is closed. */
  const methodsOf = <Port extends object, Name extends keyof Port>(
    port: Port,
    names: readonly Name[],
    refuse: (error: SmartSupportError) => unknown = (error) => Promise.reject(error),
  ): Pick<Port, Name> => {
    const closed = () => refuse(new SmartSupportError('closed', 'The broker was closed'));
    const method = (name: Name) => {
      const call = port[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => (isClosed ? closed() : call.apply(port, args));
    };
    return Object.fromEntries(names.map((name) => [name, method(name)])) as Pick<Port, Name>;
  };
  const handoffNames = ['unsavedIds', 'finished', 'finishedById', 'begin', 'abort', 'complete'] as const;
  const { begin, abort, complete, ...finished } = methodsOf(handoff, handoffNames, (error) => {
    throw error;
  });

  return {
    queue: methodsOf(queue, [
      'accept',
      'waitForWork',
      'claim',
      'claimById',
      'heartbeat',
      'fail',
      'requeue',
      'sweep',
      'report',
    ]),
    tickets: methodsOf(tickets, [
      'get',
      'list',
      'count',
      'commit',
      'complete',
      'reassign',
      'amend',
      'cancel',
      'reopen',
      'note',
    ]),
    agents: methodsOf(agents, ['list', 'put', 'remove', 'seed']),
    storms: methodsOf(storms, ['judge']),
    incidents: methodsOf(incidents, [
      'list',
      'get',
      'members',
      'doubtfulMembers',
      'open',
      'confirm',
      'resolve',
      'reject',
      'unlink',
    ]),
    deadLetters: methodsOf(deadLetters, ['list', 'retry', 'remove']),
    outbox: methodsOf(outbox, ['claim', 'acknowledge', 'retryLater', 'endpoint', 'fanOut', 'emit']),
    workers: methodsOf(workers, ['announce', 'leave', 'list']),
    bytes: budget,
    ...finished,
    beginHandoff: begin,
    abortHandoff: abort,
    completeHandoff: complete,
    close: async () => {
      isClosed = true;
      lanes.close();
      settlement.close();
    },
  };
}
