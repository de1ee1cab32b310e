import type { SeenTicket } from '../storm-threshold/seen-ticket';
import type { ScheduledTicket } from './schedule';
import type { Moment, WatchedIncident, WatchedService } from './watched-service';

/** What became of a burst. */
export interface BurstTrial {
  /** Its tickets that had arrived when an incident about it was first suspected; `null` if none was. */
  readonly suspectedAfter: number | null;
  /** Its tickets that had arrived when an incident about it first opened; `null` if none did. */
  readonly openedAfter: number | null;
  /** Of its tickets, how many the incidents about it held in the end, suspected ones too. */
  readonly held: number;
  /** Ordinary tickets that they held. */
  readonly strangers: number;
  /** Suspicions about something else. */
  readonly otherSuspicions: number;
  /** Incidents about something else that opened. */
  readonly otherIncidents: number;
}

/** Lets a service live through a schedule. An incident is about the burst if more than half of its founders are. */
export function tryBurst(
  burst: readonly SeenTicket[],
  schedule: readonly ScheduledTicket[],
  service: Pick<WatchedService, 'arrive' | 'incidents'>,
): BurstTrial {
  for (const scheduled of schedule) service.arrive(scheduled);
  const ofBurst = new Set(burst);
  const own = (tickets: Iterable<SeenTicket>) => [...tickets].filter((ticket) => ofBurst.has(ticket));
  const isAbout = ({ founders }: WatchedIncident) => 2 * own(founders).length > founders.length;
  const about = service.incidents.filter(isAbout);
  const others = service.incidents.filter((incident) => !isAbout(incident));
  const members = new Set(about.flatMap((incident) => [...incident.members]));
  const held = own(members).length;
  const ownUntil = (moments: readonly (Moment | null)[]) => {
    const arrived = Math.min(...moments.flatMap((moment) => moment?.arrived ?? []));
    return arrived === Infinity ? null : own(schedule.slice(0, arrived).map(({ ticket }) => ticket)).length;
  };
  return {
    suspectedAfter: ownUntil(about.map(({ suspected }) => suspected)),
    openedAfter: ownUntil(about.map(({ opened }) => opened)),
    held,
    strangers: members.size - held,
    otherSuspicions: others.filter(({ suspected }) => suspected).length,
    otherIncidents: others.filter(({ opened }) => opened).length,
  };
}

/** What became of several bursts. */
export interface Tally {
  readonly bursts: number;
  readonly suspected: number;
  /** The median over those that were suspected; `NaN` if none was. */
  readonly suspectedAfter: number;
  readonly opened: number;
  /** The median over those that opened; `NaN` if none did. */
  readonly openedAfter: number;
  /** The mean over those of which any ticket was held; `NaN` if there is none. */
  readonly held: number;
  readonly strangers: number;
  readonly otherSuspicions: number;
  readonly otherIncidents: number;
}

/** Counts trials together. */
export function tally(trials: readonly BurstTrial[]): Tally {
  const sum = (of: readonly BurstTrial[], count: (trial: BurstTrial) => number) =>
    of.reduce((total, trial) => total + count(trial), 0);
  const found = trials.filter(({ held }) => held > 0);
  const suspected = trials.flatMap(({ suspectedAfter }) => suspectedAfter ?? []);
  const opened = trials.flatMap(({ openedAfter }) => openedAfter ?? []);
  return {
    bursts: trials.length,
    suspected: suspected.length,
    suspectedAfter: median(suspected),
    opened: opened.length,
    openedAfter: median(opened),
    held: sum(found, ({ held }) => held) / found.length,
    strangers: sum(trials, ({ strangers }) => strangers),
    otherSuspicions: sum(trials, ({ otherSuspicions }) => otherSuspicions),
    otherIncidents: sum(trials, ({ otherIncidents }) => otherIncidents),
  };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [low = NaN, high = NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return (low + high) / 2;
}
