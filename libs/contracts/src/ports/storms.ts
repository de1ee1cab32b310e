import type { DoubtReason, Incident, IncidentQuery } from '../incident';
import type { SparseVector } from '../prediction';
import type { StormExclusion } from '../storm-exclusion';
import type { Claim } from './ticket-record';

/** When tickets are one storm. */
export interface StormRules {
  /** Similar tickets count together if they arrived within so many milliseconds. */
  readonly windowMs: number;
  /** An incident opens at strictly more requesters than this, the newcomer included. */
  readonly ticketThreshold: number;
  /** Similar is a cosine strictly above this, in [0, 1), of two embeddings of one model. */
  readonly similarity: number;
  /** The same for TF-IDF vectors, where one of the two tickets has no embedding. */
  readonly baselineSimilarity: number;
  /** After so many milliseconds without a new member an incident is quiet, and similar tickets of a rejected one may open another, as they may two hours after the rejection. */
  readonly quietMs: number;
  /**
   * For so many milliseconds after its latest member a new burst of the same reopens a quiet incident; later it opens one that names the quiet one as what
   * it continues, and single tickets are not compared with the quiet one any more. An incident that was resolved is named for as long.
   */
  readonly reopenMs: number;
}

/** How bursts are treated whose tickets are not similar enough for the rule of storms, but whose rate is above the reference rate. */
export interface BurstSettings {
  /**
   * `report`: they are listed and subscribers notified; `auto`: besides, one of more requesters than the rules' threshold opens by itself if most of its
   * members report that something does not work; `open`: any of so many requesters does; `off`: none is looked for.
   */
  readonly mode: 'auto' | 'report' | 'open' | 'off';
  /** Accepted false alarms a month; above 0. */
  readonly falseAlarmsPerMonth: number;
}

/** What storm detection knows of a ticket. */
export interface StormArrival {
  /** L2-normalised, and the model that made it (only vectors of one model are compared); `null` where none answered. */
  readonly embedding: { readonly model: string; readonly vector: Float32Array } | null;
  /** Of the ticket's words; for tickets without an embedding on either side. */
  readonly words: SparseVector;
  /**
   * What the ticket says that must not be suppressed (a signal's name, such as `harm_danger`): the strongest of those that always count, else the strongest
   * of the others; `null` if nothing.
   */
  readonly severe_signal: string | null;
  /** Whether `severe_signal` always counts; else only where it is news in the incident. */
  readonly isAlwaysRouted: boolean;
  /** How probable it is that the ticket reports that something does not work, in [0, 1]. */
  readonly failure: number;
  /** Names what the ticket is about that is one person's own (an order, a booking, a name): equal for tickets about the same, '' if it names nothing of the kind. */
  readonly identifiers: string;
  /** Whether its caller vouches for the requester, or no setting says which callers do. */
  readonly isVouched: boolean;
  /** Names who sent it: tickets of one API key, or of keys that trust each other, have the same; `null` where callers need no key. */
  readonly source: string | null;
  /** Whether a program sent it: then it counts by itself, whatever its requester. */
  readonly isMachine: boolean;
  /** Why it takes no part in similarity (it has neither embedding nor words then), `null` if it does. */
  readonly keptOut: StormExclusion | null;
}

/** What makes a member doubtful from its joining on; its category is compared when that is asked. */
export type JoiningDoubt = Exclude<DoubtReason, 'other_category'>;

/** What is decided about one ticket as part of a storm. */
export interface StormVerdict {
  /** Whether the ticket is routed; a suppressed one waits for the end of its incident. */
  readonly routing: 'routed' | 'suppressed';
  /** The incident that it belongs to, its epoch when that was decided, and how similar the ticket was at joining, in [-1, 1]. */
  readonly incident: {
    readonly id: string;
    readonly epoch: number;
    readonly similarity: number;
    /** Left out where there is none. */
    readonly doubts?: readonly JoiningDoubt[];
  } | null;
  /** The most similar incident, by a cosine in [-1, 1], whether it belongs there or not. */
  readonly nearest: { readonly id: string; readonly similarity: number } | null;
  /** The severe signal for which it is routed although its incident suppresses: a novel or an always-routed one. */
  readonly routed_signal: string | null;
  /** By which rule it is no part of a storm, although others are similar, or without being compared; `null` if by none. */
  readonly kept_out: StormExclusion | null;
}

