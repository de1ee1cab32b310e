import type { StormVerdict } from '@smart-support/contracts';
import type { ArrivedEntry } from '../log/storm-entry';
import { quantisedVector } from '../vectors/quantised-vector';
import type { QuantisedSparseVector } from '../vectors/quantised-sparse-vector';
import type { Incident } from '../incident/incident';
import type { TicketVectors } from './ticket-vectors';

/** An entry of a ticket that has no place in a log yet. */
export type UnplacedArrival = Omit<ArrivedEntry, 'id' | 'at_ms'>;

/** Stores the vectors of many tickets side by side, without an object for each. */
export interface VectorStore {
  /** The vectors of a ticket that is stored here. */
  vectorsOf(arrival: Arrival): TicketVectors;
}

/** A known ticket of the log. */
export class Arrival implements TicketVectors {
  readonly entryId: string;
  readonly ticketId: string;
  readonly receivedMs: number;
  readonly requester: string | null;
  /** See {@link ArrivedEntry.unvouched}. */
  readonly isVouched: boolean;
  /** See {@link ArrivedEntry.source}. */
  readonly source: string | null;
  /** Time of its entry, in milliseconds since 1970. */
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
  /** Its place among the arrivals of its embedding group, see `embeddingGroupOf`. */
  groupNumber = 0;
  /** Why it opened no incident although many tickets are similar to it. */
  keptOut: StormVerdict['kept_out'] = null;
  /** Whether it may count towards an incident. */
  isCountable = false;
  /** The incident of which it is a member; suspected ones do not count. */
  incident: Incident | null = null;
  /** See {@link ArrivedEntry.elsewhere}. */
  readonly elsewhere: ArrivedEntry['elsewhere'];
  private vectors: TicketVectors | VectorStore;

  /**
   * An embedding of zeros counts as none: no entry of a log may stop its readers.
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

  /** Reads its vectors from a store from now on, and drops its own. */
  moveVectorsTo(store: VectorStore): void {
    this.vectors = store;
  }

  /** Keeps views on its vectors before they are deleted from the store. */
  restoreVectors(): void {
    this.vectors = this.current;
  }

  private get current(): TicketVectors {
    return 'vectorsOf' in this.vectors ? this.vectors.vectorsOf(this) : this.vectors;
  }
}

/** The entry of a ticket without its place in the log, and without what ties it to this log. */
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
