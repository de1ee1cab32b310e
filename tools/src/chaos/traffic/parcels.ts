import { randomFrom } from '../../train/random';

/** A ticket as the tool sends it: always with an id of the tool's own, so that sending it again is safe. */
export interface SentTicket {
  readonly id: string;
  readonly text: string;
}

/** What goes out in one request: one ticket by `POST /ticket`, or several by `POST /tickets`. */
export interface Parcel {
  readonly tickets: readonly SentTicket[];
  /** Milliseconds after which it is sent once more although it was answered; never if left out. */
  readonly againAfterMs?: number;
}

/** Share of the requests that are batches, and the most tickets in one. With this share about a quarter of all tickets come in batches. */
const BATCH_SHARE = 0.006;
const MOST_IN_BATCH = 100;
/** Share of the requests that are sent twice on purpose, and the longest time in between. */
const AGAIN_SHARE = 0.05;
const MOST_AGAIN_MS = 4000;
/** Share of the texts that get a number, so that no worker has seen them before. The others are answered from a cache now and then. */
const NEW_TEXT_SHARE = 0.35;

/** Packs so many tickets, each once, by chance from a seed. */
export function packParcels(count: number, texts: readonly string[], seed: number): readonly Parcel[] {
  // Not the sequence that the faults are planned from.
  const random = randomFrom((seed ^ 0x9e3779b9) >>> 0);
  const ticket = (number: number): SentTicket => {
    const text = texts[Math.floor(random() * texts.length)] ?? '';
    return { id: `chaos-${seed}-${number}`, text: random() < NEW_TEXT_SHARE ? `${text}\nRef. ${number}` : text };
  };
  const parcels: Parcel[] = [];
  for (let packed = 0; packed < count;) {
    const size = random() < BATCH_SHARE ? 2 + Math.floor(random() * (MOST_IN_BATCH - 1)) : 1;
    const tickets = Array.from({ length: Math.min(size, count - packed) }, (_, index) => ticket(packed + index + 1));
    const again = random() < AGAIN_SHARE ? { againAfterMs: Math.floor(random() * MOST_AGAIN_MS) } : {};
    parcels.push({ tickets, ...again });
    packed += tickets.length;
  }
  return parcels;
}
