import type { TicketHistory } from '../../../harness/history/ticket-history';
import type { ScenarioId } from '../day/scenario';
import type { Ending } from '../play/operator';
import type { RecordedIncident, Sample } from '../recorder/recording';

/** A ticket as `GET /tickets/<id>` shows it when all is done. */
export interface EndedTicket {
  readonly status: string;
  readonly resolution: string | null;
  readonly urgency: number | null;
}

/** A ticket from its customer's side. */
export interface SubmittedTicket {
  readonly id: string;
  readonly scenario: ScenarioId;
  /** HTTP status of every answer, 0 where there was none. */
  readonly answers: readonly number[];
}

/** What the receiver knows of the webhooks of one id. */
export interface WebhookEvidence {
  readonly id: string;
  readonly type: string;
  /** The ticket or the incident. */
  readonly about: string;
  readonly memberCount: number | undefined;
  readonly tries: number;
  /** Tries that were answered 2xx. */
  readonly delivered: number;
  /** Different bodies; 1 is right. */
  readonly bodies: number;
}

/** An incident with its members. */
export interface IncidentEvidence extends RecordedIncident {
  readonly members: readonly string[];
}

/** When something is to happen, in milliseconds from the beginning of the day. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Everything that is looked at to find out what holds. */
export interface Evidence {
  readonly submitted: readonly SubmittedTicket[];
  /** By id; a ticket that the engine does not know is missing. */
  readonly ended: ReadonlyMap<string, EndedTicket>;
  /** From the append-only file: what was ever written about each ticket. */
  readonly histories: ReadonlyMap<string, TicketHistory>;
  /** Tickets that the gateway routed in its own process, by its log. */
  readonly inProcess: ReadonlySet<string>;
  readonly webhooks: readonly WebhookEvidence[];
  /** Webhooks without a good signature. */
  readonly refusedWebhooks: number;
  readonly incidents: readonly IncidentEvidence[];
  readonly endings: readonly Ending[];
  readonly samples: readonly Sample[];
  /** When the model was slow, and when Redis was away. */
  readonly slow: Span;
  readonly redisAway: Span;
  /** Tickets that the killed worker had in flight; undefined if none was killed. */
  readonly inFlight: readonly string[] | undefined;
  /** What was not done when nothing changed any more, by where it is. */
  readonly left: ReadonlyMap<string, number>;
  /** Urgency strictly above which an alert is due. */
  readonly alertThreshold: number;
  /** Strictly more requesters than this open an incident. */
  readonly ticketThreshold: number;
}
