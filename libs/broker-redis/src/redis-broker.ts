import {
  type BrokerObserver,
  type BrokerOptions,
  type ByteUse,
  DEFAULT_BROKER_OPTIONS,
  type RedisProblem,
  type SharedBroker,
  type TimerClock,
  systemClock,
} from '@smart-support/contracts';
import { NO_SEED_REFERENCE, type SeedReference } from '@smart-support/storm';
import { Adoption } from './adoption';
import { LuaCommands } from './commands/lua-commands';
import { RedisLink } from './connection/redis-link';
import { problemOf } from './connection/store-errors';
import { WorkSignal } from './connection/work-signal';
import { keysOf } from './keys';
import { RedisAgents } from './agents';
import { RedisDeadLetters } from './dead-letters';
import { RedisIncidents } from './incidents';
import { RedisOutbox } from './outbox';
import { RedisQueue } from './queue';
import { RedisTicketActions } from './ticket-actions';
import { RedisTickets } from './tickets';
import { RedisWorkers } from './workers';
import { RosterView } from './roster/roster-view';
import { type SharedCount, SharedCounters } from './shared-counters';
import { StatusEvents } from './status-events';
import { StoreBudget } from './store-budget';
import { RedisStorms } from './storms';
import { SweepLeader } from './sweep-leader';
import { RedisTicketIndex } from './ticket-index';

/** Location of the store, and names of its keys. */
export interface RedisSettings {
  /** Of a server, of sentinels or of a cluster: see `parseRedisUrl` of `@smart-support/contracts`. */
  readonly url: string;
  /** Replicas that must have a write before its reply or its event leaves the process; 0, the default, waits for none. */
  readonly waitReplicas?: number;
  /** Routing domain; the hash tag of every key. */
  readonly prefix: string;
  /** Name of the queue within the domain. */
  readonly queueKey: string;
}

/** Dependencies of a Redis broker. */
export interface RedisBrokerDependencies {
  /** For timers of this process; times in the store follow the store's own clock. The machine's clock by default. */
  readonly clock?: TimerClock;
  /** A number in [0, 1) for the jitter of retries; `Math.random` by default. */
  readonly random?: () => number;
  /** Notified of the statuses of tickets by this process. No-op by default. */
  readonly observer?: BrokerObserver;
  /** Reference of the burst detector until it has learnt one from the tickets; none by default. */
  readonly seedReference?: SeedReference;
  /** Notified of connection errors, after which the broker reconnects by itself, and what they mean for Redis. No-op by default. */
  readonly onConnectionError?: (error: unknown, problem: RedisProblem) => void;
  /**
   * Notified of Redis's `maxmemory-policy` at the first contact and when it has changed; `null` if it cannot be read.
   * With any other than `noeviction` a full Redis drops tickets. No-op by default.
   */
  readonly onMaxmemoryPolicy?: (policy: string | null) => void;
  /** Notified when new tickets are refused because Redis has no space for their bytes, at most once a minute. No-op by default. */
  readonly onFull?: () => void;
  /** Notified of the reason why replicas do not confirm writes that wait for them, and with `undefined` once they do again. No-op by default. */
  readonly onReplicas?: (problem: Error | undefined) => void;
  /**
   * Notified of a sentinel that refuses the subscription to its events, for example because its user may not use their channels; once until it accepts it.
   * Failovers that only this sentinel announces are noticed late then. No-op by default.
   */
  readonly onSentinelRefusal?: (refusal: Error) => void;
}

/** A broker in Redis: a {@link SharedBroker} that can also take part in the choice of the sweep leader. */
export interface RedisBroker extends SharedBroker {
  /** Why Redis accepts no writes; `null` while it does, and before the first attempt to connect has ended. */
  readonly problem: RedisProblem | null;
  /** Redis's `maxmemory-policy`; `null` while it is not known. */
  readonly maxmemoryPolicy: string | null;
  /** The memory that Redis uses, and the bound above which it accepts no new tickets; `null` while unknown. */
  readonly bytes: ByteUse | null;
  /**
   * Resolves at the first contact with Redis, or after `timeoutMs` milliseconds without one.
   * @throws SmartSupportError `invalid_config` if Redis refuses the database of the URL
   */
  firstContact(timeoutMs: number): Promise<void>;
  /**
   * Adds points to a counter that all processes of the routing domain share, in a window that begins with the first points.
   * @param windowMs - length of a window that begins now, in milliseconds
   * @throws SmartSupportError `unavailable` while Redis is away; any other error of Redis as it is. Neither affects the availability of the broker
   */
  count(name: string, points: number, windowMs: number): Promise<SharedCount>;
  /**
   * Takes part in the choice of the one process that sweeps, until stopped.
   * @param intervalMs - between two sweeps, in milliseconds
   * @param onMoved - called after a sweep that requeued tickets of dead workers, with their number
   */
  leadSweeps(intervalMs: number, onMoved?: (count: number) => void): { stop(): Promise<void> };
}

