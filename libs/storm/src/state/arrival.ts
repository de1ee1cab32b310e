import type { StormVerdict } from '@smart-support/contracts';
import type { ArrivedEntry } from '../log/storm-entry';
import { quantisedVector } from '../vectors/quantised-vector';
import type { QuantisedSparseVector } from '../vectors/quantised-sparse-vector';
import type { Incident } from './incident';
import type { TicketVectors } from './ticket-vectors';

/** An entry of a ticket that has no place in a log yet. */
export type UnplacedArrival = Omit<ArrivedEntry, 'id' | 'at_ms'>;

/** Has the vectors of many tickets side by side, without an object for any of them. */
export interface VectorStore {
  /** Of a ticket that it holds. */
  vectorsOf(arrival: Arrival): TicketVectors;
}

/** A ticket of the log that is still known. */
export class Arrival implements TicketVectors {
  readonly entryId: string;
  readonly ticketId: string;
  readonly receivedMs: number;
  readonly requester: string | null;
  /** See {@link ArrivedEntry.unvouched}. */
  readonly isVouched: boolean;
  /** See {@link ArrivedEntry.source}. */
  readonly source: string | null;
  /** When its entry was written. */
  readonly loggedMs: number;
  readonly severeSignal: string | null;
  /** See {@link ArrivedEntry.always_routed}. */
  readonly isAlwaysRouted: boolean;
  /** See {@link ArrivedEntry.failure}. */
  readonly failure: number;
  /** See {@link ArrivedEntry.identifiers}. */
  readonly identifiers: string;
  /** See {@link ArrivedEntry.is_machine}. */
  readonly isMachine: boolean;
  /** Its place among those of the log whose embeddings can be compared with its own; of one without, among all without. */
  groupNumber = 0;
  /** Why it opened no incident though many tickets are similar to it. */
  keptOut: StormVerdict['kept_out'] = null;
  /** Whether it may count towards an incident. */
  isCountable = false;
  /** The incident that it is a member of, a suspected one not counted. */
  holder: Incident | null = null;
  /** See {@link ArrivedEntry.elsewhere}. */
  readonly elsewhere: ArrivedEntry['elsewhere'];
  private vectors: TicketVectors | VectorStore;

  /**
   * An embedding without any direction counts as none: no entry of a log may stop those that read it.
   * @param number - its place among all arrivals of the log
   */
  constructor(
    entry: ArrivedEntry,
    readonly number: number,
  ) {
    const { id, ticket_id, received_ms, requester, embedding, words, at_ms, severe_signal, elsewhere } = entry;
    const points = embedding?.numbers.some((value) => value !== 0) ?? false;
    this.entryId = id;
    this.ticketId = ticket_id;
    this.receivedMs = received_ms;
    this.requester = requester;
    this.isVouched = entry.unvouched !== true;
    this.source = entry.source ?? null;
    this.loggedMs = at_ms;
    this.severeSignal = severe_signal;
    this.isAlwaysRouted = severe_signal !== null && entry.always_routed === true;
    this.failure = entry.failure;
    this.identifiers = entry.identifiers;
    this.isMachine = entry.is_machine;
    this.elsewhere = elsewhere;
    this.vectors = {
      embedding: embedding && points ? { model: embedding.model, vector: quantisedVector(embedding.numbers) } : null,
      words,
    };
  }

  get embedding(): TicketVectors['embedding'] {
    return this.current.embedding;
  }

  get words(): QuantisedSparseVector {
    return this.current.words;
  }

  /** Leaves its vectors to somebody who has them from now on. */
  moveVectorsTo(holder: VectorStore): void {
    this.vectors = holder;
  }

  /** Takes them back before they are dropped there: as views, which keep what stands beside them. */
  restoreVectors(): void {
    this.vectors = this.current;
  }

  private get current(): TicketVectors {
    return 'vectorsOf' in this.vectors ? this.vectors.vectorsOf(this) : this.vectors;
  }
}

/** The entry of a ticket, for another log: but for its place, and for what it was elsewhere. */
export function entryOf(arrival: Arrival): UnplacedArrival {
  const { ticketId, receivedMs, requester, embedding, words, severeSignal, failure, identifiers, isMachine } = arrival;
  return {
    kind: 'arrived',
    ticket_id: ticketId,
    received_ms: receivedMs,
    requester,
    ...(!arrival.isVouched && { unvouched: true }),
    ...(arrival.source !== null && { source: arrival.source }),
    embedding: embedding && { model: embedding.model, numbers: embedding.vector.numbers },
    words,
    severe_signal: severeSignal,
    ...(arrival.isAlwaysRouted && { always_routed: true }),
    failure,
    identifiers,
    is_machine: isMachine,
  };
}
