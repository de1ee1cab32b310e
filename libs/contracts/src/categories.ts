/**
 * The categories a ticket is sorted into, in the order used by every score array of this project.
 * What each one covers is written down in `data/rubric.md`.
 */
export const CATEGORIES = ['Billing', 'Technical', 'Legal'] as const;

/** One of {@link CATEGORIES}. */
export type Category = (typeof CATEGORIES)[number];

/**
 * The lanes of the queue, most pressing first. The urgency baseline alone chooses a ticket's lane when it is accepted;
 * the final urgency may differ.
 */
export const LANES = ['urgent', 'normal'] as const;

/** One of {@link LANES}. */
export type Lane = (typeof LANES)[number];
