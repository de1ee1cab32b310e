import type { IncidentStatus } from '@smart-support/contracts';

/** What is decided about one ticket. */
export interface Verdict {
  /** Whether the ticket is routed; a suppressed one waits for the end of its incident. */
  readonly routing: 'routed' | 'suppressed';
  /** The incident that it belongs to, and its epoch when that was decided. */
  readonly incident: { readonly id: string; readonly epoch: number; readonly similarity: number } | null;
  /** The incident that it is most like, whether it belongs there or not. */
  readonly nearest: { readonly id: string; readonly similarity: number } | null;
  /** Name of the rule by which a member is routed all the same. */
  readonly grave: string | null;
}

/** What an entry did to an incident. Whoever acts on it may do so twice: the incident's id and epoch say what was done. */
export interface IncidentChange {
  readonly incident_id: string;
  readonly epoch: number;
  readonly status: IncidentStatus | 'gone';
  /** Tickets that became members, in the order of their joining. */
  readonly joined: readonly string[];
  /** Tickets that are members no more. */
  readonly left: readonly string[];
}

/** What became of an entry. */
export interface Outcome {
  /** Of an arrived ticket; the same again for a ticket that the log had already. */
  readonly verdict: Verdict | null;
  readonly changes: readonly IncidentChange[];
  /** Why an operator's action was not done, if it was not: there is no such incident, or its status does not allow it. */
  readonly refused: 'unknown' | 'not_allowed' | null;
}
