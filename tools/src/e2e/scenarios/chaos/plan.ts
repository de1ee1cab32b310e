import { randomFrom, shuffled } from '../../../train/random';
import type { FailoverCause } from '../../harness/store/moving-store';
import type { ChaosOptions } from './options';

/** Something that goes wrong. `at` is the number of tickets sent before it. */
export type Fault = { readonly at: number } & (
  | { readonly kind: 'worker-kill'; readonly worker: number }
  | { readonly kind: 'worker-stop'; readonly worker: number; readonly forMs: number }
  | { readonly kind: 'redis-restart'; readonly signal: 'SIGKILL' | 'SIGTERM'; readonly awayMs: number }
  | { readonly kind: 'gateway-kill' }
  /** The old master comes back so long after it was replaced. */
  | { readonly kind: 'failover'; readonly how: FailoverCause; readonly awayMs: number }
  | { readonly kind: 'reshard' }
  /** Of the `reply`-th piece of a reply from then on only the given part arrives, then both sides of its connection are closed. */
  | { readonly kind: 'cut'; readonly reply: number; readonly part: number }
);

/** One of the kinds of {@link Fault}. */
export type FaultKind = Fault['kind'];

/** The part of the traffic during which faults happen; none before and after. */
const FROM = 0.05;
const TO = 0.95;

/** A stopped worker stays so for so many leases. */
const LEAST_LEASES = 1.5;
const MOST_LEASES = 3;

/**
 * What goes wrong and when, from the seed alone: the same on every machine. When each thing meets which ticket is not; that depends on the
 * machine, too.
 * Restarts, failovers and reshardings of Redis and kills of the gateway are kept apart: what a gateway answers while Redis is away lives only in its memory until Redis
 * is back (a decision of the design), so that killing it there would lose answers by right.
 */
export function makePlan(
  options: Pick<
    ChaosOptions,
    | 'tickets'
    | 'workers'
    | 'kills'
    | 'stops'
    | 'redisRestarts'
    | 'gatewayKills'
    | 'failovers'
    | 'reshards'
    | 'cuts'
    | 'seed'
    | 'leaseMs'
  >,
): readonly Fault[] {
  const random = randomFrom(options.seed);
  const moment = (from = FROM, to = TO): number => Math.round(options.tickets * (from + (to - from) * random()));
  const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
  const anyWorker = (): number => Math.floor(random() * options.workers);

  const kills = times(options.kills, (): Fault => ({ kind: 'worker-kill', at: moment(), worker: anyWorker() }));
  const stops = times(options.stops, (): Fault => {
    const leases = LEAST_LEASES + (MOST_LEASES - LEAST_LEASES) * random();
    return { kind: 'worker-stop', at: moment(), worker: anyWorker(), forMs: Math.round(options.leaseMs * leases) };
  });
  const cuts = times(options.cuts, (): Fault => {
    return { kind: 'cut', at: moment(), reply: 1 + Math.floor(random() * 20), part: random() };
  });
  return [...kills, ...stops, ...cuts, ...apart(options, random, moment)].sort((a, b) => a.at - b.at);
}

const FAILOVER_CAUSES: readonly FailoverCause[] = ['kill', 'demote', 'freeze'];

/** Each in the middle half of a section of the traffic that is its own. */
function apart(
  {
    redisRestarts,
    gatewayKills,
    failovers,
    reshards,
  }: Pick<ChaosOptions, 'redisRestarts' | 'gatewayKills' | 'failovers' | 'reshards'>,
  random: () => number,
  moment: (from: number, to: number) => number,
): Fault[] {
  const times = <Kind extends string>(count: number, kind: Kind): Kind[] => Array.from({ length: count }, () => kind);
  const kinds = shuffled(
    [
      ...times(redisRestarts, 'redis-restart'),
      ...times(gatewayKills, 'gateway-kill'),
      ...times(failovers, 'failover'),
      ...times(reshards, 'reshard'),
    ],
    random,
  );
  const section = (TO - FROM) / Math.max(1, kinds.length);
  let nextCause = 0;
  return kinds.map((kind, index): Fault => {
    const start = FROM + index * section;
    const at = moment(start + section / 4, start + (3 * section) / 4);
    switch (kind) {
      case 'gateway-kill':
      case 'reshard':
        return { kind, at };
      case 'redis-restart':
        return { kind, at, signal: random() < 0.6 ? 'SIGKILL' : 'SIGTERM', awayMs: awayMs(random) };
      case 'failover': {
        const how = FAILOVER_CAUSES[nextCause % FAILOVER_CAUSES.length] ?? 'kill';
        nextCause += 1;
        return { kind, at, how, awayMs: awayMs(random) };
      }
    }
  });
}

function awayMs(random: () => number): number {
  return Math.round(800 + 3200 * random());
}

const FAILED: Readonly<Record<FailoverCause, string>> = { kill: 'killed', demote: 'demoted', freeze: 'frozen' };

/** One line of the plan, for people. */
export function describeFault(fault: Fault): string {
  const after = `after ${fault.at} tickets`;
  switch (fault.kind) {
    case 'worker-kill':
      return `${after}: SIGKILL to worker ${fault.worker + 1}`;
    case 'worker-stop':
      return `${after}: SIGSTOP to worker ${fault.worker + 1} for ${fault.forMs} ms`;
    case 'redis-restart':
      return `${after}: ${fault.signal} to Redis, back ${fault.awayMs} ms later`;
    case 'gateway-kill':
      return `${after}: SIGKILL to the gateway`;
    case 'failover':
      return `${after}: the master of Redis is ${FAILED[fault.how]}, and comes back as a replica ${fault.awayMs} ms after it was replaced`;
    case 'reshard':
      return `${after}: the domain's slot moves to another node`;
    case 'cut':
      return `${after}: reply ${fault.reply} from Redis is cut off at ${(100 * fault.part).toFixed(0)} %`;
  }
}
