import { invalid, type InputIssue } from '@smart-support/contracts';
import type { BreakerState } from './breaker-state';

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
