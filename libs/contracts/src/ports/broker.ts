import type { Agent, AgentInput, AgentProfile } from '../agent';
import type { Lane } from '../categories';
import type { TicketExplanation } from '../explanation';
import type { DeadLetter, QueueReport } from '../status-reports';
import type { Corrections, Ticket, TicketInput, TicketSource } from '../ticket';
import type { Actor, TicketChanges } from '../ticket-history';
import type { TicketCountQuery, TicketCounts, TicketPage, TicketQuery } from '../ticket-query';
import type { Claim, TicketRecord } from './ticket-record';
import type { Incidents, StormRules, StormVerdict, Storms, BurstSettings } from './storms';

/** A validated ticket that is offered to the queue. */
export interface NewTicket {
  /** The client's id, or a generated one. */
  readonly id: string;
  readonly input: TicketInput;
  readonly lane: Lane;
  /** The baseline's urgency that chose the lane. */
  readonly lane_urgency: number;
  /** `Idempotency-Key` of the request; ignored where the client gave an id. */
  readonly idempotency_key?: string;
  /**
   * Equal for offers of one requester with the same subject and text. All offers with this key within `duplicateMs` of the first are one
   * ticket. Ignored where the client gave an id or an `Idempotency-Key`.
   */
  readonly duplicate_key?: string;
  /** Left out where callers need no key. Id and keys above are those of its trust domain already. */
  readonly source?: TicketSource;
}

/**
 * What became of an offered ticket: `accepted` is new, `repeated` was seen before with the same subject and text (the record is the first
 * one's as it stands now), `conflict` was seen before with another subject or text (see `contentKey`), `full` would exceed a bound: of the
 * number of tickets, or where that is the `reason` of the bytes, or of the tickets or bytes of its trust domain (`share`); `corrupt` found invalid data under its id.
 */
export type AcceptResult =
  | { readonly outcome: 'accepted' | 'repeated'; readonly record: TicketRecord }
  | { readonly outcome: 'conflict' | 'corrupt'; readonly ticket_id: string }
  | { readonly outcome: 'full'; readonly reason?: 'bytes' | 'share' };

/** Bytes that a broker uses, and the bound above which it refuses new tickets. */
export interface ByteUse {
  readonly used: number;
  /** `Infinity` without a bound. */
  readonly limit: number;
}

/** Queued and claimed tickets. */
export interface TicketQueue {
  /**
   * Resolves when there may be something to claim, at the latest after `timeoutMs`; never rejects while the broker is open.
   * Several callers may wait at once; one ticket may wake only some of them.
   */
  waitForWork(timeoutMs: number): Promise<void>;
  /** Offers tickets, in order; one result each. Repeating an offer is safe. */
  accept(tickets: readonly NewTicket[]): Promise<AcceptResult[]>;
  /**
   * Claims up to `limit` tickets: `urgent` before `normal`, but after seven urgent ones in a row a waiting normal one goes first;
   * within a lane first come, first served. Delayed tickets are skipped.
   */
  claim(limit: number): Promise<Claim[]>;
  /** Claims this ticket if it is queued, delayed or not: for a caller that works on the ticket that it just offered. */
  claimById(ticketId: string): Promise<Claim | undefined>;
  /** Renews leases. Returns the ids of the tickets whose claims are lost. */
  heartbeat(claims: readonly Claim[]): Promise<string[]>;
  /**
   * Ends a claim after an error: the ticket goes to its lane after a delay, or to the dead letters once `maxAttempts` is reached or at once if `retryable` is false.
   * @throws SmartSupportError `lease_lost`
   */
  fail(
    claim: Claim,
    error: { readonly code: string; readonly message: string; readonly retryable: boolean },
  ): Promise<'queued' | 'dead'>;
  /** Ends a claim without an attempt: the ticket goes to the front of its lane; counts neither as attempt nor as stall. @throws SmartSupportError `lease_lost` */
  requeue(claim: Claim): Promise<void>;
  /** Requeues tickets whose lease ran out, to the dead letters past `maxStalls`. Returns how many it moved. Safe to run twice at once. */
  sweep(): Promise<number>;
  report(): Promise<QueueReport>;
}

/** What the pipeline decided about a ticket; the broker finds the agent. */
export interface Decision {
  readonly category: NonNullable<Ticket['category']>;
  readonly confidence: number;
  readonly needs_review: boolean;
  readonly review_reasons: Ticket['review_reasons'];
  readonly urgency_score: number;
  readonly model: NonNullable<Ticket['model']>;
  readonly degraded: boolean;
  readonly language: Ticket['language'];
  readonly automated: boolean;
  /** The reasons; the broker adds the assignment. */
  readonly explanation: Omit<TicketExplanation, 'ticket_id' | 'lane' | 'assignment' | 'corrections'>;
  /** The verdict of storm detection; left out if the ticket was not judged. */
  readonly storm?: StormVerdict;
}

