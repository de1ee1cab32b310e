import { SmartSupportError } from '@smart-support/contracts';
import { createHash } from 'node:crypto';
import { describeSignals } from '../describe-signals';
import { SIGNALS } from '../signals/all-signals';
import { packArrays, type PackedArray, stepFor, unpackArrays } from './packed-arrays';

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
  readonly topics: number;
  readonly seed: number;
  /** Penalty of the kernel ridge regression. */
  readonly ridge: number;
  /** How much the likeness of wording counts beside that of meaning and signals. */
  readonly wording_weight: number;
  /** Labels are kept this far from 0 and 1 before their logit is taken. */
  readonly label_margin: number;
  /** Measured on topics left out of the fit: rank correlation with its 95 % topic-bootstrap interval, and mean absolute error. */
  readonly leave_one_topic_out: {
    readonly spearman: number;
    readonly spearman_interval: readonly [number, number];
    readonly mean_absolute_error: number;
  };
}

/** Everything that is short about a head. */
interface HeadSettings {
  /** The embedding model whose vectors it learnt from; those of another mean nothing to it. */
  readonly embedder: EmbedderName;
  /** Length of the embeddings. */
  readonly dimensions: number;
  /** Principal directions kept of them. */
  readonly components: number;
  /** Tickets it learnt from. */
  readonly tickets: number;
  /** Factor on the squared distance of two tickets' meanings. */
  readonly meaningWidth: number;
  /** Factor on the squared distance of two tickets' signals. */
  readonly signalWidth: number;
  /** What brings each signal's strength to a standard deviation of 1, in the order of `SIGNALS`; 0 for one that was never seen. */
  readonly signalScales: readonly number[];
  /** Calibration: the score's logit is `bias` plus `slope` times what the regression says. */
  readonly slope: number;
  readonly bias: number;
  /** How the head came to be. */
  readonly training: UrgencyHeadTraining;
}

/** A head before it is packed: kernel ridge regression on the logit of the urgency. */
export interface TrainedUrgencyHead extends HeadSettings {
  /** The principal directions one after the other, `components` times `dimensions` numbers. */
  readonly directions: Float64Array;
  /** How much each training ticket raises or lowers the urgency of tickets like it. */
  readonly relevances: Float64Array;
  /** Each training ticket's place along the directions, ticket after ticket. */
  readonly meanings: Float64Array;
  /** Each training ticket's signal strengths, ticket after ticket. */
  readonly signals: Float64Array;
  /** The wording features, as `readWording` numbers them. */
  readonly features: Int32Array;
  /** In how many training tickets each occurs. */
  readonly frequencies: Uint16Array;
  /** What each adds to the regression's answer, for a text that consists of nothing else. */
  readonly featureWeights: Float64Array;
}

/** Everything about a packed head but the long arrays. */
export interface UrgencyHeadManifest extends HeadSettings {
  readonly format: 1;
  /** SHA-256 over the rest of the manifest and the data. */
  readonly hash: string;
  /** SHA-256 of `describeSignals()`: a head belongs to the patterns it was fitted with. */
  readonly patterns_sha256: string;
  /** Number of wording features. */
  readonly features: number;
  /** In how many training tickets each signal was found. */
  readonly signalTickets: readonly number[];
  /** Value of 1 in the packed integers. */
  readonly steps: {
    readonly directions: number;
    readonly featureWeights: number;
    /** Of each direction: tickets are spread along the first ones far more widely than along the last. */
    readonly meanings: readonly number[];
    readonly signals: number;
  };
}

/** A packed head, as it lies in the package. */
export interface UrgencyHeadWeights {
  readonly manifest: UrgencyHeadManifest;
  /** Base64 of the long arrays. */
  readonly data: string;
}

/**
 * Packs a head. Directions and feature weights are rounded to 16 bits, meanings and signal strengths to 8:
 * scores of training tickets moved by less than 0.01.
 */
