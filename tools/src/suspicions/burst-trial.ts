import type { SeenTicket } from '../storm-threshold/seen-ticket';
import type { ScheduledTicket } from './schedule';
import type { WatchedService } from './watched-service';

/** What became of a burst. */
export interface BurstTrial {
  /** Its tickets that had arrived when it was first suspected; `null` if it never was. */
  readonly suspectedAfter: number | null;
  /** Of its tickets, how many the suspicions about it held in the end. */
  readonly held: number;
  /** Ordinary tickets that they held. */
  readonly strangers: number;
  /** Suspicions about something else. */
  readonly otherSuspicions: number;
  /** Whether the rule of storms opened an incident, about whatever. */
  readonly isOpened: boolean;
}

/** Lets a service live through a schedule. A suspicion is about the burst if more than half of its founders are. */
export function tryBurst(
  burst: readonly SeenTicket[],
  schedule: readonly ScheduledTicket[],
  service: Pick<WatchedService, 'arrive' | 'suspicions' | 'stormTickets'>,
): BurstTrial {
  for (const scheduled of schedule) service.arrive(scheduled);
  const ofBurst = new Set(burst);
  const own = (tickets: Iterable<SeenTicket>) => [...tickets].filter((ticket) => ofBurst.has(ticket));
  const about = service.suspicions.filter(({ founders }) => 2 * own(founders).length > founders.length);
  const [first] = about;
  const members = new Set(about.flatMap((suspicion) => [...suspicion.members]));
  const held = own(members).length;
  return {
    suspectedAfter: first ? own(schedule.slice(0, first.arrived).map(({ ticket }) => ticket)).length : null,
    held,
    strangers: members.size - held,
    otherSuspicions: service.suspicions.length - about.length,
    isOpened: service.stormTickets.size > 0,
  };
}

/** What became of several bursts. */
export interface Tally {
  readonly bursts: number;
  readonly suspected: number;
  /** The median over those that were suspected; `NaN` if none was. */
  readonly suspectedAfter: number;
  /** The mean over those that were suspected; `NaN` if none was. */
  readonly held: number;
  readonly strangers: number;
  readonly otherSuspicions: number;
  readonly opened: number;
}

/** Counts trials together. */
export function tally(trials: readonly BurstTrial[]): Tally {
  const suspected = trials.filter(({ suspectedAfter }) => suspectedAfter !== null);
  const sum = (of: readonly BurstTrial[], count: (trial: BurstTrial) => number) =>
    of.reduce((total, trial) => total + count(trial), 0);
  return {
    bursts: trials.length,
    suspected: suspected.length,
    suspectedAfter: median(trials.flatMap(({ suspectedAfter }) => suspectedAfter ?? [])),
    held: sum(suspected, ({ held }) => held) / suspected.length,
    strangers: sum(trials, ({ strangers }) => strangers),
    otherSuspicions: sum(trials, ({ otherSuspicions }) => otherSuspicions),
    opened: sum(trials, ({ isOpened }) => Number(isOpened)),
  };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [low = NaN, high = NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return (low + high) / 2;
}
