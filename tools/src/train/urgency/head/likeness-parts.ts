import type { SparseVector, Vectoriser } from '@smart-support/contracts';
import { findSignals, SIGNALS } from '@smart-support/urgency';
import { readWording, signalStrengths, WordingVocabulary } from '@smart-support/urgency/training';
import type { LabelledTicket } from '../../dataset';
import type { Gram } from './kernel-ridge';
import { principalDirections } from './principal-directions';
import { surfaceOf } from './surface';

/** A wording feature is known if tickets of so many topics have it: what belongs to one topic says nothing of others. */
const FEWEST_TOPICS = 2;

/** What is learnt from tickets without looking at their urgency: where they differ, how signals spread, which wordings recur. */
export interface TicketMeasures {
  readonly components: number;
  readonly directions: Float64Array;
  readonly signalScales: readonly number[];
  readonly features: Int32Array;
  readonly frequencies: Uint16Array;
  readonly tickets: number;
}

/** Learns the measures. */
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
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
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

/** What any two of some tickets have in common, seen in several ways: what kernels are made of. */
export interface LikenessParts {
  readonly size: number;
  /** Squared distances along the principal directions, of scaled signals, and of standardised surface features. */
  readonly meaning: Float64Array;
  readonly signals: Float64Array;
  readonly surface: Float64Array;
  /** Cosine of wording, and of the classifier's TF-IDF vectors. */
  readonly wording: Float64Array;
  readonly vectorised: Float64Array;
}

/** Compares tickets by measures that were learnt from them or from others. */
export function compare(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  measures: TicketMeasures,
  vectoriser: Vectoriser,
): LikenessParts {
  const { signalScales, components } = measures;
  const signals = tickets.flatMap(({ text }) =>
    Array.from(signalStrengths(findSignals(text).vector), (strength, k) => strength * (signalScales[k] ?? 0)),
  );
  const vocabulary = new WordingVocabulary(measures.features, measures.frequencies, measures.tickets);
  return {
    size: tickets.length,
    meaning: squaredDistances(placesOf(measures, vectors), components),
    signals: squaredDistances(Float64Array.from(signals), SIGNALS.length),
    surface: surfaceDistances(tickets),
    wording: cosines(
      tickets.map(({ text }) => {
        const { positions, values } = vocabulary.vectorOf(text);
        return { indices: positions, values };
      }),
    ),
    vectorised: cosines(tickets.map(({ text }) => vectoriser.vectorise(text))),
  };
}

function surfaceDistances(tickets: readonly LabelledTicket[]): Float64Array {
  const rows = tickets.map(({ text }) => surfaceOf(text));
  const width = rows[0]?.length ?? 0;
  const means = Array.from(
    { length: width },
    (_, k) => rows.reduce((sum, row) => sum + (row[k] ?? 0), 0) / rows.length,
  );
  const scales = means.map((_, k) => scaleOf(rows.map((row) => row[k] ?? 0)));
  return squaredDistances(
    Float64Array.from(rows.flatMap((row) => row.map((value, k) => (value - (means[k] ?? 0)) * (scales[k] ?? 0)))),
    width,
  );
}

/** Squared distance of each two rows. */
export function squaredDistances(rows: Float64Array, width: number): Float64Array {
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

/** Dot products of sparse vectors of length 1, by lists of who has a feature. */
function cosines(
  vectors: readonly { indices: ArrayLike<number>; values: SparseVector['values'] | Float64Array }[],
): Float64Array {
  const size = vectors.length;
  const products = new Float64Array(size * size);
  const owners = new Map<number, { rows: number[]; values: number[] }>();
  vectors.forEach(({ indices, values }, i) => {
    const row = products.subarray(i * size, (i + 1) * size);
    for (let at = 0; at < indices.length; at++) {
      const feature = indices[at] as number;
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

/** How the parts are put together. */
export interface Recipe {
  /** Factors on the squared distances inside the likeness `exp(-distance)`; with none at all there is no such likeness. */
  readonly meaningWidth?: number;
  readonly signalWidth?: number;
  readonly surfaceWidth?: number;
  /** Factors on the cosines that are added to it. */
  readonly wordingWeight?: number;
  readonly vectorisedWeight?: number;
}

/** Likenesses by a recipe. */
export function mix(parts: LikenessParts, recipe: Recipe): Gram {
  const { meaning, signals, surface, wording, vectorised, size } = parts;
  const { meaningWidth, signalWidth, surfaceWidth, wordingWeight = 0, vectorisedWeight = 0 } = recipe;
  const near = [meaningWidth, signalWidth, surfaceWidth].some((width) => width !== undefined);
  const [m, s, f] = [meaningWidth ?? 0, signalWidth ?? 0, surfaceWidth ?? 0];
  const values = new Float64Array(size * size);
  for (let at = 0; at < values.length; at++) {
    const distance = m * (meaning[at] as number) + s * (signals[at] as number) + f * (surface[at] as number);
    const added = wordingWeight * (wording[at] as number) + vectorisedWeight * (vectorised[at] as number);
    values[at] = (near ? Math.exp(-distance) : 0) + added;
  }
  return { size, values };
}
