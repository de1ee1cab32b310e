import { invalidVector, type QuantisedVector, quantisedVector } from '../vectors/quantised-vector';

/** Vectors that serve as the reference until a service has enough tickets of its own. */
export interface SeedReference {
  /** The model that made the vectors; only vectors of the same model are compared with them. */
  readonly model: string;
  readonly vectors: readonly QuantisedVector[];
}

/** No seed: a service without tickets of its own has no suspected incidents then. */
export const NO_SEED_REFERENCE: SeedReference = { model: '', vectors: [] };

/**
 * Reads vectors that stand one after another, a byte each number.
 * @param length - numbers of a vector
 * @throws SmartSupportError `invalid_input` for a vector of zeros, and for bytes that are not whole vectors
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
