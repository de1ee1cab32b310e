import type { OperatorDecision } from '@smart-support/contracts';

/** The kind of the storm-log entry that records an operator's decision. */
export const DECISION_KINDS = {
  confirm: 'confirmed',
  resolve: 'resolved',
  reject: 'rejected',
} as const satisfies Record<OperatorDecision, string>;

/** Least milliseconds between two entries that only let time pass. */
export const TICK_MS = 1_000;
