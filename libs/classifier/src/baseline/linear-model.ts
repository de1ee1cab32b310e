import { FeatureCounter } from '../features/feature-counter';
import { OccurrenceLog } from '../features/occurrence-log';
import { VocabularyIndex, termFrequency } from '../features/vocabulary';
import { type PerCategory, softmax } from '../category-scores';
import type { TrainedModel } from './weights-format';

/** What each term adds to the log-odds of one category against another. */
export type TermShares = Map<string, number>;

/** The model's arithmetic: a text's TF-IDF vector times the weights. Categories are numbers here. */
export class LinearModel {
  readonly #model: TrainedModel;
  readonly #index: VocabularyIndex;
  readonly #counter: FeatureCounter;

  constructor(model: TrainedModel) {
    this.#model = model;
    this.#index = new VocabularyIndex(model.vocabulary);
    this.#counter = new FeatureCounter(model.vocabulary.settings);
  }

  /** Calibrated probabilities of the three categories; the prior if the text has no feature that is known. */
  probabilities(text: string): PerCategory {
    const { scale, prior } = this.#model;
    const logOdds = this.logOdds(text);
    if (logOdds === undefined) return [at(prior, 0), at(prior, 1), at(prior, 2)];
    const [first, second, third] = logOdds;
    return softmax(scale * first, scale * second, scale * third);
  }

  /** One-versus-rest log-odds of the three categories before calibration; nothing if the text has no feature that is known. */
  logOdds(text: string): PerCategory | undefined {
    const { weights, biases } = this.#model;
    const index = this.#index;
    const counter = this.#counter;
    counter.count(text);
    let squares = 0;
    let first = 0;
    let second = 0;
    let third = 0;
    let known = 0;
    for (let i = 0, { size } = counter; i < size; i++) {
      const feature = counter.featureAt(i);
      const position = index.positionOf(feature);
      const value = termFrequency(counter.halvesAt(i)) * index.weightOf(feature, position);
      squares += value * value;
      if (position < 0) continue;
      known++;
      first += value * (weights[3 * position] as number);
      second += value * (weights[3 * position + 1] as number);
      third += value * (weights[3 * position + 2] as number);
    }
    if (known === 0) return undefined;
    const norm = Math.sqrt(squares);
    return [first / norm + at(biases, 0), second / norm + at(biases, 1), third / norm + at(biases, 2)];
  }

  /**
   * What each word and word pair of the text adds to `winner`'s log-odds against `other`, times `factor`: by default the
   * calibration. A character n-gram's part goes to the words it is part of, in equal parts for every occurrence; so all
   * shares and the two biases' difference add up to the log-odds.
   */
  termShares(text: string, winner: number, other: number, factor = this.#model.scale): TermShares {
    const { weights } = this.#model;
    const log = new OccurrenceLog();
    this.#counter.count(text, log);
    const occurrences = new Map<number, number>();
    log.forEach((feature) => occurrences.set(feature, (occurrences.get(feature) ?? 0) + 1));
    const contributions = new Map<number, number>();
    let squares = 0;
    for (let i = 0; i < this.#counter.size; i++) {
      const feature = this.#counter.featureAt(i);
      const position = this.#index.positionOf(feature);
      const value = termFrequency(this.#counter.halvesAt(i)) * this.#index.weightOf(feature, position);
      squares += value * value;
      if (position < 0) continue;
      const difference = at(weights, 3 * position + winner) - at(weights, 3 * position + other);
      contributions.set(feature, (value * difference) / (occurrences.get(feature) ?? 1));
    }
    const perUnit = factor / Math.sqrt(squares);
    const shares: TermShares = new Map();
    log.forEach((feature, term) => {
      const contribution = contributions.get(feature);
      if (contribution !== undefined) shares.set(term, (shares.get(term) ?? 0) + perUnit * contribution);
    });
    return shares;
  }
}

function at(numbers: ArrayLike<number>, i: number): number {
  return numbers[i] ?? 0;
}
