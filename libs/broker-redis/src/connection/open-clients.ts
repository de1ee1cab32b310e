import { type RedisTarget, type TimerClock, parseRedisUrl } from '@smart-support/contracts';
import { Redis, type RedisOptions } from 'ioredis';
import { type NodeAccess, accessOf } from './ask-node';
import { ClusterLocator } from './cluster-locator';
import { LocatedClient } from './located-client';
import { LocatedConnector } from './located-connector';
import { writeMarker } from './marker';
import type { MasterLocator } from './master-locator';
import { SentinelLocator } from './sentinel-locator';

/** Time limit of a command, in milliseconds, so that a hanging store does not make callers hang. */
export const COMMAND_TIMEOUT_MS = 1_000;

/** Longest pause before the next attempt to connect, in milliseconds. */
const RECONNECT_MS = 1_000;

function pauseBefore(tries: number): number {
  return Math.min(RECONNECT_MS, 50 * 2 ** Math.min(tries, 6));
}

/**
 * By default, ioredis repeats writes and queues them while the store is away. Here a command is written at once or refused,
 * and never sent twice: the caller decides what to do. The cluster client of ioredis is not used: it repeats commands that may have arrived, and cannot
 * send WAIT after a write on the same connection. A domain is in one slot, so one connection to the owner of that slot is enough.
 */
const NO_REPEATS = {
  lazyConnect: true,
  enableOfflineQueue: false,
  // The first write shows whether the store is ready.
  enableReadyCheck: false,
  // Sends nothing that a user with few rights may not run.
  disableClientInfo: true,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  retryStrategy: pauseBefore,
} satisfies RedisOptions;

/** Settings and callbacks of {@link openClients}. */
export interface ClientSettings {
  /** See `parseRedisUrl`. */
  readonly url: string;
  /** Any key of the domain: the node of a cluster that has it is the store. */
  readonly key: string;
  readonly clock: TimerClock;
  /** Called with the reason when another server replaces the one that the clients are connected to. */
  readonly onReplaced: (reason: Error) => void;
  /** Called when a sentinel refuses the subscription to its events; once until it accepts it. */
  readonly onSentinelRefusal: (refusal: Error) => void;
}

/** The clients of one link, not connected yet. */
export interface Clients {
  /** For all commands except the blocking one. */
  readonly commands: Redis;
  /** For the blocking command, which would delay all others. */
  readonly waiting: Redis;
  /** Writes a key; refused whenever a command of the broker would be. */
  readonly probe: (key: string) => Promise<unknown>;
  /** Where the master is; `undefined` for a single server. */
  readonly locator: MasterLocator | undefined;
}

/** Creates the clients of a store. @throws SmartSupportError `invalid_config` for an invalid address */
export function openClients(wanted: ClientSettings): Clients {
  const target = parseRedisUrl(wanted.url);
  const access = accessOf(target);
  const locator = locatorFor(target, access, wanted);
  const options = {
    ...NO_REPEATS,
    ...access,
    ...placeOf(target),
    ...(locator ? connectedBy(locator, target.tls, wanted.clock) : {}),
  };
  const Client = locator ? LocatedClient : Redis;
  const commands = new Client({ ...options, commandTimeout: COMMAND_TIMEOUT_MS });
  return {
    commands,
    waiting: new Client(options),
    probe: (key) => writeMarker(commands, key),
    locator,
  };
}

function locatorFor(
  target: RedisTarget,
  access: NodeAccess,
  { key, clock, onReplaced, onSentinelRefusal }: ClientSettings,
): MasterLocator | undefined {
  if (target.topology === 'sentinel')
    return new SentinelLocator(target, { clock, onReplaced, onRefused: onSentinelRefusal });
  return target.topology === 'cluster' ? new ClusterLocator(target, { access, key, clock }) : undefined;
}

/** Connection options of a client whose server may change at every connect. */
function connectedBy(locator: MasterLocator, tls: boolean, clock: TimerClock) {
  const pause = (tries: number): Promise<void> =>
    new Promise((resolve) => void clock.after(pauseBefore(tries), resolve));
  const Connector = class extends LocatedConnector {
    constructor() {
      super({ locate: () => locator.locate(), isCurrent: (found) => locator.isCurrent(found), tls, pause });
    }
  };
  // The ready check shows whether a connector was sent to a replica.
  return { Connector, enableReadyCheck: true };
}

function placeOf(target: RedisTarget) {
  switch (target.topology) {
    case 'single':
      return { ...target.node, db: target.database };
    case 'socket':
      return { path: target.path, db: target.database };
    case 'sentinel':
      return { db: target.database };
    case 'cluster':
      return {};
  }
}
