import { parseArgs } from 'node:util';

/** What a run of the chaos tool is asked to do. */
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
  /** Milliseconds for which a worker owns a ticket without a sign of life. */
  readonly leaseMs: number;
  /** Seconds that each of the four phases of the act `modes` lasts. */
  readonly phaseSeconds: number;
  /** Where the report goes; a temporary directory unless given. */
  readonly report: string | undefined;
}

/** What the numbers are where nobody says otherwise, and the least and the most that they may be. */
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
  seed: { standard: 1, least: 0, most: 2 ** 32 - 1 },
  rate: { standard: 70, least: 1, most: 10_000 },
  connections: { standard: 32, least: 1, most: 1000 },
  'lease-ms': { standard: 2000, least: 100, most: 60_000 },
  'phase-seconds': { standard: 10, least: 1, most: 600 },
} as const;

/** A short run has fewer storms: among few other tickets the reports of one are no exception. */
const TICKETS_PER_STORM = 500;

type NumberName = keyof typeof NUMBERS;

const TOPOLOGIES = ['single', 'sentinel', 'cluster'] as const;

/** What only one Redis is put through, with its append-only file and the proxy in front of it. */
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
      act: { type: 'string', default: 'faults' },
      topology: { type: 'string', default: 'single' },
      report: { type: 'string' },
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    },
  });
  const given = values as Readonly<Record<string, string | undefined>>;
  const wrong: string[] = [];
  const topology = TOPOLOGIES.find((name) => name === given['topology']) ?? 'single';
  if (given['topology'] !== topology) wrong.push(`--topology must be one of ${TOPOLOGIES.join(', ')}`);
  const standardOf = (name: NumberName): number =>
    topology !== 'single' && OF_SINGLE.includes(name) ? 0 : NUMBERS[name].standard;
  const numberOf = (name: NumberName, standard = standardOf(name)): number => {
    const { least, most } = NUMBERS[name];
    const value = given[name] === undefined ? standard : Number(given[name] === '' ? NaN : given[name]);
    if (!Number.isInteger(value) || value < least || value > most)
      wrong.push(`--${name} must be a whole number from ${least} to ${most}`);
    return value;
  };
  const act = given['act'] === 'modes' ? 'modes' : 'faults';
  if (given['act'] !== act) wrong.push('--act must be faults or modes');
  const tickets = numberOf('tickets');
  const options: ChaosOptions = {
    act,
    topology,
    waitReplicas: numberOf('wait-replicas'),
    tickets,
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
    report: given['report'],
  };
  if (topology === 'single') {
    for (const name of ['failovers', 'reshards', 'wait-replicas'] as const)
      if (numberOf(name) > 0) wrong.push(`--${name} needs --topology=sentinel or --topology=cluster`);
  } else {
    if (act === 'modes') wrong.push('--act=modes needs --topology=single');
    for (const name of OF_SINGLE) if (numberOf(name) > 0) wrong.push(`--${name} needs --topology=single`);
    if (topology === 'sentinel' && options.reshards > 0) wrong.push('--reshards needs --topology=cluster');
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return options;
}
