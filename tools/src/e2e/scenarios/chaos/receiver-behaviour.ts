import type { ReceiverBehaviour } from '../../harness/webhook-receiver';

/** After so many bad tries of one webhook the receiver behaves: retries are delayed by minutes, and then by hours. */
const MOST_BAD_TRIES = 2;

/** @param tries - of this webhook before @param chance - a number in [0, 1) */
export function behaviourFor(tries: number, chance: number): ReceiverBehaviour {
  if (tries >= MOST_BAD_TRIES) return 'friendly';
  if (chance < 0.08) return 'error';
  if (chance < 0.12) return 'slow';
  if (chance < 0.125) return 'hanging';
  return 'friendly';
}
