import { SmartSupportError } from '@smart-support/contracts';
import type { EmbedderName } from '../head/head-weights-format';
import { versionOf } from '../packed-weights';
import { FAILURE_HEAD_WEIGHTS } from './failure-head-weights';
import { decodeFailureHead, type FailureHeadWeights } from './failure-weights-format';
import { sigmoid } from './sigmoid';

/** Estimates from a ticket's embedding whether it reports that something does not work. */
export interface FailureHead {
  /** Short hash of its weights. */
  readonly version: string;
  /** The embedding model it was trained on: vectors of another, or of other weights of the same, mean nothing to it. */
  readonly embedder: EmbedderName;
  /**
   * How probable it is that a ticket reports a failure, in [0, 1]: that a service, a function or a machine does not work now.
   * A question, a wish or a change of data is none, not even in the words of one ("What happens if the server goes down?"); nor is a failure that is over.
   * @param vector - the ticket's sentence embedding
   * @throws SmartSupportError `invalid_input` for a vector of another length than the embedder's, or with a number that is not finite
   */
  probability(vector: Float32Array): number;
}

/** What a failure head is made of. */
export interface FailureHeadOptions {
  /** By default those shipped with the package. */
  readonly weights?: FailureHeadWeights;
}

/**
 * The model of failure reports for tickets with a sentence embedding: logistic regression, less than a microsecond a ticket, no I/O.
 * The probability is that of a collection with as many reports as other tickets.
 * @throws SmartSupportError `invalid_model` when the weights are damaged
 */
export function createFailureHead({ weights: packed = FAILURE_HEAD_WEIGHTS }: FailureHeadOptions = {}): FailureHead {
  const { dimensions, weights, bias, embedder } = decodeFailureHead(packed);
  return {
    version: versionOf(packed.manifest),
    embedder,
    probability(vector) {
      if (vector.length !== dimensions) {
        throw badVector(`it needs an embedding of ${dimensions} numbers, not of ${vector.length}`);
      }
      let logOdds = bias;
      for (let i = 0; i < dimensions; i++) logOdds += (vector[i] as number) * (weights[i] as number);
      // A number that is not finite makes a sum that is not, for single-precision numbers cannot overflow it.
      if (!Number.isFinite(logOdds)) throw badVector('the embedding has numbers that are not finite');
      return sigmoid(logOdds);
    },
  };
}

function badVector(why: string): SmartSupportError {
  return new SmartSupportError('invalid_input', `The failure head cannot answer: ${why}`);
}
