import type { StormRules, StormVerdict } from '@smart-support/contracts';
import type { ArrivedEntry, StormEntry } from '../log/storm-entry';
import type { Outcome } from '../outcome';
import { StormDetector } from '../storm-detector';
import { quantise } from '../vectors/quantised-vector';
import { type QuantisedSparseVector, quantiseSparse } from '../vectors/quantised-sparse-vector';

/** Rules as the settings have them by default, with a threshold for words that specs choose for themselves. */
export const RULES: StormRules = {
  windowMs: 300_000,
  ticketThreshold: 10,
  similarity: 0.9,
  baselineSimilarity: 0.8,
  quietMs: 1_800_000,
  reopenMs: 86_400_000,
};

/** An embedding that stands at an angle, in degrees, to that of angle 0, in a plane of its own for each topic. */
export function embedding(degrees = 0, topic = 0): { model: string; numbers: Int8Array } {
  const numbers = new Float64Array(16);
  numbers[2 * topic] = Math.cos((degrees / 180) * Math.PI);
  numbers[2 * topic + 1] = Math.sin((degrees / 180) * Math.PI);
  return { model: 'spec', numbers: quantise(numbers).numbers };
}

/** A vector of words: [index, weight] in ascending order. */
export function words(...entries: readonly (readonly [index: number, weight: number])[]): QuantisedSparseVector {
  return quantiseSparse({
    indices: Uint32Array.from(entries, ([index]) => index),
    values: Float32Array.from(entries, ([, weight]) => weight),
  });
}

/** What is different about a ticket. */
export type Ticket = Partial<Omit<ArrivedEntry, 'kind' | 'id' | 'at_ms'>>;

/** A log that is written as a story, and a detector that follows it. */
export class StormLog {
  readonly entries: StormEntry[] = [];
  detector: StormDetector;
  nowMs = 1_000_000_000;
  private tickets = 0;

  constructor(readonly rules: StormRules = RULES) {
    this.detector = new StormDetector(rules);
  }

  /** Lets time pass. */
  wait(ms: number): void {
    this.nowMs += ms;
  }

  /** Logs a ticket, received now by default. */
  arrive(ticket: Ticket = {}): StormVerdict {
    const ticket_id = ticket.ticket_id ?? `T${(this.tickets += 1)}`;
    this.append({
      kind: 'arrived',
      received_ms: this.nowMs,
      requester: null,
      embedding: embedding(),
      words: words(),
      severe_signal: null,
      failure: 1,
      identifiers: '',
      is_machine: false,
      ...ticket,
      ticket_id,
    });
    return this.detector.verdictOf(ticket_id);
  }

  /** Several like each other. */
  arriveTimes(count: number, ticket: Ticket = {}): StormVerdict[] {
    return Array.from({ length: count }, () => this.arrive(ticket));
  }

  /** Writes an entry. */
  append(entry: DistributiveOmit<StormEntry, 'id' | 'at_ms'>): Outcome {
    const placed = { ...entry, id: `${this.nowMs}-${this.entries.length}`, at_ms: this.nowMs } as StormEntry;
    this.entries.push(placed);
    return this.detector.apply(placed);
  }

  /** Ids of the incidents of a status. */
  ids(status: string): string[] {
    return [...this.detector.incidents.values()].filter((incident) => incident.status === status).map(({ id }) => id);
  }
}

/** A log with one open incident of eleven tickets. */
export function aStorm(): StormLog {
  const log = new StormLog();
  log.arriveTimes(11);
  return log;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
