/** Marks these errors across copies of this package: `instanceof` fails when two versions are installed, a registered symbol does not. */
const BRAND = Symbol.for('@smart-support/error');

/**
 * Every error code of the `@smart-support/*` packages and whether trying the same again can help.
 * Codes are stable: clients and dashboards may match on them.
 */
export const ERROR_CODES = {
  /** The input does not fit its schema. */
  invalid_input: { retryable: false },
  /** The configuration does not fit; every problem is in `issues`. */
  invalid_config: { retryable: false },
  /** The files, weights or data of a model are missing, corrupt or do not belong together. */
  invalid_model: { retryable: false },
  /** A model that is loaded could not answer: its thread crashed or hung, also on a second try, or the runtime refused the run. */
  model_failed: { retryable: true },
  /** The queue of a model is full. */
  overloaded: { retryable: true },
  /** Nothing is known under that id. */
  not_found: { retryable: false },
  /** The life table does not allow this change of status. */
  transition_not_allowed: { retryable: false },
  /** The lease of a claimed ticket has ended, or another worker has it. */
  lease_lost: { retryable: false },
  /** The incident that a decision relied on has changed: decide again. */
  incident_changed: { retryable: true },
  /** The component was closed or is draining. */
  closed: { retryable: true },
  /** The shared store cannot be reached or refuses to write; nothing was written. */
  unavailable: { retryable: true },
  /** A write was sent to the shared store and no answer came: it happened or it did not. Every write is idempotent, so sending it again is safe. */
  outcome_unknown: { retryable: true },
  /** The shared store has invalid data under one of our keys; nothing was changed. */
  corrupt: { retryable: false },
  /** A bug. */
  internal: { retryable: true },
} as const;

/** A key of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** One problem of an input: where it is and what is wrong with it. */
export interface InputIssue {
  /** Field path such as `skills.Billing`; empty for the whole input. */
  readonly path: string;
  readonly message: string;
}

/** The one error class of this project: a stable code, a sentence, and what it was about. Never contains a ticket's text. */
export class SmartSupportError extends Error {
  readonly [BRAND] = true;
  /** Stable identifier of what went wrong. */
  readonly code: ErrorCode;
  /** Whether trying the same again can help. */
  readonly retryable: boolean;
  /** Every problem found, where there can be several. */
  readonly issues: readonly InputIssue[];

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; issues?: readonly InputIssue[] } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SmartSupportError';
    this.code = code;
    this.retryable = ERROR_CODES[code].retryable;
    this.issues = options.issues ?? [];
  }
}

/**
 * Whether a value is a {@link SmartSupportError}, also one made by another installed copy of this package.
 * @param code - accept only this code
 */
export function isSmartSupportError(value: unknown, code?: ErrorCode): value is SmartSupportError {
  if (typeof value !== 'object' || value === null || !(BRAND in value)) return false;
  return code === undefined || (value as SmartSupportError).code === code;
}

/**
 * Whether a call failed because the shared store is away: `unavailable` or `outcome_unknown`. Nothing is wrong with what was asked then,
 * and the same call may work once the store is back. A broker that was closed on purpose is not away.
 */
export function isStoreAway(error: unknown): boolean {
  return isSmartSupportError(error, 'unavailable') || isSmartSupportError(error, 'outcome_unknown');
}

/** Whether a call failed because the shared store is away ({@link isStoreAway}), or because the broker was closed on purpose. */
export function isStoreAwayOrClosed(error: unknown): boolean {
  return isStoreAway(error) || isSmartSupportError(error, 'closed');
}
