import { findSignals, SIGNALS } from '@smart-support/urgency';
import { readWording, signalStrengths, WordingVocabulary } from '@smart-support/urgency/training';
import type { LabelledTicket } from '../dataset';
import { mean } from '../metrics';
import type { Gram } from './kernel-ridge';
import { principalDirections } from './principal-directions';

/** Topics that a wording feature has to occur in: what belongs to one topic teaches nothing about others. */
const FEWEST_TOPICS = 2;

/** What is learnt from tickets without their urgency: along which directions they differ, how signals spread, which wordings recur. */
export interface TicketMeasures {
  readonly components: number;
  readonly directions: Float64Array;
  readonly signalScales: readonly number[];
  readonly features: Int32Array;
  readonly frequencies: Uint16Array;
  readonly tickets: number;
}

/** Learns the measures. @param components - principal directions of the embedding that are kept */
export function measure(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  components: number,
): TicketMeasures {
  const strengths = tickets.map(({ text }) => signalStrengths(findSignals(text).vector));
  const known = knownFeatures(tickets);
  const directions = principalDirections(vectors, components);
  return {
    components: directions.length / (vectors[0]?.length ?? 1),
    directions,
    signalScales: SIGNALS.map((_, signal) => scaleOf(strengths.map((row) => row[signal] ?? 0))),
    features: Int32Array.from(known, ({ feature }) => feature),
    frequencies: Uint16Array.from(known, ({ tickets: count }) => count),
    tickets: tickets.length,
  };
}

/** The wording features that topics have in common, in ascending order, and in how many tickets each occurs. */
function knownFeatures(tickets: readonly LabelledTicket[]): { readonly feature: number; readonly tickets: number }[] {
  const seen = new Map<number, { tickets: number; readonly topics: Set<string> }>();
  for (const { text, topic } of tickets) {
    const own = new Set<number>();
    readWording(text, (feature) => own.add(feature));
    for (const feature of own) {
      const entry = seen.get(feature) ?? { tickets: 0, topics: new Set() };
      if (entry.tickets === 0) seen.set(feature, entry);
      entry.tickets += 1;
      entry.topics.add(topic);
    }
  }
  return [...seen]
    .filter(([, { topics }]) => topics.size >= FEWEST_TOPICS)
    .map(([feature, { tickets: count }]) => ({ feature, tickets: count }))
    .sort((a, b) => a.feature - b.feature);
}

/** One over the standard deviation, in four digits; 0 if nothing varies. */
function scaleOf(values: readonly number[]): number {
  const middle = mean(values);
  const variance = mean(values.map((value) => (value - middle) ** 2));
  return variance === 0 ? 0 : Number((1 / Math.sqrt(variance)).toPrecision(4));
}

/** Each ticket's place along the principal directions, ticket after ticket. */
export function placesOf({ directions, components }: TicketMeasures, vectors: readonly Float32Array[]): Float64Array {
  const places = new Float64Array(vectors.length * components);
  vectors.forEach((vector, row) => {
    for (let k = 0; k < components; k++) {
      let place = 0;
      for (let d = 0; d < vector.length; d++) {
        place += (directions[k * vector.length + d] as number) * (vector[d] as number);
      }
      places[row * components + k] = place;
    }
  });
  return places;
}

/** Widths and weights of the kernel. */
export interface KernelSettings {
  /** Factors on the squared distances along the principal directions, and of scaled signals, inside the exponential. */
  readonly meaningWidth: number;
  readonly signalWidth: number;
  /** Factor on the cosine of wording. */
  readonly wordingWeight: number;
}

/** Similarities of each two tickets: `exp(-distance)` by meaning and signals, plus the weighted cosine of their wording. */
export function kernelOf(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  measures: TicketMeasures,
  { meaningWidth, signalWidth, wordingWeight }: KernelSettings,
): Gram {
  const { signalScales, components } = measures;
  const strengths = tickets.flatMap(({ text }) =>
    Array.from(signalStrengths(findSignals(text).vector), (strength, k) => strength * (signalScales[k] ?? 0)),
  );
  const vocabulary = new WordingVocabulary(measures.features, measures.frequencies, measures.tickets);
  const meaning = squaredDistances(placesOf(measures, vectors), components);
  const signals = squaredDistances(Float64Array.from(strengths), SIGNALS.length);
  const wording = cosines(tickets.map(({ text }) => vocabulary.vectorOf(text)));
  const values = meaning.map((apart, at) => {
    const distance = meaningWidth * apart + signalWidth * (signals[at] as number);
    return Math.exp(-distance) + wordingWeight * (wording[at] as number);
  });
  return { size: tickets.length, values };
}

/** Squared distance of each two rows. */
function squaredDistances(rows: Float64Array, width: number): Float64Array {
  const size = width === 0 ? 0 : rows.length / width;
  const distances = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      let distance = 0;
      for (let k = 0; k < width; k++) {
        const apart = (rows[i * width + k] as number) - (rows[j * width + k] as number);
        distance += apart * apart;
      }
      distances[i * size + j] = distance;
      distances[j * size + i] = distance;
    }
  }
  return distances;
}

/** Dot products of sparse vectors of length 1, by lists of the vectors that have a feature. */
function cosines(
  vectors: readonly { readonly positions: ArrayLike<number>; readonly values: ArrayLike<number> }[],
): Float64Array {
  const size = vectors.length;
  const products = new Float64Array(size * size);
  const owners = new Map<number, { rows: number[]; values: number[] }>();
  vectors.forEach(({ positions, values }, i) => {
    const row = products.subarray(i * size, (i + 1) * size);
    for (let at = 0; at < positions.length; at++) {
      const feature = positions[at] as number;
      const own = values[at] as number;
      const before = owners.get(feature) ?? { rows: [], values: [] };
      if (before.rows.length === 0) owners.set(feature, before);
      before.rows.push(i);
      before.values.push(own);
      before.rows.forEach((j, k) => (row[j] = (row[j] as number) + own * (before.values[k] as number)));
    }
  });
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) products[j * size + i] = products[i * size + j] as number;
  }
  return products;
}
