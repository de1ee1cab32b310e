import { invalidVector } from '../vectors/invalid-vector';
import { type QuantisedVector, quantisedVector } from '../vectors/quantised-vector';

/** Tickets of somebody else that stand in until a service has enough of its own to tell what is usual. */
export interface SeedReference {
  /** The model that made the vectors; they are compared with those of the same only. */
  readonly model: string;
  readonly vectors: readonly QuantisedVector[];
}

/** None: then nothing is suspected before a service has tickets of its own. */
export const NO_SEED_REFERENCE: SeedReference = { model: '', vectors: [] };

/**
 * Reads vectors that stand one after another, a byte each number.
 * @param length - numbers of a vector
 * @throws SmartSupportError `invalid_input` for a vector that points nowhere, and for bytes that are not whole vectors
 */
export function seedReference(model: string, bytes: Uint8Array, length: number): SeedReference {
  const numbers = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = numbers.length / length;
  if (!Number.isInteger(count)) throw invalidVector('is cut off');
  const vectors = Array.from({ length: count }, (_, at) =>
    quantisedVector(numbers.slice(at * length, (at + 1) * length)),
  );
  return { model, vectors };
}
