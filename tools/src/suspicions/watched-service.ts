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

/** When something happened. */
export interface Moment {
  readonly atMs: number;
  /** How many tickets had arrived, the one that made it happen counted. */
  readonly arrived: number;
}

/** An incident, suspected or open. */
export interface WatchedIncident {
  /** `null` for one that opened without having been suspected. */
  readonly suspected: Moment | null;
  /** `null` while it is only suspected. */
  readonly opened: Moment | null;
  /** The tickets it began with. */
  readonly founders: readonly SeenTicket[];
  /** All that it ever held and did not lose again; grows. */
  readonly members: ReadonlySet<SeenTicket>;
}

interface IncidentRecord extends WatchedIncident {
  opened: Moment | null;
  readonly founders: SeenTicket[];
  readonly members: Set<SeenTicket>;
}

const SURVEY_EVERY_MS = 7 * DAY_MS;

/** Calls in which a survey of the usual matters is done, whatever the size of the sample: a broker makes as many within a minute. */
const SURVEY_CALLS = 200;

/**
 * Looks for storms as a broker does with the settings as they are by default, in simulated time. But what arrives all the time is worked out
 * once a week instead of every hour, for that takes half a second each time: the sample is of a week.
 */
export class WatchedService {
  /** In the order in which they began. */
  readonly incidents: WatchedIncident[] = [];
  /** Tickets that were not routed, because they joined an open incident. */
  suppressed = 0;

  private readonly detector: StormDetector;
  private readonly watch: BurstDetector;
  private readonly tickets = new Map<string, SeenTicket>();
  private readonly records = new Map<string, IncidentRecord>();
  private entries = 0;
  private surveyedMs = -Infinity;

  /** @param usual - what stands in until there are enough own tickets */
  constructor(
    usual: SeedReference,
    private readonly rules: StormRules = DEFAULT_BROKER_OPTIONS.storm,
  ) {
    const { falseAlarmsPerMonth } = DEFAULT_BROKER_OPTIONS.bursts;
    const { ticketThreshold, windowMs } = rules;
    this.detector = new StormDetector(rules);
    this.watch = new BurstDetector(windowMs, { falseAlarmsPerMonth, ticketThreshold }, usual);
  }

  /** A ticket arrives. It may be one that arrived before: then it counts as another that says the same. */
  arrive({ atMs, ticket }: ScheduledTicket): void {
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
    for (const change of changes) this.note(change, entry);
  }

  private note({ incident_id, status, joined, left }: IncidentChange, entry: StormEntry): void {
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
