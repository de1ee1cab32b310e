import { SmartSupportError } from '@smart-support/contracts';
import { createHash } from 'node:crypto';

/** Characters of a weights' hash that serve as a model's version. */
const VERSION_LENGTH = 12;

const LARGEST_INT16 = 0x7fff;

/** The version of a model, as predictions print it. */
export const versionOf = ({ hash }: { readonly hash: string }): string => hash.slice(0, VERSION_LENGTH);

/** Value of 1 when these weights are packed as 16-bit integers; the largest becomes 32,767. */
export function int16Step(weights: Float64Array): number {
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, Math.abs(weight));
  return largest / LARGEST_INT16 || 1;
}

/** Writes weights as little-endian 16-bit integers. Returns the offset behind the last. */
export function writeInt16Weights(bytes: Buffer, offset: number, weights: Float64Array, step: number): number {
  let at = offset;
  for (const weight of weights) at = bytes.writeInt16LE(Math.round(weight / step), at);
  return at;
}

/** Reads what {@link writeInt16Weights} wrote. */
export function readInt16Weights(bytes: Buffer, offset: number, count: number, step: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => bytes.readInt16LE(offset + 2 * i) * step);
}

/** SHA-256 over a manifest (without its hash) and the data beside it. */
export function hashOf(manifest: object, data: string): string {
  return createHash('sha256').update(JSON.stringify(manifest)).update('\n').update(data).digest('hex');
}

/** The error for weights that cannot be used. */
export function unusable(why: string): SmartSupportError {
  return new SmartSupportError('invalid_model', `The classifier's weights cannot be used: ${why}`);
}
