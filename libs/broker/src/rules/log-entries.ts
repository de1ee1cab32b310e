/** The kind of storm log entry of an operator's decision, by the new status of the incident. */
export const DECISION_KINDS = { open: 'confirmed', resolved: 'resolved', rejected: 'rejected' } as const;

/** A status that an operator can give to an incident. */
export type DecidedStatus = keyof typeof DECISION_KINDS;

/** Least milliseconds between two entries that only let time pass. */
export const TICK_MS = 1_000;
