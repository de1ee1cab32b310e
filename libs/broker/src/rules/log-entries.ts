/** As what kind of entry an operator's decision stands in the log of storms, by the status that the incident gets. */
export const DECISION_KINDS = { open: 'confirmed', resolved: 'resolved', rejected: 'rejected' } as const;

/** What an operator may decide that an incident is. */
export type DecidedStatus = keyof typeof DECISION_KINDS;

/** The log says that time has passed at most once in so many milliseconds, and only while something waits for it to pass. */
export const TICK_MS = 1_000;
