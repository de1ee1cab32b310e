import type { EmbedderName } from '../head/head-weights-format';
import type { Vocabulary } from '../features/vocabulary';
import { hashOf, int16Step, readInt16Weights, unusable, writeInt16Weights } from '../packed-weights';

/** A linear model over sentence embeddings that separates reports of failures from other tickets. */
export interface TrainedFailureHead {
  /** Length of the embeddings. */
  readonly dimensions: number;
  /** Weight of each number of the embedding. */
  readonly weights: Float64Array;
  /** Log-odds of a report for an embedding of zeros. */
  readonly bias: number;
  /** The embedding model whose vectors it learnt from. */
  readonly embedder: EmbedderName;
  /** How the model came to be. */
  readonly training: FailureTrainingRecord;
}

/** A linear model over TF-IDF features that does the same for tickets without an embedding. */
export interface TrainedFailureBaseline {
  readonly vocabulary: Vocabulary;
  /** Weight of each feature, in the order of the vocabulary. */
  readonly weights: Float64Array;
  /** Log-odds of a report for a text without any known feature. */
  readonly bias: number;
  /** How the model came to be. */
  readonly training: FailureTrainingRecord;
}

/** Where a model of failure reports comes from: the same data, vectors, seed and settings give the same bytes again. */
export interface FailureTrainingRecord {
  /** SHA-256 of the training texts and their labels. */
  readonly data: string;
  readonly texts: number;
  readonly seed: number;
  readonly steps: number;
  readonly learningRate: number;
  /** Share of texts right in cross-validation, at a probability of one half. */
  readonly accuracy: number;
  /** Mean negative logarithm of the probability given to what was true, likewise, in nats. */
  readonly logLoss: number;
}

interface Packed {
  readonly format: 1;
  /** SHA-256 over the rest of the manifest and the data. */
  readonly hash: string;
  /** Value of 1 in the 16-bit weights. */
  readonly weightStep: number;
}

/** The packed failure head, as it is in the package. */
export interface FailureHeadWeights {
  readonly manifest: Packed & Omit<TrainedFailureHead, 'weights'>;
  /** Base64 of the weights, little-endian int16. */
  readonly data: string;
}

/** The packed failure baseline, as it is in the package. */
export interface FailureBaselineWeights {
  readonly manifest: Packed &
    Omit<TrainedFailureBaseline, 'weights' | 'vocabulary'> &
    Pick<Vocabulary, 'settings' | 'tickets'> & {
      /** Number of features in the data. */
      readonly features: number;
    };
  /** Base64 of little-endian arrays one after the other: feature numbers (uint32), in how many texts each occurs (uint16), weights (int16). */
  readonly data: string;
}

const BYTES_PER_FEATURE = 4 + 2 + 2;

/** Packs a failure head. Weights are rounded to 16 bits: at most 1/65,534 of the largest one is lost. */
export function encodeFailureHead({ weights, ...head }: TrainedFailureHead): FailureHeadWeights {
  const weightStep = int16Step(weights);
  const bytes = Buffer.alloc(2 * weights.length);
  writeInt16Weights(bytes, 0, weights, weightStep);
  return sealed({ format: 1, ...head, weightStep }, bytes);
}

/**
 * Unpacks a failure head.
 * @throws SmartSupportError `invalid_model` when it is damaged, cut short or changed by hand
 */
export function decodeFailureHead(packed: FailureHeadWeights): TrainedFailureHead {
  const { rest, bytes } = opened(packed);
  const { format: _format, weightStep, ...head } = rest;
  if (bytes.length !== 2 * head.dimensions) throw unusable("the failure head's length does not fit");
  return { ...head, weights: readInt16Weights(bytes, 0, head.dimensions, weightStep) };
}

/** Packs a failure baseline; weights are rounded as in {@link encodeFailureHead}. */
export function encodeFailureBaseline(model: TrainedFailureBaseline): FailureBaselineWeights {
  const { vocabulary, weights, ...record } = model;
  const { settings, tickets, features, frequencies } = vocabulary;
  const weightStep = int16Step(weights);
  const bytes = Buffer.alloc(features.length * BYTES_PER_FEATURE);
  let at = 0;
  for (const feature of features) at = bytes.writeUInt32LE(feature, at);
  for (const frequency of frequencies) at = bytes.writeUInt16LE(frequency, at);
  writeInt16Weights(bytes, at, weights, weightStep);
  return sealed({ format: 1, settings, tickets, features: features.length, ...record, weightStep }, bytes);
}

/**
 * Unpacks a failure baseline.
 * @throws SmartSupportError `invalid_model` when it is damaged, cut short or changed by hand
 */
export function decodeFailureBaseline(packed: FailureBaselineWeights): TrainedFailureBaseline {
  const { rest, bytes } = opened(packed);
  const { settings, tickets, features: count, weightStep, bias, training } = rest;
  if (bytes.length !== count * BYTES_PER_FEATURE) throw unusable("the failure baseline's length does not fit");
  const features = Uint32Array.from({ length: count }, (_, i) => bytes.readUInt32LE(4 * i));
  const frequencies = Uint16Array.from({ length: count }, (_, i) => bytes.readUInt16LE(4 * count + 2 * i));
  const weights = readInt16Weights(bytes, 6 * count, count, weightStep);
  return { vocabulary: { settings, tickets, features, frequencies }, weights, bias, training };
}

function sealed<Manifest extends object>(rest: Manifest, bytes: Buffer) {
  const data = bytes.toString('base64');
  return { manifest: { ...rest, hash: hashOf(rest, data) }, data };
}

function opened<Manifest extends Packed>({ manifest, data }: { readonly manifest: Manifest; readonly data: string }) {
  const { hash, ...rest } = manifest;
  if (rest.format !== 1) throw unusable('the format of the failure model is not known');
  if (hashOf(rest, data) !== hash) throw unusable('the hash of the failure model does not fit');
  return { rest, bytes: Buffer.from(data, 'base64') };
}