/** Judges which tickets belong to one storm, in the order in which they are judged. */
export interface Storms {
  /**
   * Enters a claimed ticket in the storm log, once as long as the log knows it, and returns the verdict. All processes that share the broker come to the same one.
   * A repeat enters nothing; its verdict follows the present status of the incident.
   * @throws SmartSupportError `lease_lost`; `invalid_input` for invalid vectors
   */
  judge(claim: Claim, arrival: StormArrival): Promise<StormVerdict>;
}

/** A ticket of an incident. */
export interface IncidentMember {
  readonly ticket_id: string;
  /** Cosine at joining, in [-1, 1]; 1 for a ticket that an operator put there. */
  readonly similarity: number;
  /** ISO 8601. */
  readonly received_at: string;
}

/** A doubtful member of an incident. */
export interface DoubtfulMember extends IncidentMember {
  /** At least one, in the order of `DOUBT_REASONS`. */
  readonly reasons: readonly DoubtReason[];
}

/** How an incident is resolved. */
export interface Resolution {
  /** Whether doubtful members that are suppressed are completed with the others; else they are queued again. */
  readonly completeDoubtful: boolean;
}

/** An incident that has just been resolved. */
export type ResolvedIncident = Incident & {
  readonly doubtful_members: {
    /** Up to 100 of them, in order of arrival; of a very large incident those among the first 20,000 members. */
    readonly first: readonly DoubtfulMember[];
  };
};

/**
 * Incidents, as operators see and end them. Every action enters the storm log in the same step as it takes effect,
 * so that every reader of the log knows of it before it judges the next ticket.
 */
export interface Incidents {
  /** Pages of 100, the latest first. @throws SmartSupportError `invalid_input` for a cursor that no page gave */
  list(
    query?: IncidentQuery,
  ): Promise<{ readonly incidents: readonly Incident[]; readonly next_cursor: string | null }>;
  get(incidentId: string): Promise<Incident | undefined>;
  /** Pages of 100, in order of arrival. @throws SmartSupportError `not_found`; `invalid_input` for a cursor that no page gave */
  members(
    incidentId: string,
    cursor?: string,
  ): Promise<{ readonly members: readonly IncidentMember[]; readonly next_cursor: string | null }>;
  /**
   * Doubtful members, in order of arrival: pages of at most 100. A page of a very large incident may have fewer, or none, although there is another one.
   * @throws SmartSupportError `not_found`; `invalid_input` for a cursor that no page gave
   */
  doubtfulMembers(
    incidentId: string,
    cursor?: string,
  ): Promise<{ readonly members: readonly DoubtfulMember[]; readonly next_cursor: string | null }>;
  /**
   * Opens an incident with tickets; those that wait for an agent are suppressed, those with an agent keep it.
   * @throws SmartSupportError `not_found` for a ticket that is not known; `transition_not_allowed` if one belongs to another incident or was
   * taken out of one; `unavailable` while one is being handed over to another broker; `invalid_input` without any ticket
   */
  open(title: string, ticketIds: readonly string[]): Promise<Incident>;
  /** Makes a suspected incident a Master Incident. @throws SmartSupportError `not_found`, `transition_not_allowed` */
  confirm(incidentId: string): Promise<Incident>;
  /**
   * Completes suppressed members, as the cause is fixed, and releases doubtful ones: these are queued once and judged as no part of a storm from then on.
   * @param resolution - left out: doubtful members are released
   * @throws SmartSupportError `not_found`, `transition_not_allowed`
   */
  resolve(incidentId: string, resolution?: Resolution): Promise<ResolvedIncident>;
  /** Releases suppressed members, as there is no common cause: they are queued once. @throws SmartSupportError `not_found`, `transition_not_allowed` */
  reject(incidentId: string): Promise<Incident>;
  /**
   * Takes one ticket out for good; a suppressed one is queued again.
   * @throws SmartSupportError `not_found`, `transition_not_allowed`; `unavailable` while the ticket is being handed over to another broker
   */
  unlink(incidentId: string, ticketId: string): Promise<void>;
}
