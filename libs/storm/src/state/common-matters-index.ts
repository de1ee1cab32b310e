import type { CommonMatters } from '../log/storm-entry';
import { decodeDense } from '../log/encode-vectors';
import { type QuantisedVector, cosine } from '../vectors/quantised-vector';
import type { TicketVectors } from './ticket-vectors';

/** Looks up how common the matter of a ticket is. */
export class CommonMattersIndex {
  private readonly matters: readonly { readonly vector: QuantisedVector; readonly tickets: number }[];

  /** @throws SmartSupportError `invalid_input` for invalid vectors */
  constructor(readonly encoded: CommonMatters) {
    this.matters = encoded.matters.map(({ numbers, tickets }) => ({ vector: decodeDense(numbers), tickets }));
  }

  /**
   * How many tickets of the survey are about the matter of a ticket; 0 for a ticket without an embedding.
   * @param similarity - a cosine strictly above which two tickets are about one matter
   */
  countOf({ embedding }: TicketVectors, similarity: number): number {
    if (embedding?.model !== this.encoded.model) return 0;
    const { vector } = embedding;
    let most = 0;
    for (const matter of this.matters) {
      const isLonger = matter.tickets > most && matter.vector.numbers.length === vector.numbers.length;
      if (isLonger && cosine(vector, matter.vector) > similarity) most = matter.tickets;
    }
    return most;
  }
}
