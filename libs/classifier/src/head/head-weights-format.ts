import { CATEGORIES } from '@smart-support/contracts';
import { hashOf, int16Step, readInt16Weights, unusable, writeInt16Weights } from '../packed-weights';

/** What the model of the embedding tells apart: the categories, and texts that are no ticket of any. */
export const HEAD_CLASSES = [...CATEGORIES, 'none'] as const;

/** A linear model over sentence embeddings and how it is fused with the baseline. Arrays per class follow the order of {@link HEAD_CLASSES}. */
export interface TrainedHead {
  /** Length of the embeddings. */
  readonly dimensions: number;
  /** Weight of each number of the embedding for each class: number 0's four, then number 1's four, and so on. */
  readonly weights: Float64Array;
  /** The weights times the mean embedding of the training tickets: what a ticket of no particular meaning scores. */
  readonly centres: readonly number[];
  /** One-versus-rest log-odds of each class for the mean embedding. */
  readonly biases: readonly number[];
  /** Factor on the baseline's log-odds, before its own calibration. */
  readonly wordsWeight: number;
  /** Factor on the embedding's log-odds. The two factors calibrate as well. */
  readonly meaningWeight: number;
  /** Confidence below which a person should look. */
  readonly reviewThreshold: number;
  /** Log-odds of `none` from which on a text counts as unlike all training tickets. */
  readonly noneThreshold: number;
  /** The embedding model whose vectors it learnt from; those of another mean nothing to it. */
  readonly embedder: EmbedderName;
  /** Hash of the baseline weights it was fused with. */
  readonly baseline: string;
  /** How the head came to be. */
  readonly training: HeadTrainingRecord;
}

/** Which embedding model made the vectors. */
export interface EmbedderName {
  /** For example `all-MiniLM-L6-v2`. */
  readonly name: string;
  /** Short hash of its weights. */
  readonly version: string;
}

/** Where a head comes from: the same data, vectors, seed and settings give the same bytes again. */
export interface HeadTrainingRecord {
  /** SHA-256 of the training tickets. */
  readonly data: string;
  readonly tickets: number;
  readonly seed: number;
  readonly steps: number;
  readonly learningRate: number;
  /** Share of tickets right when their topic was left out of training. */
  readonly accuracy: number;
  /** Mean of the three categories' F1, likewise. */
  readonly macroF1: number;
  /** Mean negative logarithm of the probability given to what was true, likewise, in nats. */
  readonly logLoss: number;
}

/** Everything about a packed head but the long array. */
export interface HeadManifest extends Omit<TrainedHead, 'weights'> {
  readonly format: 2;
  /** SHA-256 over the rest of the manifest and the data. */
  readonly hash: string;
  readonly classes: readonly string[];
  /** Value of 1 in the 16-bit weights. */
  readonly weightStep: number;
}

/** A packed head, as it is in the package. */
export interface HeadWeights {
  readonly manifest: HeadManifest;
  /** Base64 of the weights, little-endian int16. */
  readonly data: string;
}

/** Packs a head. Weights are rounded to 16 bits: at most 1/65,534 of the largest one is lost. */
export function encodeHeadWeights({ weights, ...head }: TrainedHead): HeadWeights {
  const weightStep = int16Step(weights);
  const bytes = Buffer.alloc(2 * weights.length);
  writeInt16Weights(bytes, 0, weights, weightStep);
  const data = bytes.toString('base64');
  const rest: Omit<HeadManifest, 'hash'> = { format: 2, classes: HEAD_CLASSES, ...head, weightStep };
  return { manifest: { ...rest, hash: hashOf(rest, data) }, data };
}

/**
 * Unpacks a head.
 * @throws SmartSupportError `invalid_model` when it is damaged, cut short, changed by hand or made for other categories
 */
export function decodeHeadWeights({ manifest, data }: HeadWeights): TrainedHead {
  const { hash, ...rest } = manifest;
  if (rest.format !== 2) throw unusable("the head's format is not known");
  if (hashOf(rest, data) !== hash) throw unusable("the head's hash does not fit");
  if (rest.classes.join() !== HEAD_CLASSES.join()) throw unusable('the head was trained for other categories');
  const { format: _format, classes, weightStep, ...head } = rest;
  const bytes = Buffer.from(data, 'base64');
  const count = classes.length * head.dimensions;
  if (bytes.length !== 2 * count) throw unusable("the head's length does not fit");
  return { ...head, weights: readInt16Weights(bytes, 0, count, weightStep) };
}
