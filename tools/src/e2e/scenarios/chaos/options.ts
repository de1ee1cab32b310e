import { parseArgs } from 'node:util';
import { LARGEST_SEED, OptionReader } from '../../harness/options';

/** Options of a run. */
export interface ChaosOptions {
  /** `faults`: everything breaks under load. `modes`: Redis comes and goes twice. */
  readonly act: 'faults' | 'modes';
  /** `single`: one Redis. `sentinel`: a master with two replicas and three sentinels. `cluster`: three masters with a replica each. */
  readonly topology: 'single' | 'sentinel' | 'cluster';
  /** `REDIS_WAIT_REPLICAS` of all apps. */
  readonly waitReplicas: number;
  readonly tickets: number;
  readonly workers: number;
  /** Workers killed. */
  readonly kills: number;
  /** Workers stopped for longer than the lease and continued. */
  readonly stops: number;
  readonly redisRestarts: number;
  readonly gatewayKills: number;
  /** Times that another Redis takes over: its master is killed, demoted or frozen, in turn. */
  readonly failovers: number;
  /** Times that the domain's slot moves to another node of the cluster. */
  readonly reshards: number;
  /** Connections to Redis cut in the middle of a reply. */
  readonly cuts: number;
  /** Tickets that are made to fail for ever. */
  readonly poison: number;
  /** Storms in the traffic. */
  readonly storms: number;
  readonly seed: number;
  /** Tickets a second. */
  readonly rate: number;
  /** Requests under way at once, at most. */
  readonly connections: number;
  /** Milliseconds for which a worker owns a ticket without a heartbeat. */
  readonly leaseMs: number;
  /** Seconds that each of the four phases of the act `modes` lasts. */
  readonly phaseSeconds: number;
  /** Where the report goes; a temporary directory unless given. */
  readonly report: string | undefined;
}

/** Defaults and ranges of the numbers. */
const NUMBERS = {
  tickets: { standard: 20_000, least: 1, most: 1_000_000 },
  workers: { standard: 4, least: 1, most: 64 },
  kills: { standard: 40, least: 0, most: 10_000 },
  stops: { standard: 5, least: 0, most: 1000 },
  'redis-restarts': { standard: 3, least: 0, most: 100 },
  'gateway-kills': { standard: 2, least: 0, most: 100 },
  cuts: { standard: 60, least: 0, most: 100_000 },
  failovers: { standard: 0, least: 0, most: 100 },
  reshards: { standard: 0, least: 0, most: 100 },
  'wait-replicas': { standard: 0, least: 0, most: 2 },
  poison: { standard: 5, least: 0, most: 100 },
  storms: { standard: 10, least: 0, most: 1000 },
  seed: { standard: 1, least: 0, most: LARGEST_SEED },
  rate: { standard: 70, least: 1, most: 10_000 },
  connections: { standard: 32, least: 1, most: 1000 },
  'lease-ms': { standard: 2000, least: 100, most: 60_000 },
  'phase-seconds': { standard: 10, least: 1, most: 600 },
} as const;

/** A short run has fewer storms: among few other tickets the reports of one are not above the reference rate. */
const TICKETS_PER_STORM = 500;

type NumberName = keyof typeof NUMBERS;

const TOPOLOGIES = ['single', 'sentinel', 'cluster'] as const;

/** Faults that need a single Redis with its append-only file and the proxy in front of it. */
const OF_SINGLE: readonly NumberName[] = ['redis-restarts', 'cuts'];

/**
 * Reads the arguments of the command line.
 * @throws Error that names every one that is wrong
 */
export function readOptions(args: readonly string[]): ChaosOptions {
  const names = Object.keys(NUMBERS) as NumberName[];
  const { values } = parseArgs({
    args: [...args],
    options: {
      act: { type: 'string' },
      topology: { type: 'string' },
      report: { type: 'string' },
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    },
  });
  const given = values as Readonly<Record<string, string | undefined>>;
  const reader = new OptionReader(given);
  const topology = reader.choice('topology', TOPOLOGIES, 'single');
  const numberOf = (name: NumberName, standard: number = NUMBERS[name].standard): number => {
    const isOff = topology !== 'single' && OF_SINGLE.includes(name);
    return reader.number(name, { ...NUMBERS[name], standard: isOff ? 0 : standard });
  };
  const act = reader.choice('act', ['faults', 'modes'], 'faults');
  const tickets = numberOf('tickets');
  const options: ChaosOptions = {
    ...{ act, topology, tickets, report: given['report'] },
    waitReplicas: numberOf('wait-replicas'),
    workers: numberOf('workers'),
    kills: numberOf('kills'),
    stops: numberOf('stops'),
    redisRestarts: numberOf('redis-restarts'),
    gatewayKills: numberOf('gateway-kills'),
    failovers: numberOf('failovers'),
    reshards: numberOf('reshards'),
    cuts: numberOf('cuts'),
    poison: numberOf('poison'),
    storms: numberOf('storms', Math.min(NUMBERS.storms.standard, Math.floor(tickets / TICKETS_PER_STORM))),
    seed: numberOf('seed'),
    rate: numberOf('rate'),
    connections: numberOf('connections'),
    leaseMs: numberOf('lease-ms'),
    phaseSeconds: numberOf('phase-seconds'),
  };
  const { failovers, reshards, waitReplicas, redisRestarts, cuts } = options;
  if (topology === 'single') {
    for (const [name, value] of Object.entries({ failovers, reshards, 'wait-replicas': waitReplicas }))
      if (value > 0) reader.reject(`--${name} needs --topology=sentinel or --topology=cluster`);
  } else {
    if (act === 'modes') reader.reject('--act=modes needs --topology=single');
    for (const [name, value] of Object.entries({ 'redis-restarts': redisRestarts, cuts }))
      if (value > 0) reader.reject(`--${name} needs --topology=single`);
    if (topology === 'sentinel' && reshards > 0) reader.reject('--reshards needs --topology=cluster');
  }
  reader.throwIfWrong();
  return options;
}
