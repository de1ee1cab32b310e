import type { StormRules } from '@smart-support/contracts';
import { DenseIndex } from '../neighbours/dense-index';
import { SparseIndex } from '../neighbours/sparse-index';
import { type Arrival, comparableBy } from './arrival';

/** A ticket like another. */
export interface LookAlike {
  readonly arrival: Arrival;
  readonly similarity: number;
  /** Whether the two were compared by their words, because one has no embedding. */
  readonly isDegraded: boolean;
}

/** Tickets that may count towards an incident, and which of them a newcomer is like. */
export class LookAlikes {
  private readonly embeddings = new Map<string, DenseIndex<Arrival>>();
  /** By what their embeddings can be compared by; `null` for those without. */
  private readonly words = new Map<string | null, SparseIndex<Arrival>>();

  constructor(private readonly rules: Pick<StormRules, 'similarity' | 'baselineSimilarity'>) {}

  /** Takes a ticket in. */
  add(arrival: Arrival): void {
    const group = comparableBy(arrival);
    if (arrival.embedding && group !== null) {
      const { model, vector } = arrival.embedding;
      const embeddings = this.embeddingsOf(group, vector.numbers.length);
      embeddings.add(arrival, vector);
      // Held once: a hundred thousand vectors are forty megabytes.
      arrival.embedding = { model, vector: embeddings.get(arrival) ?? vector };
    }
    let words = this.words.get(group);
    if (!words) this.words.set(group, (words = new SparseIndex(this.rules.baselineSimilarity)));
    words.add(arrival, arrival.words);
    arrival.words = words.get(arrival) ?? arrival.words;
  }

  /** Drops a ticket; one that is not here is ignored. */
  delete(arrival: Arrival): void {
    const group = comparableBy(arrival);
    if (group !== null) this.embeddings.get(group)?.delete(arrival);
    const words = this.words.get(group);
    words?.delete(arrival);
    if (words?.size !== 0) return;
    this.words.delete(group);
    if (group !== null) this.embeddings.delete(group);
  }

  /** All that a newcomer is like, in the order of the log. Pairs are compared by embedding if both have one of the same model, else by words. */
  of(newcomer: Arrival): LookAlike[] {
    const group = comparableBy(newcomer);
    const near =
      (group !== null && newcomer.embedding && this.embeddings.get(group)?.near(newcomer.embedding.vector)) || [];
    const found = near.map(({ key, similarity }): LookAlike => ({ arrival: key, similarity, isDegraded: false }));
    for (const [other, words] of this.words) {
      if (other === group && group !== null) continue;
      for (const { key, similarity } of words.near(newcomer.words)) {
        found.push({ arrival: key, similarity, isDegraded: true });
      }
    }
    return found.sort((a, b) => a.arrival.number - b.arrival.number);
  }

  private embeddingsOf(group: string, length: number): DenseIndex<Arrival> {
    let index = this.embeddings.get(group);
    if (!index) this.embeddings.set(group, (index = new DenseIndex(length, this.rules.similarity)));
    return index;
  }
}
