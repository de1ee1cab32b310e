import { type StormRules, DEFAULT_BROKER_OPTIONS } from '@smart-support/contracts';
import {
  type IncidentChange,
  type StormEntry,
  type SeedReference,
  StormDetector,
  BurstDetector,
} from '@smart-support/storm';
import { type SeenTicket, entryOf } from '../storm-threshold/seen-ticket';
import { DAY_MS, type ScheduledTicket } from './schedule';

/** A moment in a simulated service. */
export interface Moment {
  readonly atMs: number;
  /** Number of tickets that had arrived, including the one that caused it. */
  readonly arrived: number;
}

/** An incident, suspected or open. */
export interface SimulatedIncident {
  /** `null` for one that was never suspected. */
  readonly suspected: Moment | null;
  /** `null` while it is only suspected. */
  readonly opened: Moment | null;
  /** The tickets that started it. */
  readonly founders: readonly SeenTicket[];
  /** Its present members; changes with time. */
  readonly members: ReadonlySet<SeenTicket>;
}

interface IncidentRecord extends SimulatedIncident {
  opened: Moment | null;
  readonly founders: SeenTicket[];
  readonly members: Set<SeenTicket>;
}

const SURVEY_EVERY_MS = 7 * DAY_MS;

/** Calls that complete a survey of the common matters for any size of the sample: a broker makes as many within a minute. */
const SURVEY_CALLS = 200;

/**
 * Detects storms and bursts as a broker with default settings does, in simulated time. Common matters are surveyed once a week instead of every hour, for each survey takes
 * half a second and the sample spans a week.
 */
export class SimulatedService {
  /** In the order of their beginning. */
  readonly incidents: SimulatedIncident[] = [];
  /** Number of tickets that joined an open incident and were not routed. */
  suppressed = 0;

  private readonly detector: StormDetector;
  private readonly watch: BurstDetector;
  private readonly tickets = new Map<string, SeenTicket>();
  private readonly records = new Map<string, IncidentRecord>();
  private entries = 0;
  private surveyedMs = -Infinity;

  /** @param seed - reference until there are enough own tickets */
  constructor(
    seed: SeedReference,
    private readonly rules: StormRules = DEFAULT_BROKER_OPTIONS.storm,
  ) {
    const { falseAlarmsPerMonth } = DEFAULT_BROKER_OPTIONS.bursts;
    const { ticketThreshold, windowMs } = rules;
    this.detector = new StormDetector(rules);
    this.watch = new BurstDetector(windowMs, { falseAlarmsPerMonth, ticketThreshold }, seed);
  }

  /** Processes the arrival of a ticket. If it arrived before, it counts as another ticket with the same text. */
  receiveTicket({ atMs, ticket }: ScheduledTicket): void {
    const ticket_id = `T${this.tickets.size + 1}`;
    this.tickets.set(ticket_id, ticket);
    const entry = entryOf(ticket, { ...this.nextPlace(atMs), ticket_id });
    this.apply(entry);
    const burst = this.watch.observe(entry, this.detector);
    if (burst) {
      const incident_id = burst.incidentId ?? `incident-${entry.id}`;
      const { ticketIds: ticket_ids, similarity } = burst;
      this.apply({ ...this.nextPlace(atMs), kind: 'suspected', incident_id, ticket_ids, similarity });
    }
    for (const incident_id of this.detector.largeSuspectedIncidents('failures')) {
      this.apply({ ...this.nextPlace(atMs), kind: 'confirmed', incident_id });
    }
    if (atMs - this.surveyedMs >= SURVEY_EVERY_MS) this.survey(atMs);
  }

  private survey(atMs: number): void {
    this.surveyedMs = atMs;
    for (let call = 0; call < SURVEY_CALLS; call += 1) {
      const reference = this.watch.surveyCommonMatters(atMs, this.rules.similarity);
      if (reference) return this.apply({ ...this.nextPlace(atMs), kind: 'reference', reference });
    }
  }

  private apply(entry: StormEntry): void {
    const { changes } = this.detector.apply(entry);
    for (const change of changes) this.recordChange(change, entry);
  }

  private recordChange({ incident_id, status, joined, left }: IncidentChange, entry: StormEntry): void {
    const record = this.records.get(incident_id) ?? this.newRecord(incident_id, status === 'suspected', entry.at_ms);
    if (status === 'open') record.opened ??= this.momentAt(entry.at_ms);
    for (const { ticket_id } of joined) {
      record.members.add(this.ticket(ticket_id));
      if (status === 'open' && this.detector.verdictOf(ticket_id).routing === 'suppressed') this.suppressed += 1;
    }
    if (record.founders.length === 0) record.founders.push(...record.members);
    for (const id of left) record.members.delete(this.ticket(id));
  }

  private newRecord(id: string, isSuspected: boolean, atMs: number): IncidentRecord {
    const suspected = isSuspected ? this.momentAt(atMs) : null;
    const record: IncidentRecord = { suspected, opened: null, founders: [], members: new Set() };
    this.records.set(id, record);
    this.incidents.push(record);
    return record;
  }

  private momentAt(atMs: number): Moment {
    return { atMs, arrived: this.tickets.size };
  }

  private ticket(id: string): SeenTicket {
    const ticket = this.tickets.get(id);
    if (!ticket) throw new Error(`There is no ticket ${id}`);
    return ticket;
  }

  private nextPlace(atMs: number): { readonly id: string; readonly at_ms: number } {
    this.entries += 1;
    return { id: `${atMs}-${this.entries}`, at_ms: atMs };
  }
}
