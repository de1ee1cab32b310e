import { createHash } from 'node:crypto';

/** Of 96 bits: two of a million requesters have the same one with a probability of 1 in 10^17. */
const BYTES = 12;

/**
 * Identifies a requester in the storm log: of fixed length, and without the address itself.
 * @param key - as `requesterKey` gives it
 */
export function requesterHash(key: string): string {
  return createHash('sha256').update(key).digest().subarray(0, BYTES).toString('base64url');
}