export function encodeUrgencyHead(head: TrainedUrgencyHead): UrgencyHeadWeights {
  const { directions, relevances, meanings, signals, features, frequencies, featureWeights, ...settings } = head;
  const found = SIGNALS.map((_, signal) => findersOf(signals, signal));
  const strengths = found.flatMap((rows, signal) => rows.map((row) => signals[row * SIGNALS.length + signal] ?? 0));
  const steps = {
    directions: stepFor(directions, 0x7fff),
    featureWeights: stepFor(featureWeights, 0x7fff),
    meanings: Array.from({ length: head.components }, (_, k) =>
      stepFor(
        meanings.filter((_place, at) => at % head.components === k),
        0x7f,
      ),
    ),
    signals: stepFor(strengths, 0xff),
  };
  const data = packArrays([
    { type: 'int32', values: features },
    { type: 'float32', values: relevances },
    { type: 'int16', values: directions, step: steps.directions },
    { type: 'uint16', values: frequencies },
    { type: 'int16', values: featureWeights, step: steps.featureWeights },
    { type: 'uint16', values: found.flat() },
    { type: 'int8', values: meanings.map((place, at) => place / (steps.meanings[at % head.components] ?? 1)) },
    { type: 'uint8', values: strengths, step: steps.signals },
  ]);
  const rest: Omit<UrgencyHeadManifest, 'hash'> = {
    format: 1,
    ...settings,
    patterns_sha256: sha256(describeSignals()),
    features: features.length,
    signalTickets: found.map((rows) => rows.length),
    steps,
  };
  return { manifest: { ...rest, hash: hashOf(rest, data) }, data };
}

/** The rows in which a signal is there: most are not, so only these are packed. */
function findersOf(signals: Float64Array, signal: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row * SIGNALS.length < signals.length; row++) {
    if (signals[row * SIGNALS.length + signal]) rows.push(row);
  }
  return rows;
}

/**
 * Unpacks a head.
 * @throws SmartSupportError `invalid_model` when it is damaged, cut short, changed by hand or fitted to other patterns
 */
export function decodeUrgencyHead({ manifest, data }: UrgencyHeadWeights): TrainedUrgencyHead {
  const { hash, ...rest } = manifest;
  if (rest.format !== 1) throw unusable('their format is not known');
  if (hashOf(rest, data) !== hash) throw unusable('their hash does not fit');
  const { format: _format, patterns_sha256, features: count, signalTickets, steps, ...settings } = rest;
  if (patterns_sha256 !== sha256(describeSignals())) {
    throw unusable('they were fitted to other patterns of the signals; train again with `npx nx run tools:train`');
  }
  const { tickets, components, dimensions } = settings;
  const finds = signalTickets.reduce((sum, rows) => sum + rows, 0);
  const layout: PackedArray[] = [
    { type: 'int32', length: count },
    { type: 'float32', length: tickets },
    { type: 'int16', length: components * dimensions, step: steps.directions },
    { type: 'uint16', length: count },
    { type: 'int16', length: count, step: steps.featureWeights },
    { type: 'uint16', length: finds },
    { type: 'int8', length: tickets * components },
    { type: 'uint8', length: finds, step: steps.signals },
  ];
  const unpacked = unpackArrays(data, layout);
  if (!unpacked) throw unusable('their length does not fit');
  const none = new Float64Array();
  const [
    features = none,
    relevances = none,
    directions = none,
    frequencies = none,
    featureWeights = none,
    rows = none,
    meanings = none,
    strengths = none,
  ] = unpacked;
  const signals = new Float64Array(tickets * SIGNALS.length);
  let at = 0;
  signalTickets.forEach((finders, signal) => {
    for (const end = at + finders; at < end; at++)
      signals[(rows[at] ?? 0) * SIGNALS.length + signal] = strengths[at] ?? 0;
  });
  return {
    ...settings,
    directions,
    relevances,
    meanings: meanings.map((place, at) => place * (steps.meanings[at % components] ?? 1)),
    signals,
    features: Int32Array.from(features),
    frequencies: Uint16Array.from(frequencies),
    featureWeights,
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function hashOf(manifest: object, data: string): string {
  return createHash('sha256').update(JSON.stringify(manifest)).update('\n').update(data).digest('hex');
}

function unusable(why: string): SmartSupportError {
  return new SmartSupportError('invalid_model', `The urgency head's weights cannot be used: ${why}`);
}
