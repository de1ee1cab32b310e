import type { StormRules } from '@smart-support/contracts';
import type { QuantisedSparseVector } from '../vectors/quantised-sparse-vector';

/** Place and time of an entry. The time of entries is the only clock. */
interface Placed {
  /** Unique; later entries have later ids. */
  readonly id: string;
  /** By the clock of the store that has the log, in milliseconds since 1970. */
  readonly at_ms: number;
}

/** A ticket was classified: one entry for each ticket. */
export interface ArrivedEntry extends Placed {
  readonly kind: 'arrived';
  readonly ticket_id: string;
  /** When the ticket was accepted, in milliseconds since 1970; may be long before the entry. */
  readonly received_ms: number;
  /** `null` counts as a requester of its own. */
  readonly requester: string | null;
  /** Whether `requester` is not vouched for; left out for one that is, and where no setting says who vouches. */
  readonly unvouched?: boolean;
  /** Trust domain of the sender: equal for tickets of one API key, or of keys that trust each other; left out if unknown. */
  readonly source?: string;
  /** The quantised embedding and its model; `null` where no model answered. */
  readonly embedding: { readonly model: string; readonly numbers: Int8Array } | null;
  /** Hashed TF-IDF. */
  readonly words: QuantisedSparseVector;
  /** The severe signal of the ticket, `null` for none. If it is novel in the incident that the ticket joins, the ticket is routed. */
  readonly severe_signal: string | null;
  /** Whether the ticket is routed for `severe_signal` in every incident; left out: only where it is novel. */
  readonly always_routed?: boolean;
  /** Probability that the ticket reports that something does not work, in [0, 1]. */
  readonly failure: number;
  /** Digest of what the ticket names that concerns one person, such as an order: equal for tickets about the same; '' for none. */
  readonly identifiers: string;
  /** Whether a program sent it; it is then compared by its words even if it has an embedding. */
  readonly is_machine: boolean;
  /**
   * For a ticket that another broker has decided about while this log could not be reached: it is routed whatever it joins. `notified` says whether subscribers
   * know of the incident that it was part of there.
   */
  readonly elsewhere?: { readonly notified: boolean };
  /**
   * For a ticket that belongs to an incident by its record: an operator named it before it was classified, or it is logged again after the detector has
   * forgotten its first entry. `similarity` is the one at joining.
   */
  readonly member_of?: { readonly incident_id: string; readonly similarity: number };
}

/** Only lets time pass. */
export interface TickEntry extends Placed {
  readonly kind: 'tick';
}

/** Other rules are in force from here on. Earlier decisions stay. */
export interface RulesEntry extends Placed {
  readonly kind: 'rules';
  readonly rules: StormRules;
}

/** What many tickets of the last days are about, as plain JSON. */
export interface CommonMatters {
  /** The model that made the vectors. */
  readonly model: string;
  /** Tickets of the survey. */
  readonly tickets: number;
  /** By matter the vector of one ticket, in base64 with one byte per number, and how many tickets are similar to that. */
  readonly matters: readonly { readonly numbers: string; readonly tickets: number }[];
}

/** The common matters of the last days. */
export interface ReferenceEntry extends Placed {
  readonly kind: 'reference';
  readonly reference: CommonMatters;
}

/** An operator opened an incident around tickets. Tickets that the log does not have become members, but no ticket is compared with them. */
export interface OpenedByHandEntry extends Placed {
  readonly kind: 'opened_by_hand';
  readonly incident_id: string;
  readonly title: string;
  readonly ticket_ids: readonly string[];
}

/** The burst detector found a burst; it suppresses nothing. Under the id of a suspected incident further tickets join that. */
export interface SuspectedEntry extends Placed {
  readonly kind: 'suspected';
  readonly incident_id: string;
  readonly ticket_ids: readonly string[];
  /** Cosine to the mean of the founders above which a ticket belongs to it, in [0, 1). */
  readonly similarity: number;
}

/** A suspected incident is opened. */
export interface ConfirmedEntry extends Placed {
  readonly kind: 'confirmed';
  readonly incident_id: string;
}

/** An operator found that the tickets have no common cause. */
export interface RejectedEntry extends Placed {
  readonly kind: 'rejected';
  readonly incident_id: string;
}

/** The cause is fixed. */
export interface ResolvedEntry extends Placed {
  readonly kind: 'resolved';
  readonly incident_id: string;
}

/** A ticket is removed from its incident and never joins one again. */
export interface UnlinkedEntry extends Placed {
  readonly kind: 'unlinked';
  readonly incident_id: string;
  readonly ticket_id: string;
}

/** An entry of the storm log, from which every decision about storms follows. */
export type StormEntry =
  | ArrivedEntry
  | TickEntry
  | RulesEntry
  | ReferenceEntry
  | OpenedByHandEntry
  | SuspectedEntry
  | ConfirmedEntry
  | RejectedEntry
  | ResolvedEntry
  | UnlinkedEntry;