/**
 * A broker that gateways and workers share: Redis 6.2 or later, by itself, behind sentinels or as a cluster. Connects in the background; until the first
 * contact, and whenever the store is away, calls are refused as `unavailable` at once.
 * @param settings - `DEFAULT_BROKER_OPTIONS` for values that are left out
 *
 * Every step of a ticket is one Lua command (`lua/`): types are checked first, writes come last, and a repeat changes nothing.
 * The process ranks the agents (agent-registry) by the loads of the last claim and its own assignments since; Lua checks that the ranking still holds.
 */
export function createRedisBroker(
  where: RedisSettings,
  settings: Partial<BrokerOptions> = {},
  dependencies: RedisBrokerDependencies = {},
): RedisBroker {
  const {
    clock = systemClock,
    random = Math.random,
    observer = {},
    onConnectionError = () => undefined,
    onMaxmemoryPolicy = () => undefined,
    onFull = () => undefined,
    onReplicas = () => undefined,
    onSentinelRefusal = () => undefined,
    seedReference = NO_SEED_REFERENCE,
  } = dependencies;
  const options = { ...DEFAULT_BROKER_OPTIONS, ...settings };
  const keys = keysOf(where);
  const link = new RedisLink({
    url: where.url,
    waitReplicas: where.waitReplicas ?? 0,
    probeKey: keys.probe,
    clock,
    onError: onConnectionError,
    onPolicy: onMaxmemoryPolicy,
    onReplicas,
    onSentinelRefusal,
  });
  const lua = new LuaCommands(link, keys);
  const roster = new RosterView();
  const statusEvents = new StatusEvents(observer);
  const readTicket = async (id: string) => link.run(async () => link.client.hgetall(`${keys.domain}ticket:${id}`));
  const counters = new SharedCounters(link, keys);
  const calls = new WorkSignal(link, keys.wake, clock);
  const budget = new StoreBudget(link, clock, options.redisMaxBytes, onFull);
  const adoption = new Adoption(lua, statusEvents, options, budget);
  const index = new RedisTicketIndex(lua);
  const incidents = new RedisIncidents(lua, statusEvents, options);
  const storms = new RedisStorms(lua, readTicket, incidents, statusEvents, options, seedReference);
  const actions = new RedisTicketActions(lua, readTicket, roster, statusEvents, clock, options);
  const queue = new RedisQueue(lua, calls, roster, statusEvents, options, budget, random, () => storms.advance());

  return {
    queue,
    tickets: new RedisTickets(lua, readTicket, index, actions, roster, statusEvents, clock, options),
    storms,
    incidents,
    agents: new RedisAgents(lua, roster, statusEvents, clock),
    deadLetters: new RedisDeadLetters(lua, readTicket, statusEvents),
    outbox: new RedisOutbox(lua),
    workers: new RedisWorkers(lua),
    get availability() {
      return link.availability;
    },
    onAvailability: (listener) => link.onAvailability(listener),
    get problem() {
      return link.problem;
    },
    get maxmemoryPolicy() {
      return link.maxmemoryPolicy;
    },
    get bytes() {
      return budget.use;
    },
    firstContact: (timeoutMs) => link.firstContact(timeoutMs),
    adopt: (finished) => adoption.adopt(finished),
    count: (name, points, windowMs) => counters.count(name, points, windowMs),
    leadSweeps: (intervalMs, onMoved = () => undefined) =>
      new SweepLeader({
        client: link.client,
        key: keys.leader,
        clock,
        sweep: async () => {
          const moved = await queue.sweep();
          if (moved > 0) onMoved(moved);
          await storms.lead();
          await queue.recountDomains();
          await index.prune();
        },
        intervalMs,
        onError: (error) => onConnectionError(error, link.problem ?? problemOf(error) ?? 'other'),
      }),
    close: async () => {
      link.close();
      calls.end();
    },
  };
}
