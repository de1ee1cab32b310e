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
import { RedisTickets } from './tickets';
import { RedisWorkers } from './workers';
import { RosterView } from './roster/roster-view';
import { type SharedCount, SharedCounters } from './shared-counters';
import { StatusEvents } from './status-events';
import { StoreBudget } from './store-budget';
import { RedisStorms } from './storms';
import { SweepLeader } from './sweep-leader';

/** Where the store is, and under which names its keys stand. */
export interface RedisSettings {
  /** Of a server, of sentinels or of a cluster: see `parseRedisUrl` of `@smart-support/contracts`. */
  readonly url: string;
  /** Replicas that must have a write before its answer or its event leaves the process; 0, the default, waits for none. */
  readonly waitReplicas?: number;
  /** Routing domain; the hash tag of every key. */
  readonly prefix: string;
  /** Name of the queue within the domain. */
  readonly queueKey: string;
}

/** What a Redis broker needs from outside. */
export interface RedisBrokerDependencies {
  /** For this process's own waiting; what the store decides, it decides by the store's own clock. The machine's own by default. */
  readonly clock?: TimerClock;
  /** A number in [0, 1) for the jitter of retries; `Math.random` by default. */
  readonly random?: () => number;
  /** Told what becomes of tickets by this process; nobody by default. */
  readonly observer?: BrokerObserver;
  /** What tells what is usual until the tickets themselves do; nothing by default. */
  readonly seedReference?: SeedReference;
  /** Notified of what goes wrong with the connection, which is tried again by itself, and what that means for Redis. No-op by default. */
  readonly onConnectionError?: (error: unknown, problem: RedisProblem) => void;
  /**
   * Notified of Redis's `maxmemory-policy` at the first contact and when it has changed; `null` if it cannot be read.
   * With any other than `noeviction` a full Redis drops tickets. No-op by default.
   */
  readonly onMaxmemoryPolicy?: (policy: string | null) => void;
  /** Notified when new tickets are refused because Redis has no space for their bytes, at most once a minute. No-op by default. */
  readonly onFull?: () => void;
  /** Notified of what keeps replicas from confirming writes that wait for them, and with `undefined` once they do again. No-op by default. */
  readonly onReplicas?: (problem: Error | undefined) => void;
  /**
   * Notified of a sentinel that does not let its events be subscribed to, as where its user may not use their channels; once until it does. Failovers
   * that only this sentinel announces are noticed late then. No-op by default.
   */
  readonly onSentinelRefusal?: (refusal: Error) => void;
}

/** A broker in Redis: a {@link SharedBroker} that can also see to it that somebody sweeps. */
export interface RedisBroker extends SharedBroker {
  /** Why Redis takes no writes; `null` while it does, and before the first try to connect has ended. */
  readonly problem: RedisProblem | null;
  /** Redis's `maxmemory-policy`; `null` while it is not known. */
  readonly maxmemoryPolicy: string | null;
  /** What Redis uses in all, and from which on it takes in no new tickets; `null` while it is not known. */
  readonly bytes: ByteUse | null;
  /**
   * Resolves at the first contact with Redis, or when `timeoutMs` milliseconds have passed without one.
   * @throws SmartSupportError `invalid_config` if Redis does not let the database of the URL be selected
   */
  firstContact(timeoutMs: number): Promise<void>;
  /**
   * Adds points to a counter that all processes of the routing domain share, in a window of time that begins with the first ones.
   * @param windowMs - length of the window, if this opens one, in milliseconds
   * @throws SmartSupportError `unavailable` while Redis is away; whatever else it answers. Neither changes what is known of Redis
   */
  count(name: string, points: number, windowMs: number): Promise<SharedCount>;
  /**
   * Takes part in the choice of the one process that sweeps, until stopped.
   * @param intervalMs - between two sweeps, in milliseconds
   * @param onMoved - told after a sweep how many tickets it took back from vanished workers, if any
   */
  leadSweeps(intervalMs: number, onMoved?: (count: number) => void): { stop(): Promise<void> };
}

/**
 * A broker that gateways and workers share: Redis 6.2 or later, by itself, behind sentinels or as a cluster. Connects in the background; until the first
 * contact, and whenever the store is away, calls are refused as `unavailable` at once.
 * @param settings - whatever is left out is as in `DEFAULT_BROKER_OPTIONS`
 *
 * Every step of a ticket's way is one Lua command (`lua/`): types are checked first, writes come last, and a repeat changes nothing.
 * Who is the best agent is decided here (agent-registry), from the loads that the last claim told and what this process has given away since; Lua checks that it still holds.
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
  const news = new StatusEvents(observer);
  const readTicket = async (id: string) => link.run(async () => link.client.hgetall(`${keys.domain}ticket:${id}`));
  const counters = new SharedCounters(link, keys);
  const calls = new WorkSignal(link, keys.wake, clock);
  const budget = new StoreBudget(link, clock, options.redisMaxBytes, onFull);
  const adoption = new Adoption(lua, news, options, budget);
  const incidents = new RedisIncidents(lua, news, options);
  const storms = new RedisStorms(lua, readTicket, incidents, news, options, seedReference);
  const queue = new RedisQueue(lua, calls, roster, news, options, budget, random, () => storms.advance());

  return {
    queue,
    tickets: new RedisTickets(lua, readTicket, roster, news, clock, options),
    storms,
    incidents,
    agents: new RedisAgents(lua, roster, news, clock),
    deadLetters: new RedisDeadLetters(lua, readTicket, news),
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