/** Tickets at every stage, and the two operations that end a stage. */
export interface TicketStore {
  get(ticketId: string): Promise<TicketRecord | undefined>;
  /**
   * One page of the tickets that match, in the order of their acceptance here or by urgency. A ticket that changes between two pages stands on one of them or
   * on none, never on both. @throws SmartSupportError `invalid_input` for a cursor that no page with this sort gave
   */
  list(query: TicketQuery): Promise<TicketPage>;
  /** How many tickets match, at one moment. */
  count(query: TicketCountQuery): Promise<TicketCounts>;
  /**
   * Writes the decision, reserves the best agent's slot or puts the ticket in line, frees the claim: everything or nothing.
   * A suppressed ticket gets neither; one of an open incident for which no agent is free is suppressed, too, unless it says something severe.
   * Repeating it with the same claim changes nothing and returns the record as it stands now.
   * @throws SmartSupportError `lease_lost` when the claim is lost; `incident_changed` when the incident that the decision relies on
   * has another status by now: nothing was written, judge again
   */
  commit(claim: Claim, decision: Decision): Promise<TicketRecord>;
  /**
   * An agent is done: frees the slot and gives it to the first in line that the agent can take. A repeat changes nothing and returns the same.
   * @throws SmartSupportError `not_found`, `transition_not_allowed`
   */
  complete(ticketId: string, corrections: Corrections): Promise<TicketRecord>;
  /**
   * Gives an assigned ticket to the best other agent, or puts it in line where none is free.
   * @throws SmartSupportError `not_found`, `transition_not_allowed` outside {@link TICKET_ACTIONS}
   */
  reassign(ticketId: string, actor: Actor): Promise<TicketRecord>;
  /**
   * Changes agent, category or urgency: all that is given, or nothing. The agent needs no skill for the category. A ticket in line moves to the place that category
   * and urgency give it; one that an agent has stays there.
   * @throws SmartSupportError `not_found` for the ticket or the agent, `transition_not_allowed` outside {@link TICKET_ACTIONS}, or where the agent is away or has no free
   * slot, unless it is forced
   */
  amend(ticketId: string, changes: TicketChanges, actor: Actor): Promise<TicketRecord>;
  /** Completes a ticket that needs no answer. A repeat changes nothing. @throws SmartSupportError `not_found`, `transition_not_allowed` outside {@link TICKET_ACTIONS} */
  cancel(ticketId: string, actor: Actor): Promise<TicketRecord>;
  /**
   * Opens a completed ticket again: the best agent gets it, by the decision that there is, or it is queued where there is none. It belongs to no incident.
   * @throws SmartSupportError `not_found`, `transition_not_allowed` outside {@link TICKET_ACTIONS}
   */
  reopen(ticketId: string, actor: Actor): Promise<TicketRecord>;
  /** Adds a note to the history of a ticket of any status. One whose `note_id` the history has already is a repeat and changes nothing. @throws SmartSupportError `not_found` */
  note(ticketId: string, actor: Actor): Promise<TicketRecord>;
}

/** The roster. Whenever a slot becomes free, the first ticket in line that the agent can take gets it. */
export interface AgentSlots {
  list(): Promise<Agent[]>;
  put(agentId: string, agent: AgentInput): Promise<Agent>;
  /** Removes an agent; its open tickets go to other agents or back in line. @throws SmartSupportError `not_found` */
  remove(agentId: string): Promise<void>;
  /** Loads a roster where there has never been an agent: a roster that an operator has emptied stays empty. Returns whether it did. */
  seed(agents: readonly AgentProfile[]): Promise<boolean>;
}

/** Tickets that failed too often, oldest first. */
export interface DeadLetters {
  list(cursor?: string): Promise<{ readonly dead_letters: readonly DeadLetter[]; readonly next_cursor: string | null }>;
  /** Puts a ticket back in its lane with fresh counts. @throws SmartSupportError `not_found` */
  retry(ticketId: string): Promise<TicketRecord>;
  /** Forgets a dead ticket for good. @throws SmartSupportError `not_found` */
  remove(ticketId: string): Promise<void>;
}

/** An event to be delivered to its subscribers. */
export interface OutboxEntry {
  /** Derived from what happened, for example `ticket.urgent:<ticket id>`: the same on every try, and once in a ticket's life. */
  readonly id: string;
  /** The event as JSON, the same bytes on every try: a {@link DomainEvent}. */
  readonly body: string;
  /** Tries so far, not counting this one. */
  readonly attempts: number;
  /** ISO 8601: when it happened. */
  readonly created_at: string;
}

