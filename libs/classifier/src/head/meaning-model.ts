import { SmartSupportError } from '@smart-support/contracts';
import type { PerCategory } from '../category-scores';
import type { TrainedHead } from './head-weights-format';

/** What an embedding says about a text. */
export interface Meaning {
  /** How far it moves each category's log-odds, against those of the mean embedding; before the fusion. */
  readonly shifts: PerCategory;
  /** Log-odds of the text being no ticket of any category. */
  readonly none: number;
}

/** The embedding's arithmetic: a sentence embedding times the weights. Classes are numbers here. */
export class MeaningModel {
  readonly #head: TrainedHead;

  constructor(head: TrainedHead) {
    this.#head = head;
  }

  /**
   * What an embedding says.
   * @throws SmartSupportError `invalid_input` when it has another length than the head was trained for, or a number that is not finite
   */
  read(vector: Float32Array): Meaning {
    const { dimensions, weights, centres, biases } = this.#head;
    if (vector.length !== dimensions) {
      throw badVector(`it needs an embedding of ${dimensions} numbers, not of ${vector.length}`);
    }
    let first = 0;
    let second = 0;
    let third = 0;
    let none = 0;
    for (let i = 0; i < dimensions; i++) {
      const value = vector[i] as number;
      first += value * (weights[4 * i] as number);
      second += value * (weights[4 * i + 1] as number);
      third += value * (weights[4 * i + 2] as number);
      none += value * (weights[4 * i + 3] as number);
    }
    // A number that is not finite makes a sum that is not, for single-precision numbers cannot overflow it.
    if (!Number.isFinite(first + second + third + none))
      throw badVector('the embedding has numbers that are not finite');
    return {
      shifts: [first - (centres[0] ?? 0), second - (centres[1] ?? 0), third - (centres[2] ?? 0)],
      none: none - (centres[3] ?? 0) + (biases[3] ?? 0),
    };
  }
}

/** The error for an input whose embedding the head cannot read. */
export function badVector(why: string): SmartSupportError {
  return new SmartSupportError('invalid_input', `The classifier's head cannot answer: ${why}`);
}
