/** The acts of the day by name: also what the ids of their tickets begin with. */
export const ACT_IDS = [
  'office',
  'spike',
  'verbatim',
  'angry',
  'paraphrased',
  'slow',
  'kill',
  'letters',
  'redis',
] as const;

/** One of {@link ACT_IDS}. */
export type ActId = (typeof ACT_IDS)[number];

/** A ticket that will be sent. */
export interface PlannedTicket {
  /** Milliseconds from the beginning of the day. */
  readonly atMs: number;
  readonly id: string;
  readonly act: ActId;
  readonly text: string;
  readonly requester: string;
}

/** Something that is done to the engine, by an operator or by fate. */
export type Deed =
  /** Every run of a model takes so much longer; 0 ends it. */
  | { readonly kind: 'slow-model'; readonly delayMs: number }
  | { readonly kind: 'kill-worker'; readonly worker: number }
  | { readonly kind: 'kill-redis' }
  | { readonly kind: 'restart-redis' }
  /** An operator ends the incident that tickets of this act opened. */
  | { readonly kind: 'resolve' | 'reject'; readonly incidentOf: ActId };

/** When something is done. */
export interface PlannedDeed {
  readonly atMs: number;
  readonly deed: Deed;
}

/** A part of the day. */
export interface Act {
  readonly id: ActId;
  /** A few words, for plots. */
  readonly title: string;
  /** What happens and what should come of it. */
  readonly story: string;
  /** Milliseconds from the beginning of the day. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly tickets: readonly PlannedTicket[];
  readonly deeds: readonly PlannedDeed[];
}

/** The act that a ticket of the simulation belongs to; undefined for any other ticket. */
export function actOfTicket(ticketId: string): ActId | undefined {
  return ACT_IDS.find((act) => ticketId.startsWith(`${act}-`));
}
