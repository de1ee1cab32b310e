import type { IncidentStatus, JoiningDoubt } from '@smart-support/contracts';

/** A ticket that an entry made a member of an incident. */
export interface Joined {
  readonly ticket_id: string;
  /** Cosine at joining; 1 for a ticket that an operator put there. */
  readonly similarity: number;
  /** The novel or always-routed signal for which it is routed; `null` for none. */
  readonly routed_signal: string | null;
  /** Whether another broker has decided about it: no commit will write its membership. */
  readonly is_decided: boolean;
  /** Reasons that make it doubtful, added by `withDoubts`; left out for none. */
  readonly doubts?: readonly JoiningDoubt[];
}

/** The effect of an entry on an incident, with the incident's state after it. May be acted on twice: id and epoch identify it. */
export interface IncidentChange {
  readonly incident_id: string;
  readonly epoch: number;
  readonly status: IncidentStatus | 'gone';
  /** Whether this entry changed the status; if not, tickets only joined or left. */
  readonly has_new_status: boolean;
  /** Whether subscribers were notified of it already, as an incident of another broker. */
  readonly is_notified: boolean;
  /** The title that an operator gave; else `null`. */
  readonly title: string | null;
  /** `null` if the log does not determine it: the record keeps its representative, or takes the member that arrived first. */
  readonly representative_ticket_id: string | null;
  readonly degraded: boolean;
  /** Why it is held; `null` if it is not. */
  readonly held: 'unverified_requesters' | null;
  /** Milliseconds since 1970, as every time here. */
  readonly opened_ms: number | null;
  readonly last_member_ms: number;
  readonly closed_ms: number | null;
  readonly previous_incident_id: string | null;
  /** In the order of joining. */
  readonly joined: readonly Joined[];
  /** Ids of former members. */
  readonly left: readonly string[];
}

/** The effect of an entry. */
export interface Outcome {
  readonly changes: readonly IncidentChange[];
  /** Why an operator's action had no effect: no such incident, or a status that does not allow it; `null` if it had one. */
  readonly refused: 'unknown' | 'not_allowed' | null;
}

/** The outcome of an entry without effect. */
export const NOTHING: Outcome = { changes: [], refused: null };