/** Events on their way to one receiver. */
export interface EventQueue {
  /** Claims up to `limit` entries that are due, those due for longest first; they are due again after `leaseMs`. */
  claim(limit: number, leaseMs: number): Promise<OutboxEntry[]>;
  /** Removes an entry that was delivered or given up. A repeat changes nothing. */
  acknowledge(id: string): Promise<void>;
  /**
   * Makes an entry due again after `delayMs`, when `attempts` tries have been made in all. Unknown entries are ignored;
   * a repeat counts no try twice.
   */
  retryLater(id: string, attempts: number, delayMs: number): Promise<void>;
}

/**
 * Events that were decided together with a change of a ticket and are still to be delivered.
 * `commit` puts `ticket.urgent` here when an alert is due (`explanation.urgency.alert`), the ticket is not suppressed and never had one before;
 * an incident puts `incident.suspected`, `incident.opened`, `incident.updated` (when it has doubled, at most once in five minutes) and
 * `incident.resolved`.
 */
export interface Outbox extends EventQueue {
  /** The events of an endpoint: those that {@link Outbox.fanOut} gave to it. */
  endpoint(id: string): EventQueue;
  /**
   * Gives an event to endpoints, due at once, and takes it out of the outbox itself, in one step; without endpoints it is dropped.
   * An event that is no longer in the outbox is given to none, so a repeat changes nothing.
   */
  fanOut(id: string, endpoints: readonly string[]): Promise<void>;
  /** Adds an event that is no part of a change of a ticket or an incident, due at once; one that is in the outbox already stays as it is. */
  emit(id: string, body: string): Promise<void>;
}

/** What a worker announces about itself. */
export interface WorkerStatus {
  readonly worker_id: string;
  /** `open` if the circuit breaker of any of its models is open. */
  readonly circuit_breaker: 'closed' | 'open';
  /** Tickets in work now. */
  readonly in_flight: number;
}

/** The workers of the queue. */
export interface Workers {
  /** Records the status of a worker for `ttlMs`. */
  announce(status: WorkerStatus, ttlMs: number): Promise<void>;
  /** Removes a worker at once. */
  leave(workerId: string): Promise<void>;
  /** The workers whose announcement has not expired, by id. */
  list(): Promise<WorkerStatus[]>;
}

/** What gateway and workers share, in memory or on Redis. */
export interface Broker {
  readonly queue: TicketQueue;
  readonly tickets: TicketStore;
  readonly agents: AgentSlots;
  readonly storms: Storms;
  readonly incidents: Incidents;
  readonly deadLetters: DeadLetters;
  readonly outbox: Outbox;
  readonly workers: Workers;
  /** Closes connections. Afterwards every call throws SmartSupportError `closed`. */
  close(): Promise<void>;
}

/** Whether the store behind a {@link SharedBroker} takes writes now. */
export type Availability = 'up' | 'down';

/**
 * A broker that lives outside this process and may be away. Its calls then throw SmartSupportError `unavailable` (nothing was written)
 * or `outcome_unknown`, at once or after a second at most; they never hang.
 */
export interface SharedBroker extends Broker {
  /** As known now; `down` until the first contact. */
  readonly availability: Availability;
  /** Calls a listener on every change. @returns removes the listener */
  onAvailability(listener: (availability: Availability) => void): () => void;
  /**
   * Adopts a ticket that another broker finished while this one was away: with its agent (whose load it adds to, even beyond the capacity),
   * in line, completed or dead; it is not queued, and raises no second alert. A ticket whose agent is not known here is put in line.
   * One that was suppressed is queued, because this broker judges it with all others; the others enter the storm log as they are.
   * @returns `known`, and nothing is changed, if a ticket with this id is here already
   * @throws SmartSupportError `invalid_input` for a ticket that is queued or in work, `unavailable` also where there is no space for its bytes
   */
  adopt(finished: FinishedTicket): Promise<'adopted' | 'known'>;
}

