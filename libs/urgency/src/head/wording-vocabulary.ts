import { SmartSupportError } from '@smart-support/contracts';
import { FeaturePositions } from './feature-positions';
import { readWording } from './wording';

/** The known features of a text. */
export interface WordingVector {
  /** Their positions in the vocabulary, in the order in which they first occur. */
  readonly positions: readonly number[];
  /** What each weighs; the squares add up to 1, or there are none. */
  readonly values: Float64Array;
}

/**
 * The wording features that training tickets have in common, and TF-IDF vectors over them: sublinear frequency 1 + ln(count) times
 * the smoothed inverse document frequency ln((1 + tickets) / (1 + frequency)) + 1, brought to length 1. Others are passed over.
 */
export class WordingVocabulary {
  readonly #positions: FeaturePositions;
  readonly #rarity: Float64Array;
  /** Occurrences by position while a text is read; all 0 in between. */
  readonly #counts: Uint32Array;

  /**
   * @param features - numbers as `readWording` gives them, each once
   * @param frequencies - in how many of the tickets each occurs
   * @throws SmartSupportError `invalid_model` when a feature is named twice or the lengths differ
   */
  constructor(features: ArrayLike<number>, frequencies: ArrayLike<number>, tickets: number) {
    this.#positions = new FeaturePositions(features);
    if (!this.#positions.distinct || features.length !== frequencies.length) {
      throw new SmartSupportError('invalid_model', 'A wording vocabulary needs every feature once, with its frequency');
    }
    this.#rarity = Float64Array.from(frequencies, (frequency) => Math.log((1 + tickets) / (1 + frequency)) + 1);
    this.#counts = new Uint32Array(features.length);
  }

  /** The vector of a text. */
  vectorOf(text: string): WordingVector {
    const counts = this.#counts;
    const positions: number[] = [];
    readWording(text, (feature) => {
      const position = this.#positions.of(feature);
      if (position < 0) return;
      const count = counts[position] as number;
      if (count === 0) positions.push(position);
      counts[position] = count + 1;
    });
    const values = new Float64Array(positions.length);
    let squares = 0;
    for (let i = 0; i < positions.length; i++) {
      const position = positions[i] as number;
      const value = (1 + Math.log(counts[position] as number)) * (this.#rarity[position] as number);
      counts[position] = 0;
      values[i] = value;
      squares += value * value;
    }
    const length = Math.sqrt(squares);
    return { positions, values: values.map((value) => value / length) };
  }
}
