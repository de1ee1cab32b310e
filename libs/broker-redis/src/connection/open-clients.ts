import { type RedisTarget, type TimerClock, parseRedisUrl } from '@smart-support/contracts';
import { Redis, type RedisOptions } from 'ioredis';
import { type NodeAccess, accessOf } from './ask-node';
import { ClusterLocator } from './cluster-locator';
import { LocatedClient } from './located-client';
import { LocatedConnector } from './located-connector';
import { writeMarker } from './marker';
import type { MasterLocator } from './master-locator';
import { SentinelLocator } from './sentinel-locator';

/** How long a command may take, in milliseconds: a store that hangs must not make callers hang. */
export const COMMAND_TIMEOUT_MS = 1_000;

/** Longest pause before the next try to connect. */
const RECONNECT_MS = 1_000;

function pauseBefore(tries: number): number {
  return Math.min(RECONNECT_MS, 50 * 2 ** Math.min(tries, 6));
}

/**
 * ioredis by itself repeats writes and queues them while it is away. Here a command is written at once or refused,
 * and never sent twice: its caller decides what to do. Its client for clusters, which repeats what may have arrived and cannot send WAIT
 * after a write on the same connection, is not used: a domain stands in one slot, so that one connection to the owner of that slot is enough.
 */
const NO_REPEATS = {
  lazyConnect: true,
  enableOfflineQueue: false,
  // Whether a store is ready, its first write shows.
  enableReadyCheck: false,
  // Nothing is sent that a user with few rights would be refused.
  disableClientInfo: true,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  retryStrategy: pauseBefore,
} satisfies RedisOptions;

/** What clients are made for. */
export interface ClientsWanted {
  /** See `parseRedisUrl`. */
  readonly url: string;
  /** Any key of the domain: of a cluster the node that has it is the store. */
  readonly key: string;
  readonly clock: TimerClock;
  /** Called with the reason when another server takes over from the one that the clients are connected to. */
  readonly onReplaced: (reason: Error) => void;
  /** Called when a sentinel does not announce failovers to us; once until it does. */
  readonly onSentinelRefusal: (refusal: Error) => void;
}

/** The clients of one link, not connected yet. */
export interface Clients {
  /** For every command but the one that waits. */
  readonly commands: Redis;
  /** For the command that waits: it would hold up all others. */
  readonly waiting: Redis;
  /** Writes a key, and is refused whenever a command of ours would be. */
  readonly probe: (key: string) => Promise<unknown>;
  /** Where the store may move; `undefined` for a single server. */
  readonly locator: MasterLocator | undefined;
}

/** Makes the clients for a store. @throws SmartSupportError `invalid_config` for an address that is none */
export function openClients(wanted: ClientsWanted): Clients {
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
  { key, clock, onReplaced, onSentinelRefusal }: ClientsWanted,
): MasterLocator | undefined {
  if (target.topology === 'sentinel')
    return new SentinelLocator(target, { clock, onReplaced, onRefused: onSentinelRefusal });
  return target.topology === 'cluster' ? new ClusterLocator(target, { access, key, clock }) : undefined;
}

/** How a client connects whose server may be another one at every connect. */
function connectedBy(locator: MasterLocator, tls: boolean, clock: TimerClock) {
  const pause = (tries: number): Promise<void> =>
    new Promise((resolve) => void clock.after(pauseBefore(tries), resolve));
  const Connector = class extends LocatedConnector {
    constructor() {
      super({ locate: () => locator.locate(), isCurrent: (found) => locator.isCurrent(found), tls, pause });
    }
  };
  // By the ready check a connector finds out that it was sent to a replica.
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