/** A broker in this process that can hand over finished tickets. */
export interface LocalBroker extends Broker {
  /** Bytes of its tickets, dead letters and events, as it counts them: see `BrokerOptions.memoryMaxBytes`. */
  readonly bytes: ByteUse;
  /** Ids of all tickets but the completed, in order of arrival: they are lost when this process ends. */
  unsavedIds(): readonly string[];
  /** Up to `limit` tickets that need nothing more from this process (in no order): with an agent, in line, suppressed, completed or dead. */
  finished(limit: number): readonly FinishedTicket[];
  /** One of them; `undefined` if it is not known, or still needs this process. */
  finishedById(ticketId: string): FinishedTicket | undefined;
  /**
   * Begins a handoff: until it is aborted or completed, the ticket does not change, because another broker may have it. It gets no agent and keeps the one it has,
   * and calls that would change it throw `unavailable`. Unknown ids are ignored.
   */
  beginHandoff(ticketId: string): void;
  /** Ends a handoff of a ticket that no other broker has: the ticket gets the slot that it missed, or another agent if its own was removed. */
  abortHandoff(ticketId: string): void;
  /** Forgets a ticket that was handed over, with its place in line and its undelivered alert; its slot is given to no other ticket. Unknown ids are ignored. */
  completeHandoff(ticketId: string): void;
}

/** A ticket to be handed over. */
export interface FinishedTicket {
  readonly record: TicketRecord;
  /** How it died, if it did. */
  readonly death?: DeadLetter;
  /** The `Idempotency-Key` that it came with, if any. */
  readonly idempotency_key?: string;
  /** See {@link NewTicket.duplicate_key}. */
  readonly duplicate_key?: string;
  /** Its alert, if that was not delivered yet. */
  readonly event?: OutboxEntry;
  /** Whether its alert was raised: it has one in its life, and a suppressed one may have had it before. */
  readonly alerted?: boolean;
  /** Its entry in the storm log, as JSON that brokers write and read; left out where it is too old to count. */
  readonly storm_entry?: string;
  /** See {@link StormArrival.isAlwaysRouted}; left out for false. */
  readonly always_routed?: boolean;
  /** The resolved incident of which it was a doubtful member, if it was queued again for that. */
  readonly released?: string;
}

/** A ticket that has changed its status. */
export type StatusChange = Pick<Ticket, 'id' | 'category' | 'urgency_score' | 'status' | 'assigned_agent'>;

/** Observes tickets in this process, for logs and metrics. Every method is optional and must not throw. */
export interface BrokerObserver {
  /** A ticket has reached a status; called once for every change, the first `queued` included, in the process that caused it. */
  status?(change: StatusChange): void;
  /** A dead letter had to make room for a newer one and is lost. */
  deadLetterLost?(ticketId: string): void;
}

/** Settings of a broker, the same for every implementation. */
export interface BrokerOptions {
  /** Most unfinished tickets: queued, in work, waiting and assigned. Beyond it tickets are refused. */
  readonly queueMax: number;
  /** Which part of `queueMax`, and of the most bytes, the unfinished tickets of one trust domain may fill, above 0 and up to 1. All of it where it is left out. */
  readonly queueShare?: number;
  /**
   * Most bytes of a broker in memory; beyond it completed tickets are dropped, then new ones refused. By default half of the heap limit of this
   * process.
   */
  readonly memoryMaxBytes?: number | undefined;
  /**
   * Most bytes that Redis may use, by its own `used_memory`, when a new ticket comes; beyond it new ones are refused. Four fifths of its
   * `maxmemory` where it is left out, and no bound where it has none.
   */
  readonly redisMaxBytes?: number | undefined;
  /** Milliseconds for which a {@link NewTicket.duplicate_key} names its first ticket; 0: never. */
  readonly duplicateMs: number;
  /** Completed tickets that a broker in memory keeps for reading; beyond it the oldest are dropped, and their ids are unknown from then on. */
  readonly ticketsKept: number;
  /** Milliseconds for which a shared broker keeps completed tickets. */
  readonly retentionMs: number;
  readonly leaseMs: number;
  readonly maxAttempts: number;
  readonly maxStalls: number;
  /** Dead letters kept; beyond it the oldest are lost. */
  readonly deadLettersMax: number;
  /** Milliseconds of waiting that outweigh one full point of urgency. */
  readonly waitAgeingMs: number;
  readonly storm: StormRules;
  readonly bursts: BurstSettings;
}

/** The defaults. */
export const DEFAULT_BROKER_OPTIONS: BrokerOptions = {
  queueMax: 1_000_000,
  duplicateMs: 10_000,
  ticketsKept: 100_000,
  retentionMs: 72 * 60 * 60 * 1000,
  leaseMs: 30_000,
  maxAttempts: 5,
  maxStalls: 10,
  deadLettersMax: 10_000,
  waitAgeingMs: 4 * 60 * 60 * 1000,
  storm: {
    windowMs: 5 * 60 * 1000,
    ticketThreshold: 10,
    similarity: 0.9,
    baselineSimilarity: 0.65,
    quietMs: 30 * 60 * 1000,
    reopenMs: 24 * 60 * 60 * 1000,
  },
  bursts: { mode: 'auto', falseAlarmsPerMonth: 1 },
};
