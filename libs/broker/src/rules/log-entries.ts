import type { OperatorDecision } from '@smart-support/contracts';

/** The kind of the storm-log entry that records an operator's decision. */
export const DECISION_KINDS = {
  confirm: 'confirmed',
  resolve: 'resolved',
  reject: 'rejected',
} as const satisfies Record<OperatorDecision, string>;

/** The log says that time has passed at most once in so many milliseconds, and only while something waits for it to pass. */
export const TICK_MS = 1_000;
