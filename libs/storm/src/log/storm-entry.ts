import type { StormRules } from '@smart-support/contracts';
import type { QuantisedSparseVector } from '../vectors/quantised-sparse-vector';

/** What every entry of the storm log has: its place in the order of all, and its moment, which is the only clock there is. */
interface Placed {
  /** Never given out twice; later entries stand later. */
  readonly id: string;
  /** By the clock of whoever keeps the log, in milliseconds since 1970. */
  readonly at_ms: number;
}

/** A ticket was understood: one entry in a ticket's life. */
export interface ArrivedEntry extends Placed {
  readonly kind: 'arrived';
  readonly ticket_id: string;
  /** When the ticket was accepted, in milliseconds since 1970: perhaps long before the entry. */
  readonly received_ms: number;
  /** `null` counts as somebody of its own. */
  readonly requester: string | null;
  /** Whether `requester` is not vouched for, where the settings name who vouches; left out: it is. */
  readonly unvouched?: boolean;
  /** Names who sent the ticket: tickets of one API key, or of keys that trust each other, have the same; left out where that is not known. */
  readonly source?: string;
  /** The quantised embedding and the model that made it; `null` where none answered. */
  readonly embedding: { readonly model: string; readonly numbers: Int8Array } | null;
  /** Hashed TF-IDF. */
  readonly words: QuantisedSparseVector;
  /** What the ticket says that is severe, `null` if nothing: should it be news in its incident, the ticket is routed even as a similar ticket. */
  readonly severe_signal: string | null;
  /** Whether `severe_signal` is such that the ticket is routed even where the founders of its incident say the same; left out: only where it is news. */
  readonly always_routed?: boolean;
  /** How probable it is that the ticket reports that something does not work, in [0, 1]. */
  readonly failure: number;
  /** Names what the ticket is about that is one person's own, such as an order: equal for tickets about the same; '' if it names nothing of the kind. */
  readonly identifiers: string;
  /** Whether a program sent it: it is compared by its words even where a model answers. */
  readonly is_machine: boolean;
  /**
   * Only of a ticket that was decided about elsewhere, while this log could not be reached: whatever it joins, it is routed already. `told`
   * says whether subscribers know of the incident that it was part of there.
   */
  readonly elsewhere?: { readonly told: boolean };
  /**
   * Only of a ticket that already belongs to an incident by its record: named by an operator before it was understood, or logged again after the
   * detector had forgotten its first entry. `similarity` is the one at joining.
   */
  readonly member_of?: { readonly incident_id: string; readonly similarity: number };
}

/** Time has passed. */
export interface TickEntry extends Placed {
  readonly kind: 'tick';
}

/** From here on other rules hold. What was decided before stands. */
export interface RulesEntry extends Placed {
  readonly kind: 'rules';
  readonly rules: StormRules;
}

/** What many of the tickets of the last days are about, as plain JSON. */
export interface CommonMatters {
  /** The model that made the vectors. */
  readonly model: string;
  /** Tickets that were looked at. */
  readonly tickets: number;
  /** Of each matter the vector of one ticket, base64 with a byte a number, and how many tickets are similar to that one. */
  readonly matters: readonly { readonly numbers: string; readonly tickets: number }[];
}

/** What arrives all the time: matters that make up a share of the tickets of the last days. */
export interface ReferenceEntry extends Placed {
  readonly kind: 'reference';
  readonly reference: CommonMatters;
}

/** An operator opened an incident around tickets. Those that the log does not hold any more become members, but attract nobody. */
export interface OpenedByHandEntry extends Placed {
  readonly kind: 'opened_by_hand';
  readonly incident_id: string;
  readonly title: string;
  readonly ticket_ids: readonly string[];
}

/** The statistical rule sees a burst. Nothing is suppressed. Named again, a suspected incident takes in further tickets. */
export interface SuspectedEntry extends Placed {
  readonly kind: 'suspected';
  readonly incident_id: string;
  readonly ticket_ids: readonly string[];
  /** A cosine to the mean of the founders above which a ticket belongs to it, in [0, 1). */
  readonly similarity: number;
}

/** A suspected incident is a Master Incident from now on. */
export interface ConfirmedEntry extends Placed {
  readonly kind: 'confirmed';
  readonly incident_id: string;
}

/** An operator found that the tickets have not one cause. */
export interface RejectedEntry extends Placed {
  readonly kind: 'rejected';
  readonly incident_id: string;
}

/** The cause is mended. */
export interface ResolvedEntry extends Placed {
  readonly kind: 'resolved';
  readonly incident_id: string;
}

/** One ticket is no member any more, and never becomes one again. */
export interface UnlinkedEntry extends Placed {
  readonly kind: 'unlinked';
  readonly incident_id: string;
  readonly ticket_id: string;
}

/** What the storm log holds. Everything that is decided about storms follows from it alone. */
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
