import { type StormRules, DEFAULT_BROKER_OPTIONS } from '@smart-support/contracts';
import {
  type ArrivedEntry,
  type UsualTickets,
  StormDetector,
  type StormEntry,
  SuspicionWatch,
} from '@smart-support/storm';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import type { ScheduledTicket } from './schedule';

/** A suspicion that was raised. */
export interface RaisedSuspicion {
  readonly atMs: number;
  /** How many tickets had arrived, that which raised it counted. */
  readonly arrived: number;
  readonly founders: readonly SeenTicket[];
  /** All that it ever held and did not lose again; grows. */
  readonly members: ReadonlySet<SeenTicket>;
}

/** Looks for bursts as a broker does with the settings as they are by default, in simulated time. */
export class WatchedService {
  /** In the order in which they were raised. */
  readonly suspicions: RaisedSuspicion[] = [];
  /** Tickets of incidents that the rule of storms opened. */
  readonly stormTickets = new Set<SeenTicket>();

  private readonly detector: StormDetector;
  private readonly watch: SuspicionWatch;
  private readonly tickets = new Map<string, SeenTicket>();
  private readonly members = new Map<string, Set<SeenTicket>>();
  private entries = 0;

  /** @param usual - what stands in until there are enough own tickets */
  constructor(usual: UsualTickets, rules: StormRules = DEFAULT_BROKER_OPTIONS.storm) {
    const { falseAlarmsPerMonth } = DEFAULT_BROKER_OPTIONS.suspicions;
    const { ticketThreshold, windowMs } = rules;
    this.detector = new StormDetector(rules);
    this.watch = new SuspicionWatch(windowMs, { falseAlarmsPerMonth, ticketThreshold }, usual);
  }

  /** A ticket arrives. It may be one that arrived before: then it counts as another that says the same. */
  arrive({ atMs, ticket }: ScheduledTicket): void {
    const ticket_id = `T${this.tickets.size + 1}`;
    this.tickets.set(ticket_id, ticket);
    const { embedding, words } = ticket.likeness;
    const entry: ArrivedEntry = {
      kind: 'arrived',
      id: this.nextId(atMs),
      at_ms: atMs,
      ticket_id,
      received_ms: atMs,
      requester: null,
      embedding: embedding && { model: embedding.model, numbers: embedding.vector.numbers },
      words,
      grave: null,
    };
    this.apply(entry);
    const burst = this.watch.observe(entry, this.detector);
    if (!burst) return;
    const incident_id = `incident-${entry.id}`;
    const members = new Set<SeenTicket>();
    this.members.set(incident_id, members);
    const founders = burst.ticketIds.map((id) => this.ticket(id));
    this.suspicions.push({ atMs, arrived: this.tickets.size, founders, members });
    const { ticketIds, similarity } = burst;
    const place = { id: this.nextId(atMs), at_ms: atMs };
    this.apply({ ...place, kind: 'suspected', incident_id, ticket_ids: ticketIds, similarity });
  }

  private apply(entry: StormEntry): void {
    for (const { incident_id, status, joined, left } of this.detector.apply(entry).changes) {
      // Those that are not suspected were opened by the rule of storms: nobody confirms anything here.
      const members = this.members.get(incident_id) ?? this.stormTickets;
      for (const { ticket_id } of joined) members.add(this.ticket(ticket_id));
      // Who leaves a suspicion goes to an open incident.
      if (status === 'suspected') for (const id of left) members.delete(this.ticket(id));
    }
  }

  private ticket(id: string): SeenTicket {
    const ticket = this.tickets.get(id);
    if (!ticket) throw new Error(`There is no ticket ${id}`);
    return ticket;
  }

  private nextId(atMs: number): string {
    this.entries += 1;
    return `${atMs}-${this.entries}`;
  }
}
