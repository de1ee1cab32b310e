import type { IncidentStatus, JoiningDoubt } from '@smart-support/contracts';

/** A ticket that an entry made a member of an incident. */
export interface Joined {
  readonly ticket_id: string;
  /** Cosine at joining; 1 for a ticket that an operator put there. */
  readonly similarity: number;
  /** The severe signal for which it is routed all the same: news in its incident, or one that always counts; `null` for none. */
  readonly routed_signal: string | null;
  /** Whether it was decided about elsewhere: no commit will write down that it belongs here. */
  readonly is_decided: boolean;
  /** Why it is doubtful, as `withDoubts` finds out; left out where it was not asked, or for no reason. */
  readonly doubts?: readonly JoiningDoubt[];
}

/** What an entry did to an incident, which is described as it stands afterwards. Whoever acts on it may do so twice: id and epoch say what was done. */
export interface IncidentChange {
  readonly incident_id: string;
  readonly epoch: number;
  readonly status: IncidentStatus | 'gone';
  /** Whether it has this status by this entry; else it only took tickets in, or let some go. */
  readonly has_new_status: boolean;
  /** Whether subscribers know of it, because it was one incident elsewhere before. */
  readonly is_told: boolean;
  /** As an operator named it; else `null`. */
  readonly title: string | null;
  /** `null` where the log does not say: the record keeps the one that it has, or takes the member that arrived first. */
  readonly representative_ticket_id: string | null;
  readonly degraded: boolean;
  /** Why it is only suspected although it is large enough to open; `null` if that is not so. */
  readonly held: 'unverified_requesters' | null;
  /** Milliseconds since 1970, as every time here. */
  readonly opened_ms: number | null;
  readonly last_member_ms: number;
  readonly closed_ms: number | null;
  readonly previous_incident_id: string | null;
  /** In the order of their joining. */
  readonly joined: readonly Joined[];
  /** Tickets that are members no more. */
  readonly left: readonly string[];
}

/** What became of an entry. */
export interface Outcome {
  readonly changes: readonly IncidentChange[];
  /** Why an operator's action was not done, if it was not: there is no such incident, or its status does not allow it. */
  readonly refused: 'unknown' | 'not_allowed' | null;
}

/** An entry that changed nothing. */
export const NOTHING: Outcome = { changes: [], refused: null };
