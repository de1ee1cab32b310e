import type { SparseVector, StormRules } from '@smart-support/contracts';
import { quantise, quantiseSparse } from '@smart-support/storm';
import { cosine, sparseCosine } from '@smart-support/storm/tuning';

/** A text as the storm detector compares it. */
export interface ComparedText {
  readonly text: string;
  readonly vector: Float32Array;
  readonly words: SparseVector;
}

/** Similarities of texts by embedding and by words, as the storm log rounds them. */
export interface Similarities {
  readonly least: number;
  readonly most: number;
  readonly leastByWords: number;
  readonly mostByWords: number;
}

/** Compares every text of one group with every one of another; of a group with itself, each pair once. */
export function similaritiesOf(group: readonly ComparedText[], others: readonly ComparedText[] = group): Similarities {
  const seen = (texts: readonly ComparedText[]) =>
    texts.map(({ vector, words }) => ({ vector: quantise(vector), words: quantiseSparse(words) }));
  const [left, right] = [seen(group), group === others ? undefined : seen(others)];
  const found = { least: 1, most: -1, leastByWords: 1, mostByWords: -1 };
  left.forEach((one, index) => {
    for (const other of right ?? left.slice(0, index)) {
      const [byVector, byWords] = [cosine(one.vector, other.vector), sparseCosine(one.words, other.words)];
      found.least = Math.min(found.least, byVector);
      found.most = Math.max(found.most, byVector);
      found.leastByWords = Math.min(found.leastByWords, byWords);
      found.mostByWords = Math.max(found.mostByWords, byWords);
    }
  });
  return found;
}

/**
 * Checks that the texts of a proof are one storm and unrelated tickets.
 * @throws Error if two of the storm are no similar tickets, or one of the others is one
 */
export function assertStorm(
  storm: readonly ComparedText[],
  others: readonly ComparedText[],
  rules: Pick<StormRules, 'similarity' | 'baselineSimilarity'>,
): void {
  const { least, leastByWords } = similaritiesOf(storm);
  if (least <= rules.similarity || leastByWords <= rules.baselineSimilarity) {
    throw new Error(`Some texts of the storm are not similar: ${least} by meaning, ${leastByWords} by words`);
  }
  for (const [one, among] of [[others, storm] as const, [others, others] as const]) {
    const { most, mostByWords } = similaritiesOf(one, among);
    if (most > rules.similarity || mostByWords > rules.baselineSimilarity) {
      throw new Error(`Some unrelated texts are similar tickets: ${most} by meaning, ${mostByWords} by words`);
    }
  }
}
