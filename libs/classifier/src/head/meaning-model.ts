import { SmartSupportError } from '@smart-support/contracts';
import type { PerCategory } from '../category-scores';
import type { TrainedHead } from './head-weights-format';

/** The embedding's arithmetic: a sentence embedding times the weights. Categories are numbers here. */
export class MeaningModel {
  readonly #head: TrainedHead;

  constructor(head: TrainedHead) {
    this.#head = head;
  }

  /**
   * How far an embedding moves each category's log-odds, against those of the mean embedding; before the fusion.
   * @throws SmartSupportError `invalid_input` when it has another length than the head was trained for, or a number that is not finite
   */
  shifts(vector: Float32Array): PerCategory {
    const { dimensions, weights, centres } = this.#head;
    if (vector.length !== dimensions) {
      throw badVector(`it needs an embedding of ${dimensions} numbers, not of ${vector.length}`);
    }
    let first = 0;
    let second = 0;
    let third = 0;
    for (let i = 0; i < dimensions; i++) {
      const value = vector[i] as number;
      first += value * (weights[3 * i] as number);
      second += value * (weights[3 * i + 1] as number);
      third += value * (weights[3 * i + 2] as number);
    }
    // A number that is not finite makes a sum that is not, for single-precision numbers cannot overflow it.
    if (!Number.isFinite(first + second + third)) throw badVector('the embedding has numbers that are not finite');
    return [first - (centres[0] ?? 0), second - (centres[1] ?? 0), third - (centres[2] ?? 0)];
  }
}

/** The error for an input whose embedding the head cannot read. */
export function badVector(why: string): SmartSupportError {
  return new SmartSupportError('invalid_input', `The classifier's head cannot answer: ${why}`);
}
