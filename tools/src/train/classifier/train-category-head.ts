import { type EmbedderName, type HeadWeights } from '@smart-support/classifier';
import { encodeHeadWeights, HEAD_CLASSES } from '@smart-support/classifier/training';
import { CATEGORIES } from '@smart-support/contracts';
import { foldsOf } from '../cross-validation';
import { dataHash, importanceOf, type LabelledTicket } from '../dataset';
import { type Descriptions, meanVector } from '../descriptions';
import type { Calibrate } from '../field/calibrator';
import { rounded } from '../metrics';
import { evaluate, type Evaluation } from './evaluation';
import {
  CHOSEN_EMBEDDING_OPTIONS,
  embeddingLogits,
  type EmbeddingModel,
  type EmbeddingOptions,
  fitEmbeddingModel,
  labelsOf,
  outOfFoldEmbeddingLogits,
} from './fit-embedding-model';
import type { ClassifierTraining } from './train-classifier';

/** The two parts of the head and the whole. */
export const HEAD_PARTS = ['baseline', 'embedding', 'fused'] as const;

/** One of {@link HEAD_PARTS}. */
export type HeadPart = (typeof HEAD_PARTS)[number];

/** A text and its embedding. */
export interface EmbeddedText {
  readonly text: string;
  readonly vector: Float32Array;
}

/** What the head is trained with. */
export interface HeadTrainingOptions {
  /** The baseline that it is fused with, trained on the same tickets. */
  readonly baseline: ClassifierTraining;
  /** Texts that are no ticket. */
  readonly none: readonly EmbeddedText[];
  readonly descriptions: Descriptions;
  readonly calibrate: Calibrate;
  /** The model of the vectors. */
  readonly embedder: EmbedderName;
  readonly seed: number;
  /** Hyperparameters of the embedding part; by default the chosen ones. */
  readonly descent?: EmbeddingOptions;
}

/** A trained category head. */
export interface CategoryHeadTraining {
  readonly weights: HeadWeights;
  /** Out-of-topic figures of the parts and the whole. */
  readonly evaluations: Readonly<Record<HeadPart, Evaluation>>;
}

/**
 * Share of the baseline's log-odds in the sum. Chosen by strangers' texts (docs/decisions/0032-chosen-by-strangers-texts.md): fitted out of topic it would be twice as
 * large, because the words of our writers return in our other topics and not elsewhere.
 */
const WORDS_SHARE = 0.2;

/** The position of `none` among the classes. */
const NONE = HEAD_CLASSES.indexOf('none');

/**
 * Fits the embedding part to tickets and to texts that are none, adds the similarity to the descriptions and a share of the baseline, and calibrates.
 * For the out-of-topic figures neither part is fitted to the topic. The same texts and vectors give the same bytes.
 * @param vectors - the embedding of each ticket, in the order of the tickets
 */
export function trainCategoryHead(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  { baseline, none, descriptions, calibrate, embedder, seed, descent = CHOSEN_EMBEDDING_OPTIONS }: HeadTrainingOptions,
): CategoryHeadTraining {
  if (vectors.length !== tickets.length) throw new Error(`${tickets.length} tickets, but ${vectors.length} vectors`);
  const all = {
    vectors: [...vectors, ...none.map(({ vector }) => vector)],
    labels: [...labelsOf(tickets), ...none.map(() => NONE)],
    importance: [...tickets.map(importanceOf), ...none.map(() => 1)],
  };
  const similarity = descriptionModelOf(descriptions, meanVector(vectors));
  const folds = foldsOf(tickets, seed);
  // Texts that are no ticket are in every fold's training: only tickets are judged here.
  const others = none.map((_, i) => tickets.length + i);
  const withNone = folds.map(({ train, test }) => ({ train: [...train, ...others], test }));
  const meaning = outOfFoldEmbeddingLogits(all, withNone, descent).map((row, i) =>
    ofCategories(row).map((odds, k) => odds + (embeddingLogits(similarity, vectors[i] ?? new Float32Array())[k] ?? 0)),
  );
  const fused = evaluate(
    tickets,
    meaning.map((row, i) => fuse(baseline.outOfTopicLogits[i] ?? [], row)),
    folds,
  );
  const fitted = sumOf(fitEmbeddingModel(all, descent), similarity);
  const { scale, reviewThreshold, noneThreshold } = calibrate('head', {
    logits: (text, vector) => fuse(baseline.logits(text), ofCategories(embeddingLogits(fitted, vector))),
    none: (vector) => embeddingLogits(fitted, vector)[NONE] ?? NaN,
  });
  const weights = encodeHeadWeights({
    ...fitted,
    centres: fitted.centres.map(rounded),
    biases: fitted.biases.map(rounded),
    wordsWeight: rounded(scale * WORDS_SHARE),
    meaningWeight: rounded(scale),
    reviewThreshold,
    noneThreshold: rounded(noneThreshold ?? Number.MAX_SAFE_INTEGER),
    embedder,
    baseline: baseline.weights.manifest.hash,
    training: {
      data: dataHash(tickets),
      tickets: tickets.length,
      seed,
      steps: descent.steps,
      learningRate: descent.learningRate,
      accuracy: rounded(fused.accuracy),
      macroF1: rounded(fused.macroF1),
      logLoss: rounded(fused.logLoss),
    },
  });
  const evaluations = { baseline: baseline.evaluation, embedding: evaluate(tickets, meaning, folds), fused };
  return { weights, evaluations };
}

/**
 * What the similarity to the descriptions of a category adds to its log-odds for each unit of it. Chosen by strangers' texts, as {@link WORDS_SHARE}.
 */
const DESCRIPTION_WEIGHT = 8;

/** The similarity to the descriptions of each category, as a model of embeddings. Its log-odds are 0 for the mean embedding of the tickets. */
function descriptionModelOf({ categories }: Descriptions, mean: Float64Array): EmbeddingModel {
  const directions = [
    ...categories.map((vector) => vector.map((value) => DESCRIPTION_WEIGHT * value)),
    mean.map(() => 0),
  ];
  const weights = new Float64Array(directions.length * mean.length);
  directions.forEach((direction, k) => direction.forEach((value, i) => (weights[directions.length * i + k] = value)));
  const centres = directions.map((direction) => direction.reduce((sum, value, i) => sum + value * (mean[i] ?? 0), 0));
  return { dimensions: mean.length, weights, centres, biases: directions.map(() => 0) };
}

/** The model whose log-odds are the sums of two models'. */
function sumOf(a: EmbeddingModel, b: EmbeddingModel): EmbeddingModel {
  return {
    dimensions: a.dimensions,
    weights: a.weights.map((weight, i) => weight + (b.weights[i] ?? 0)),
    centres: a.centres.map((centre, k) => centre + (b.centres[k] ?? 0)),
    biases: a.biases.map((bias, k) => bias + (b.biases[k] ?? 0)),
  };
}

const ofCategories = (logits: readonly number[]): number[] => logits.slice(0, CATEGORIES.length);

/** Log-odds of the whole from those of its parts, before calibration. */
const fuse = (words: readonly number[], meaning: readonly number[]): number[] =>
  meaning.map((odds, k) => odds + WORDS_SHARE * (words[k] ?? 0));
