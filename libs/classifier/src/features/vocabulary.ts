import { SmartSupportError } from '@smart-support/contracts';
import { kindOfFeature } from './feature-hash';
import { FEATURE_KINDS, type FeatureSettings } from './feature-settings';
import { NumberIndex } from './number-index';

/** What was learnt from a collection of tickets about how rare its features are. */
export interface Vocabulary {
  /** How text became features. */
  readonly settings: FeatureSettings;
  /** Tickets in the collection. */
  readonly tickets: number;
  /** Feature numbers as unsigned 32-bit integers, each once and none of them 0; the order is that of the frequencies. */
  readonly features: Uint32Array;
  /** In how many tickets each feature occurs. */
  readonly frequencies: Uint16Array;
}

/**
 * A vocabulary made ready for look-ups: the position of a feature, and what a feature weighs.
 * The weight is the smoothed inverse document frequency ln((1 + tickets) / (1 + frequency)) + 1 times the kind's factor
 * (the smoothing pretends one more ticket that has every feature, so that nothing is divided by zero).
 */
export class VocabularyIndex {
  readonly #positions: NumberIndex;
  readonly #weights: Float64Array;
  readonly #unseen: readonly number[];

  /** @throws SmartSupportError `invalid_model` when frequencies are missing or a feature is named twice */
  constructor({ settings, tickets, features, frequencies }: Vocabulary) {
    this.#positions = new NumberIndex(features);
    if (features.length !== frequencies.length || !this.#positions.distinct) {
      throw new SmartSupportError('invalid_model', 'A vocabulary needs every feature once, with its frequency');
    }
    const factors: Readonly<Record<number, number>> = {
      [FEATURE_KINDS.characters]: settings.characterFactor,
      [FEATURE_KINDS.word]: settings.wordFactor,
      [FEATURE_KINDS.pair]: settings.pairFactor,
    };
    const weight = (frequency: number, factor = 0) => (Math.log((1 + tickets) / (1 + frequency)) + 1) * factor;
    this.#unseen = [0, 1, 2].map((kind) => weight(0, factors[kind]));
    this.#weights = Float64Array.from(features, (feature, i) =>
      weight(frequencies[i] ?? 0, factors[kindOfFeature(feature)]),
    );
  }

  /** The position of a feature, given as a signed number, or -1. */
  positionOf(feature: number): number {
    return this.#positions.positionOf(feature);
  }

  /** Weight of the feature at a position; with -1, of a feature that no ticket had. */
  weightOf(feature: number, position: number): number {
    return (position < 0 ? this.#unseen[kindOfFeature(feature)] : this.#weights[position]) as number;
  }
}

const LOGARITHMS = Float64Array.from({ length: 256 }, (_, halves) => 1 + Math.log(halves / 2));

/** Sublinear term frequency, 1 + ln(count): the second mention counts less than the first. The count comes in halves. */
export function termFrequency(halves: number): number {
  return halves < LOGARITHMS.length ? (LOGARITHMS[halves] as number) : 1 + Math.log(halves / 2);
}
