import type { Incident } from '@smart-support/contracts';
import type { Ending, Evidence } from '../../../audit/evidence';
import { gatherEvidence } from '../../../audit/gather-evidence';
import { wrongAnswers } from '../../../audit/http-answers';
import type { HttpClient } from '../../../harness/http-client';
import type { Ledger } from '../../../harness/ledger';
import { readMembers } from '../../../harness/read-members';
import { readWriteHistory } from '../../../harness/store/start-store';
import { DEFAULT_PREFIX } from '../../../harness/store-reader';
import type { Day } from '../day/day';
import { type ScenarioId, scenarioOfTicket } from '../day/scenario';
import type { DayEnvironment } from '../environment';
import type { PerformedAction } from '../play/actions';
import type { Recorder, SeenIncident } from '../recorder/recorder';
import type { RecordedIncident, Sample } from '../recorder/recording';
import { ROSTER } from '../roster';
import { STORM_RULES } from '../settings';

/** An incident with its members. */
export interface IncidentEvidence extends RecordedIncident {
  readonly members: readonly string[];
}

/** An incident that an operator ended. */
export interface DayEnding extends Ending {
  /** Members by then. */
  readonly members: readonly string[];
  /** Those of them that are doubtful, by the answer; empty after a rejection. */
  readonly doubtful: readonly string[];
}

/** A stretch of the day, in milliseconds from its beginning. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the audits of a day look at, besides what all audits do. */
export interface DayEvidence extends Evidence {
  /** Differences between what the gateway answers at the end and what the store has. */
  readonly wrongAnswers: readonly string[];
  /** Every incident of the day in order, also those that are gone. */
  readonly incidents: readonly IncidentEvidence[];
  readonly endings: readonly DayEnding[];
  readonly samples: readonly Sample[];
  /** When the model was slow, and when Redis was down. */
  readonly slow: Span;
  readonly redisAway: Span;
  /** Tickets that the killed worker had in flight; `undefined` if none was killed. */
  readonly inFlight: readonly string[] | undefined;
  /** What was not done when nothing changed any more, by where it is. */
  readonly left: ReadonlyMap<string, number>;
}

/** What the evidence is gathered from. */
export interface DaySources {
  readonly day: Day;
  readonly parts: DayEnvironment;
  readonly ledger: Ledger;
  readonly actions: readonly PerformedAction[];
  readonly recorder: Pick<Recorder, 'samples' | 'incidents'>;
  readonly left: ReadonlyMap<string, number>;
}

/** Gathers the evidence of a day once nothing changes any more. */
export async function gatherDayEvidence({
  day,
  parts,
  ledger,
  actions,
  recorder,
  left,
}: DaySources): Promise<DayEvidence> {
  const { environment, redis, reader, agents, operators } = parts;
  const endings = actions.flatMap(({ ending }) => (ending ? [ending] : []));
  const spanOf = (id: ScenarioId): Span => {
    const { fromMs = 0, toMs = 0 } = day.scenarios.find((one) => one.id === id) ?? {};
    return { fromMs, toMs };
  };
  const evidence = await gatherEvidence({
    ...{ environment, reader, agents, ledger, client: operators, roster: ROSTER.map(({ id }) => id) },
    history: (await readWriteHistory(redis)).domain(DEFAULT_PREFIX),
    poison: new Set(),
    storms: { planted: [], rules: STORM_RULES, endings },
  });
  return {
    ...evidence,
    wrongAnswers: await wrongAnswers(operators, evidence.store),
    incidents: await allIncidents(operators, recorder.incidents),
    endings,
    samples: recorder.samples,
    slow: spanOf('slow'),
    redisAway: spanOf('redis'),
    inFlight: actions.find(({ inFlight }) => inFlight !== undefined)?.inFlight,
    left,
  };
}

/** Every incident as it is now, or as it was last seen if it is gone. */
function allIncidents(
  client: HttpClient,
  seen: ReadonlyMap<string, SeenIncident>,
): Promise<readonly IncidentEvidence[]> {
  return Promise.all(
    [...seen].map(async ([id, { incident, members: seenMembers, fromMs, toMs }]) => {
      const { status, body } = await client.send('GET', `/incidents/${id}`);
      const now: Incident | undefined = status === 200 ? (body as Incident) : undefined;
      const members = now ? await readMembers(client, id) : seenMembers;
      const scenarios = [...new Set(members.map(scenarioOfTicket).filter((scenario) => scenario !== undefined))];
      return { ...(now ?? { ...incident, status: 'gone' }), scenarios, members, seenFromMs: fromMs, seenToMs: toMs };
    }),
  );
}

/** Master Incidents that have a ticket of a scenario among their members. */
export function incidentsOf({ incidents }: DayEvidence, scenario: ScenarioId): readonly IncidentEvidence[] {
  return incidents.filter((incident) => wasOpened(incident) && incident.scenarios.includes(scenario));
}

/** The same of suspected incidents, which suppress nothing. */
export function suspectedIncidentsOf({ incidents }: DayEvidence, scenario: ScenarioId): readonly IncidentEvidence[] {
  return incidents.filter((incident) => !wasOpened(incident) && incident.scenarios.includes(scenario));
}

/** Whether it ever was a Master Incident, and not only suspected. */
export function wasOpened({ opened_at }: Pick<IncidentEvidence, 'opened_at'>): boolean {
  return opened_at !== null;
}

/** The ids of the tickets of a scenario. */
export function idsOf({ ledger }: Evidence, scenario: ScenarioId): readonly string[] {
  return ledger.flatMap(({ id }) => (scenarioOfTicket(id) === scenario ? [id] : []));
}
