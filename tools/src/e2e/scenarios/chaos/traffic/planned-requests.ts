import { randomFrom, shuffled } from '../../../../train/random';
import type { SentTicket } from './sent-ticket';
import type { ChaosStorm } from './storms';

/** What goes out in one request: one ticket by `POST /ticket`, or several by `POST /tickets`. */
export interface PlannedRequest {
  readonly tickets: readonly SentTicket[];
  /** Milliseconds after which it is sent once more although it was answered; never if left out. */
  readonly againAfterMs?: number;
  /** The storm that its ticket is a report of, if any. */
  readonly storm?: number;
}

/** Share of the requests that are batches, and the most tickets in one. With this share about a quarter of all tickets come in batches. */
const BATCH_SHARE = 0.006;
const MOST_IN_BATCH = 100;
/** Share of the requests that are sent twice on purpose, and the longest time in between. */
const AGAIN_SHARE = 0.05;
const MOST_AGAIN_MS = 4000;
/** Share of the texts that get a number, so that no worker has seen them before. The others are answered from a cache now and then. */
const NEW_TEXT_SHARE = 0.35;
/** Share of the tickets from returning requesters, and of those without a requester. All others have a new one. */
const RETURNING_SHARE = 0.1;
const NAMELESS_SHARE = 0.1;
/** Share of the reports of a storm after which an ordinary ticket follows. */
const INTERRUPTED_SHARE = 0.5;

/**
 * Packs so many tickets, each once, by chance from a seed. Every text is used once before any comes again: by chance alone, some would come
 * so often that they were storms.
 */
export function planRequests(count: number, texts: readonly string[], seed: number): readonly PlannedRequest[] {
  // Not the sequence that the faults are planned from.
  const random = randomFrom((seed ^ 0x9e3779b9) >>> 0);
  let deck: string[] = [];
  const nextText = (): string => {
    if (deck.length === 0) deck = shuffled(texts, random);
    return deck.pop() ?? '';
  };
  const requester = (number: number): Pick<SentTicket, 'requester'> => {
    const chance = random();
    if (chance < NAMELESS_SHARE) return {};
    const who = chance < NAMELESS_SHARE + RETURNING_SHARE ? 1 + Math.floor(random() * number) : number;
    return { requester: `customer-${who}@example.org` };
  };
  const ticket = (number: number): SentTicket => {
    const text = nextText();
    return {
      id: `chaos-${seed}-${number}`,
      text: random() < NEW_TEXT_SHARE ? `${text}\nRef. ${number}` : text,
      ...requester(number),
    };
  };
  const requests: PlannedRequest[] = [];
  for (let planned = 0; planned < count;) {
    const size = random() < BATCH_SHARE ? 2 + Math.floor(random() * (MOST_IN_BATCH - 1)) : 1;
    const tickets = Array.from({ length: Math.min(size, count - planned) }, (_, index) => ticket(planned + index + 1));
    requests.push({ tickets, ...again(random) });
    planned += tickets.length;
  }
  return requests;
}

/** Puts storms into the traffic, each where it is to begin, in the midst of what others send. */
export function insertStorms(
  requests: readonly PlannedRequest[],
  storms: readonly ChaosStorm[],
  seed: number,
): readonly PlannedRequest[] {
  const random = randomFrom((seed ^ 0x3c6ef372) >>> 0);
  const inserted: PlannedRequest[] = [];
  const pending: PlannedRequest[] = [];
  const left = storms.toSorted((a, b) => a.at - b.at);
  const sendPending = (): void => {
    for (let next = pending.shift(); next; next = pending.shift()) {
      inserted.push(next);
      if (random() < INTERRUPTED_SHARE) return;
    }
  };
  let sent = 0;
  for (const request of requests) {
    for (let storm = left[0]; storm && storm.at <= sent; storm = left[0]) {
      const { number, reports } = storm;
      pending.push(...reports.map((report) => ({ tickets: [report], storm: number, ...again(random) })));
      left.shift();
    }
    sendPending();
    inserted.push(request);
    sent += request.tickets.length;
  }
  return [...inserted, ...pending];
}

function again(random: () => number): Pick<PlannedRequest, 'againAfterMs'> {
  return random() < AGAIN_SHARE ? { againAfterMs: Math.floor(random() * MOST_AGAIN_MS) } : {};
}
