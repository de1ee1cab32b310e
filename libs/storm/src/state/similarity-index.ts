import type { StormRules } from '@smart-support/contracts';
import { MACHINE_SIMILARITY } from '../rules';
import { DenseIndex } from '../neighbours/dense-index';
import { SparseIndex } from '../neighbours/sparse-index';
import type { Neighbour } from '../neighbours/neighbour';
import { NO_WORDS } from '../vectors/quantised-sparse-vector';
import type { Arrival, VectorStore } from './arrival';
import { type TicketVectors, embeddingGroupOf } from './ticket-vectors';

/** A ticket that is similar to a newcomer. */
export interface SimilarTicket {
  readonly arrival: Arrival;
  readonly similarity: number;
  /** Whether the two were compared by their words, because their embeddings are missing or cannot be compared. */
  readonly isDegraded: boolean;
}

/** Finds the similar ones among the tickets that may count towards an incident. */
export class SimilarityIndex {
  /** By embedding group; `null` for tickets without an embedding. */
  private readonly groups = new Map<string | null, Group>();

  constructor(private readonly rules: Pick<StormRules, 'similarity' | 'baselineSimilarity'>) {}

  /** Adds a ticket. */
  add(arrival: Arrival): void {
    const name = embeddingGroupOf(arrival);
    let group = this.groups.get(name);
    if (!group) this.groups.set(name, (group = new Group(arrival, this.rules)));
    group.add(arrival);
  }

  /** Deletes a ticket; an unknown one is ignored. */
  delete(arrival: Arrival): void {
    const name = embeddingGroupOf(arrival);
    const group = this.groups.get(name);
    group?.delete(arrival);
    if (group?.size === 0) this.groups.delete(name);
  }

  /** All tickets similar to a newcomer, in the order of the log. Compared by embedding if both have one of the same group, else by words. */
  similarTo(newcomer: Arrival): SimilarTicket[] {
    const name = embeddingGroupOf(newcomer);
    const found: SimilarTicket[] = [];
    for (const [other, group] of this.groups) {
      const isDegraded = name === null || other !== name;
      const near = isDegraded ? group.nearByWords(newcomer) : group.nearByEmbedding(newcomer);
      for (const { key, similarity } of near) {
        if (newcomer.isMachine && key.isMachine && similarity <= MACHINE_SIMILARITY) continue;
        found.push({ arrival: key, similarity, isDegraded });
      }
    }
    return found.sort((a, b) => a.arrival.number - b.arrival.number);
  }
}

/** Tickets of one embedding group, or without an embedding. */
class Group implements VectorStore {
  private readonly model: string | null;
  private readonly embeddings: DenseIndex<Arrival> | null;
  private readonly words: SparseIndex<Arrival>;

  constructor({ embedding }: Arrival, rules: Pick<StormRules, 'similarity' | 'baselineSimilarity'>) {
    this.model = embedding && embedding.model;
    this.embeddings = embedding && new DenseIndex(embedding.vector.numbers.length, rules.similarity);
    this.words = new SparseIndex(rules.baselineSimilarity);
  }

  get size(): number {
    return this.words.size;
  }

  add(arrival: Arrival): void {
    const { embedding, words } = arrival;
    if (embedding) this.embeddings?.add(arrival, embedding.vector);
    this.words.add(arrival, words);
    arrival.moveVectorsTo(this);
  }

  delete(arrival: Arrival): void {
    if (!this.words.has(arrival)) return;
    arrival.restoreVectors();
    this.embeddings?.delete(arrival);
    this.words.delete(arrival);
  }

  vectorsOf(arrival: Arrival): TicketVectors {
    const vector = this.embeddings?.get(arrival);
    return {
      embedding: vector && this.model !== null ? { model: this.model, vector } : null,
      words: this.words.get(arrival) ?? NO_WORDS,
    };
  }

  nearByEmbedding({ embedding }: Arrival): Neighbour<Arrival>[] {
    return (embedding && this.embeddings?.near(embedding.vector)) || [];
  }

  nearByWords({ words }: Arrival): Neighbour<Arrival>[] {
    return this.words.near(words);
  }
}
