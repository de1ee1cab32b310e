import { quantile } from '../bench/statistics';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import type { ScheduledTicket } from './schedule';
import type { Moment, SimulatedIncident, SimulatedService } from './simulated-service';

/** The outcome of a burst. */
export interface BurstTrial {
  /** Number of its tickets that had arrived when an incident about it was first suspected; `null` if none was. */
  readonly suspectedAfter: number | null;
  /** Number of its tickets that had arrived when an incident about it first opened; `null` if none did. */
  readonly openedAfter: number | null;
  /** Number of its tickets that are finally members of the incidents about it, suspected ones included. */
  readonly members: number;
  /** Number of ordinary tickets that are. */
  readonly strangers: number;
  /** Suspected incidents about something else. */
  readonly otherSuspected: number;
  /** Incidents about something else that opened. */
  readonly otherIncidents: number;
}

/** Runs a schedule through a service. An incident is about the burst if more than half of its founders are of it. */
export function tryBurst(
  burst: readonly SeenTicket[],
  schedule: readonly ScheduledTicket[],
  service: Pick<SimulatedService, 'receiveTicket' | 'incidents'>,
): BurstTrial {
  for (const scheduled of schedule) service.receiveTicket(scheduled);
  const ofBurst = new Set(burst);
  const own = (tickets: Iterable<SeenTicket>) => [...tickets].filter((ticket) => ofBurst.has(ticket));
  const isAbout = ({ founders }: SimulatedIncident) => 2 * own(founders).length > founders.length;
  const about = service.incidents.filter(isAbout);
  const others = service.incidents.filter((incident) => !isAbout(incident));
  const all = new Set(about.flatMap((incident) => [...incident.members]));
  const members = own(all).length;
  const ownUntil = (moments: readonly (Moment | null)[]) => {
    const arrived = Math.min(...moments.flatMap((moment) => moment?.arrived ?? []));
    return arrived === Infinity ? null : own(schedule.slice(0, arrived).map(({ ticket }) => ticket)).length;
  };
  return {
    suspectedAfter: ownUntil(about.map(({ suspected }) => suspected)),
    openedAfter: ownUntil(about.map(({ opened }) => opened)),
    members,
    strangers: all.size - members,
    otherSuspected: others.filter(({ suspected }) => suspected).length,
    otherIncidents: others.filter(({ opened }) => opened).length,
  };
}

/** The outcomes of several bursts. */
export interface Tally {
  readonly bursts: number;
  readonly suspected: number;
  /** The median over those that were suspected; `NaN` if none was. */
  readonly suspectedAfter: number;
  readonly opened: number;
  /** The median over those that opened; `NaN` if none did. */
  readonly openedAfter: number;
  /** The mean over those with any member; `NaN` if there is none. */
  readonly members: number;
  readonly strangers: number;
  readonly otherSuspected: number;
  readonly otherIncidents: number;
}

/** Aggregates trials. */
export function tally(trials: readonly BurstTrial[]): Tally {
  const sum = (of: readonly BurstTrial[], count: (trial: BurstTrial) => number) =>
    of.reduce((total, trial) => total + count(trial), 0);
  const found = trials.filter(({ members }) => members > 0);
  const suspected = trials.flatMap(({ suspectedAfter }) => suspectedAfter ?? []);
  const opened = trials.flatMap(({ openedAfter }) => openedAfter ?? []);
  return {
    bursts: trials.length,
    suspected: suspected.length,
    suspectedAfter: median(suspected),
    opened: opened.length,
    openedAfter: median(opened),
    members: sum(found, ({ members }) => members) / found.length,
    strangers: sum(trials, ({ strangers }) => strangers),
    otherSuspected: sum(trials, ({ otherSuspected }) => otherSuspected),
    otherIncidents: sum(trials, ({ otherIncidents }) => otherIncidents),
  };
}

const median = (numbers: readonly number[]): number => (numbers.length === 0 ? NaN : quantile(numbers, 0.5));
