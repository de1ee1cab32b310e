import {
  type ModelInfo,
  type ModelInput,
  SmartSupportError,
  type UrgencyHit,
  type UrgencyPrediction,
  type UrgencyScorer,
} from '@smart-support/contracts';
import { findSignals } from '../find-signals';
import { NO_CONTENT } from '../no-content';
import { URGENCY_HEAD_WEIGHTS } from './head-weights';
import { decodeUrgencyHead, type EmbedderName, type UrgencyHeadWeights } from './head-weights-format';

/** An {@link UrgencyScorer} that answers at once from a text and its embedding. */
export interface UrgencyHead extends UrgencyScorer {
  /** The embedding model it was trained on: vectors of another, or of other weights of the same, mean nothing to it. */
  readonly embedder: EmbedderName;
  /** @throws SmartSupportError `invalid_input` without a vector, for one of another length, or with a number that is not finite */
  score(input: ModelInput): UrgencyPrediction;
}

/** What a head is made of. */
export interface UrgencyHeadOptions {
  /** By default those shipped with the package. */
  readonly weights?: UrgencyHeadWeights;
}

/**
 * Scores urgency from what a ticket means (its sentence embedding) and which signals of the rubric it shows. Two logistic regressions: the urgency in general, and the
 * probability of an emergency, which may raise it; one alone puts emergencies of few words among the merely pressing. Microseconds a ticket, no I/O: the embedding
 * comes with the input.
 *
 * A hit's `weight` is the score's logit less the logit without that place. Because two parts make the score, the weights do not add up to it.
 * A text without any letter or digit scores 0.05, whatever its vector.
 * @throws SmartSupportError `invalid_model` when weights are damaged or were fitted to other patterns of the signals
 */
export function createUrgencyHead({ weights = URGENCY_HEAD_WEIGHTS }: UrgencyHeadOptions = {}): UrgencyHead {
  const { general, emergency, embedder, dimensions } = decodeUrgencyHead(weights);
  const version = weights.manifest.hash.slice(0, 12);
  const model: ModelInfo = { family: 'transformer', name: 'minilm-rubric-logistic', version };
  return {
    model,
    embedder,
    score({ text, vector }) {
      if (vector === undefined) throw badVector('the input has no embedding');
      if (vector.length !== dimensions) {
        throw badVector(`the embedding has ${vector.length} numbers, ${dimensions} are needed`);
      }
      let inGeneral = general.bias;
      let asEmergency = emergency.bias;
      for (let i = 0; i < dimensions; i++) {
        const value = vector[i] as number;
        inGeneral += value * (general.weights[i] as number);
        asEmergency += value * (emergency.weights[i] as number);
      }
      // A number that is not finite makes a sum that is not, for single-precision numbers cannot overflow it.
      if (!Number.isFinite(inGeneral + asEmergency)) throw badVector('the embedding has a number that is not finite');
      const { matches, saysSomething } = findSignals(text);
      if (!saysSomething) return { urgency_score: NO_CONTENT, hits: [], model };
      const places = matches.map(({ signal: { name }, match, share }) => ({
        ...{ signal: name, match },
        general: share * (general.signalWeights[name] ?? 0),
        emergency: share * (emergency.signalWeights[name] ?? 0),
      }));
      for (const place of places) {
        inGeneral += place.general;
        asEmergency += place.emergency;
      }
      const logit = combinedLogit(inGeneral, asEmergency);
      const hits = places.map((place): UrgencyHit => {
        const without = combinedLogit(inGeneral - place.general, asEmergency - place.emergency);
        return { signal: place.signal, match: place.match, weight: logit - without };
      });
      hits.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
      return { urgency_score: 1 / (1 + Math.exp(-logit)), hits, model };
    },
  };
}

/**
 * The logit of `1 - (1 - a) * (1 - b)` from the logits of a and b: what is left to 1 is the product of what each leaves, whose odds are `(1 + e^a) * (1 + e^b) - 1` to 1.
 */
function combinedLogit(a: number, b: number): number {
  const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  const left = softplus(a) + softplus(b);
  return left + Math.log(-Math.expm1(-left));
}

function badVector(why: string): SmartSupportError {
  return new SmartSupportError('invalid_input', `The urgency head cannot score: ${why}`, {
    issues: [{ path: 'vector', message: why }],
  });
}
