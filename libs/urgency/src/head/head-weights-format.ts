import { SmartSupportError } from '@smart-support/contracts';
import { createHash } from 'node:crypto';
import { describeSignals } from '../describe-signals';

/** Which embedding model made the vectors. */
export interface EmbedderName {
  /** For example `all-MiniLM-L6-v2`. */
  readonly name: string;
  /** Short hash of its weights. */
  readonly version: string;
}

/** Where a head comes from: the same data, vectors and seed give the same bytes again. */
export interface UrgencyHeadTraining {
  /** SHA-256 of the training tickets (id, text, topic, urgency). */
  readonly data_sha256: string;
  readonly tickets: number;
  readonly topics: number;
  readonly seed: number;
  /** Penalty on the squared weights. */
  readonly ridge: number;
  /** Measured on topics left out of the fit: rank correlation with its 95 % topic-bootstrap interval, and mean absolute error. */
  readonly out_of_topic: {
    readonly spearman: number;
    readonly spearman_interval: readonly [number, number];
    readonly mean_absolute_error: number;
  };
}

/** A linear model of a logit: `bias`, and what the embedding and the signals add. */
export interface LogitModel {
  readonly bias: number;
  /** Weight of each number of the embedding. */
  readonly weights: Float64Array;
  /** Weight of each signal's number, by the signal's name. */
  readonly signalWeights: Readonly<Record<string, number>>;
}

/** The two parts of a head, see {@link TrainedUrgencyHead}. */
export const HEAD_PARTS = ['general', 'emergency'] as const;

/** The urgency of a ticket in general, and the probability that it is an emergency: the score is `1 - (1 - general) * (1 - emergency)`. */
export interface TrainedUrgencyHead extends Readonly<Record<(typeof HEAD_PARTS)[number], LogitModel>> {
  /** The embedding model whose vectors it learnt from; those of another mean nothing to it. */
  readonly embedder: EmbedderName;
  /** Length of the embeddings. */
  readonly dimensions: number;
  /** How the head came to be. */
  readonly training: UrgencyHeadTraining;
}

type PackedPart = Omit<LogitModel, 'weights'> & {
  /** Value of 1 in the 16-bit weights. */
  readonly weightStep: number;
};

/** Everything about a packed head but the long arrays. */
export interface UrgencyHeadManifest
  extends
    Pick<TrainedUrgencyHead, 'embedder' | 'dimensions' | 'training'>,
    Readonly<Record<(typeof HEAD_PARTS)[number], PackedPart>> {
  readonly format: 2;
  /** SHA-256 over the rest of the manifest and the data. */
  readonly hash: string;
  /** SHA-256 of `describeSignals()`: a head belongs to the patterns it was fitted with. */
  readonly patterns_sha256: string;
}

/** A packed head, as it lies in the package. */
export interface UrgencyHeadWeights {
  readonly manifest: UrgencyHeadManifest;
  /** Base64 of the weights, part after part, little-endian int16. */
  readonly data: string;
}

const LARGEST_INT16 = 0x7fff;

/** Packs a head. Weights are rounded to 16 bits: at most 1/65,534 of the largest one of a part is lost. */
export function encodeUrgencyHead(head: TrainedUrgencyHead): UrgencyHeadWeights {
  const { embedder, dimensions, training } = head;
  const bytes = Buffer.alloc(2 * HEAD_PARTS.length * dimensions);
  const [general, emergency] = HEAD_PARTS.map((name, part): PackedPart => {
    const { weights, ...rest } = head[name];
    const weightStep = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) / LARGEST_INT16 || 1;
    weights.forEach((weight, i) => bytes.writeInt16LE(Math.round(weight / weightStep), 2 * (part * dimensions + i)));
    return { ...rest, weightStep };
  }) as [PackedPart, PackedPart];
  const data = bytes.toString('base64');
  const rest: Omit<UrgencyHeadManifest, 'hash'> = {
    format: 2,
    embedder,
    dimensions,
    general,
    emergency,
    training,
    patterns_sha256: sha256(describeSignals()),
  };
  return { manifest: { ...rest, hash: hashOf(rest, data) }, data };
}

/**
 * Unpacks a head.
 * @throws SmartSupportError `invalid_model` when it is damaged, cut short, changed by hand or fitted to other patterns of the signals
 */
export function decodeUrgencyHead({ manifest, data }: UrgencyHeadWeights): TrainedUrgencyHead {
  const { hash, ...rest } = manifest;
  if (rest.format !== 2) throw unusable('their format is not known');
  if (hashOf(rest, data) !== hash) throw unusable('their hash does not fit');
  if (rest.patterns_sha256 !== sha256(describeSignals())) {
    throw unusable('they were fitted to other patterns of the signals: train the head again (tools:train)');
  }
  const { embedder, dimensions, training } = rest;
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length !== 2 * HEAD_PARTS.length * dimensions) throw unusable('their length does not fit');
  const [general, emergency] = HEAD_PARTS.map((name, part): LogitModel => {
    const { weightStep, ...model } = rest[name];
    const at = (i: number): number => bytes.readInt16LE(2 * (part * dimensions + i)) * weightStep;
    return { ...model, weights: Float64Array.from({ length: dimensions }, (_, i) => at(i)) };
  }) as [LogitModel, LogitModel];
  return { embedder, dimensions, general, emergency, training };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hashOf = (rest: object, data: string): string => sha256(`${JSON.stringify(rest)}\n${data}`);

function unusable(why: string): SmartSupportError {
  return new SmartSupportError('invalid_model', `The urgency head's weights cannot be used: ${why}`);
}
