import { createHash } from 'node:crypto';

/** Of 96 bits: two of a million requesters have the same one with a probability of 1 in 10^17. */
const BYTES = 12;

/**
 * Stands for a requester in the storm log: of one length however long the address, and no address for those who read the log.
 * @param key - as `requesterKey` gives it
 */
export function requesterHash(key: string): string {
  return createHash('sha256').update(key).digest().subarray(0, BYTES).toString('base64url');
}
