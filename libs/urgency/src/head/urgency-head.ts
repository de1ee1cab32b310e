import {
  type ModelInfo,
  type ModelInput,
  SmartSupportError,
  type UrgencyHit,
  type UrgencyPrediction,
  type UrgencyScorer,
} from '@smart-support/contracts';
import { findSignals, type SignalFindings } from '../find-signals';
import { NO_CONTENT } from '../no-content';
import { SIGNALS } from '../signals/all-signals';
import { URGENCY_HEAD_WEIGHTS } from './head-weights';
import { decodeUrgencyHead, type EmbedderName, type UrgencyHeadWeights } from './head-weights-format';
import { Likeness } from './likeness';
import { signalStrengths } from './signal-strengths';
import { WordingVocabulary } from './wording-vocabulary';

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

const POSITION_OF = new Map(SIGNALS.map((signal, position) => [signal, position]));

/**
 * Scores urgency from what a ticket means (its sentence embedding), which signals of the rubric it shows, and how it is worded.
 * Kernel ridge regression: every training ticket contributes to the urgency as far as it is like this one in meaning and signals,
 * and every known turn of phrase adds its weight. A fraction of a millisecond per ticket, no I/O: the embedding comes with the input.
 *
 * A hit's `weight` is the logit with all signals less the logit without that hit's signal, as far as likeness goes: what the same words
 * say as mere wording stays. A signal found in several places is shared out among them by how much each added. Because signals
 * work together, the weights do not add up to the score, and an alarming signal in calm surroundings may have a small or even a negative one.
 * A text without any letter or digit scores 0.05, whatever its vector.
 * @throws SmartSupportError `invalid_model` when weights are damaged or were fitted to other patterns of the signals
 */
export function createUrgencyHead({ weights = URGENCY_HEAD_WEIGHTS }: UrgencyHeadOptions = {}): UrgencyHead {
  const head = decodeUrgencyHead(weights);
  const { slope, bias, embedder, dimensions, components, directions, featureWeights } = head;
  const version = weights.manifest.hash.slice(0, 12);
  const model: ModelInfo = { family: 'transformer', name: 'minilm-rubric-ridge', version };
  const likeness = new Likeness(head);
  const vocabulary = new WordingVocabulary(head.features, head.frequencies, head.tickets);

  const meaningOf = (vector: Float32Array): Float64Array => {
    const places = new Float64Array(components);
    for (let k = 0, at = 0; k < components; k++) {
      let place = 0;
      for (let d = 0; d < dimensions; d++, at++) place += (directions[at] as number) * (vector[d] as number);
      places[k] = place;
    }
    return places;
  };
  const wordingOf = (text: string): number => {
    const { positions, values } = vocabulary.vectorOf(text);
    return positions.reduce((sum, position, i) => sum + (featureWeights[position] ?? 0) * (values[i] ?? 0), 0);
  };

  return {
    model,
    embedder,
    score({ text, vector }) {
      if (vector === undefined) throw badVector('the input has no embedding');
      if (vector.length !== dimensions) {
        throw badVector(`the embedding has ${vector.length} numbers, ${dimensions} are needed`);
      }
      if (!vector.every(Number.isFinite)) throw badVector('the embedding has a number that is not finite');
      const signals = findSignals(text);
      if (!signals.saysSomething) return { urgency_score: NO_CONTENT, hits: [], model };
      const { total, effects } = likeness.ask(meaningOf(vector), signalStrengths(signals.vector));
      const logit = bias + slope * (total + wordingOf(text));
      return { urgency_score: 1 / (1 + Math.exp(-logit)), hits: hitsOf(signals, effects, slope), model };
    },
  };
}

function hitsOf({ matches, vector }: SignalFindings, effects: Float64Array, slope: number): UrgencyHit[] {
  const hits = matches.map(({ signal, match, share }): UrgencyHit => {
    const position = POSITION_OF.get(signal) ?? -1;
    const part = share / (vector[position] || 1);
    return { signal: signal.name, match, weight: slope * (effects[position] ?? 0) * part };
  });
  return hits.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
}

function badVector(why: string): SmartSupportError {
  return new SmartSupportError('invalid_input', `The urgency head cannot score: ${why}`, {
    issues: [{ path: 'vector', message: why }],
  });
}
