import { CATEGORIES } from '@smart-support/contracts';
import type { FeatureSettings } from '../features/feature-settings';
import type { Vocabulary } from '../features/vocabulary';
import { hashOf, int16Step, readInt16Weights, unusable, writeInt16Weights } from '../packed-weights';

/** A linear model over TF-IDF features, before it is packed. Arrays per category follow the order of `CATEGORIES`. */
export interface TrainedModel {
  readonly vocabulary: Vocabulary;
  /** Weight of each feature for each category: feature 0's three, then feature 1's three, and so on. */
  readonly weights: Float64Array;
  /** One-versus-rest log-odds of each category without any feature. */
  readonly biases: readonly number[];
  /** Calibration: factor on the log-odds before the softmax, the inverse of a temperature. */
  readonly scale: number;
  /** Share of each category among the training tickets: the answer to a text without words. */
  readonly prior: readonly number[];
  /** Confidence below which a person should look. */
  readonly reviewThreshold: number;
  /** How the model came to be. */
  readonly training: TrainingRecord;
}

/** Where a model comes from: the same data, seed and settings give the same bytes again. */
export interface TrainingRecord {
  /** SHA-256 of the training tickets. */
  readonly data: string;
  readonly seed: number;
  readonly steps: number;
  readonly learningRate: number;
  /** A feature had to occur in this many topics. */
  readonly minimumTopics: number;
  /** Share of tickets right when their topic was left out of training. */
  readonly accuracy: number;
  /** Mean of the three categories' F1, likewise. */
  readonly macroF1: number;
}

/** Everything about packed weights but the long arrays. */
export interface WeightsManifest {
  readonly format: 1;
  /** SHA-256 over the rest of the manifest and the data. */
  readonly hash: string;
  readonly categories: readonly string[];
  readonly settings: FeatureSettings;
  /** Training tickets. */
  readonly tickets: number;
  /** Number of features in the data. */
  readonly features: number;
  /** Value of 1 in the 16-bit weights. */
  readonly weightStep: number;
  readonly biases: readonly number[];
  readonly scale: number;
  readonly prior: readonly number[];
  readonly reviewThreshold: number;
  readonly training: TrainingRecord;
}

/** Packed weights, as they lie in the package. */
export interface ClassifierWeights {
  readonly manifest: WeightsManifest;
  /**
   * Base64 of little-endian arrays one after the other: feature numbers (uint32), in how many tickets each
   * occurs (uint16), and three weights for each (int16).
   */
  readonly data: string;
}

const BYTES_PER_FEATURE = 4 + 2 + 3 * 2;

/** Packs a model. Weights are rounded to 16 bits: at most 1/65,534 of the largest one is lost. */
export function encodeWeights(model: TrainedModel): ClassifierWeights {
  const { vocabulary, weights } = model;
  const features = vocabulary.features.length;
  const weightStep = int16Step(weights);
  const bytes = Buffer.alloc(features * BYTES_PER_FEATURE);
  let at = 0;
  for (const feature of vocabulary.features) at = bytes.writeUInt32LE(feature, at);
  for (const frequency of vocabulary.frequencies) at = bytes.writeUInt16LE(frequency, at);
  writeInt16Weights(bytes, at, weights, weightStep);
  const data = bytes.toString('base64');
  const rest: Omit<WeightsManifest, 'hash'> = {
    format: 1,
    categories: CATEGORIES,
    settings: vocabulary.settings,
    tickets: vocabulary.tickets,
    features,
    weightStep,
    biases: model.biases,
    scale: model.scale,
    prior: model.prior,
    reviewThreshold: model.reviewThreshold,
    training: model.training,
  };
  return { manifest: { ...rest, hash: hashOf(rest, data) }, data };
}

/**
 * Unpacks weights.
 * @throws SmartSupportError `invalid_model` when they are damaged, cut short, changed by hand or made for other categories
 */
export function decodeWeights({ manifest, data }: ClassifierWeights): TrainedModel {
  const { hash, ...rest } = manifest;
  if (rest.format !== 1) throw unusable('their format is not known');
  if (hashOf(rest, data) !== hash) throw unusable('their hash does not fit');
  if (rest.categories.join() !== CATEGORIES.join()) throw unusable('they were trained for other categories');
  const bytes = Buffer.from(data, 'base64');
  const { features: count, weightStep } = rest;
  if (bytes.length !== count * BYTES_PER_FEATURE) throw unusable('their length does not fit');
  const features = Uint32Array.from({ length: count }, (_, i) => bytes.readUInt32LE(4 * i));
  const frequencies = Uint16Array.from({ length: count }, (_, i) => bytes.readUInt16LE(4 * count + 2 * i));
  const weights = readInt16Weights(bytes, 6 * count, 3 * count, weightStep);
  return {
    vocabulary: { settings: rest.settings, tickets: rest.tickets, features, frequencies },
    weights,
    biases: rest.biases,
    scale: rest.scale,
    prior: rest.prior,
    reviewThreshold: rest.reviewThreshold,
    training: rest.training,
  };
}
