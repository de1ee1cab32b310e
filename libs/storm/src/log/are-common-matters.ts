import { decodeDense } from './encode-vectors';
import type { CommonMatters } from './storm-entry';

/** Whether a value read from a log is a {@link CommonMatters} with valid vectors. */
export function areCommonMatters(value: unknown): boolean {
  try {
    const { model, tickets, matters } = value as CommonMatters;
    const counts = matters.map((matter) => {
      decodeDense(matter.numbers);
      return matter.tickets;
    });
    return typeof model === 'string' && [tickets, ...counts].every(Number.isFinite);
  } catch {
    return false;
  }
}
