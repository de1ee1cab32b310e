import { type InputIssue, invalid } from '@smart-support/contracts';

/**
 * The state of a circuit breaker. Each state has its own data, so that no open breaker lacks the time it opened.
 * Closed: calls go to the model. Open: the baseline answers in its place.
 */
export type BreakerState =
  | {
      readonly status: 'closed';
      /** Slow calls since the last one that was not slow. */
      readonly slowInARow: number;
    }
  | {
      readonly status: 'open';
      /** Milliseconds since 1970. */
      readonly openedAt: number;
      /** Fast calls since it opened or since the last one that was not fast. */
      readonly fastInARow: number;
    };

/** How a call went that counts: the time from the start of its run to the answer, an error, or a run still going when it became slow. */
export type CallOutcome =
  | {
      /** Milliseconds, 0 or more. */
      readonly latencyMs: number;
    }
  | { readonly failed: true }
  | { readonly overdue: true };

/** How a rule judges a call. `between` is neither slow nor fast and breaks a run of either. */
export type Verdict = 'slow' | 'fast' | 'between';

/** A breaker as JSON. */
export interface BreakerSnapshot {
  readonly name: string;
  readonly state: BreakerState;
}

/**
 * Validates JSON that `CircuitBreaker.toJSON` gave and reads the state from it.
 * @param name - whose snapshot it must be
 * @throws SmartSupportError `invalid_input`
 */
export function readSnapshot(json: unknown, name: string): BreakerState {
  const snapshot = fieldsOf(json);
  if (snapshot['name'] !== name) throw corrupt({ path: 'name', message: `must be "${name}"` });
  const { status, slowInARow, openedAt, fastInARow } = fieldsOf(snapshot['state']);
  if (status === 'closed') return { status, slowInARow: countIn('slowInARow', slowInARow) };
  if (status !== 'open') throw corrupt({ path: 'state.status', message: 'must be closed or open' });
  if (typeof openedAt !== 'number' || !Number.isFinite(openedAt)) {
    throw corrupt({ path: 'state.openedAt', message: 'must be milliseconds since 1970' });
  }
  return { status, openedAt, fastInARow: countIn('fastInARow', fastInARow) };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function countIn(field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw corrupt({ path: `state.${field}`, message: 'must be a whole number of at least 0' });
}

function corrupt(issue: InputIssue): Error {
  return invalid('snapshot of a circuit breaker', [issue]);
}

/** When and where something happened. */
interface EventOrigin {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The breaker's name. */
  readonly name: string;
}

/** A call was counted. */
export interface CallJudged extends EventOrigin {
  readonly type: 'judged';
  readonly verdict: Verdict;
  /** Milliseconds from the start of the run to the answer; `null` for an error and for a run still going. */
  readonly latencyMs: number | null;
  /** Whether the call served no user: its answer was thrown away, only its latency was wanted. */
  readonly shadow: boolean;
}

/** The breaker opened. */
export interface BreakerOpened extends EventOrigin {
  readonly type: 'opened';
  /** How the last of the slow calls went. */
  readonly why: CallOutcome;
  /** Slow calls in a row, the last one included. */
  readonly slowInARow: number;
}

/** The breaker closed: the model is fast again. */
export interface BreakerClosed extends EventOrigin {
  readonly type: 'closed';
  /** Milliseconds since it opened; 0 if the wall clock was set back meanwhile. */
  readonly openForMs: number;
}

/** An event of a breaker, by `type`. `judged` comes before the `opened` or `closed` that it led to. */
export type BreakerEvent = CallJudged | BreakerOpened | BreakerClosed;

/** Called for each event as it happens. What it throws is dropped: a broken log must not break the breaker. */
export type BreakerListener = (event: BreakerEvent) => void;
