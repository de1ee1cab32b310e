import type { TrainedUrgencyHead } from './head-weights-format';

/** The training tickets with one signal. */
interface Finders {
  readonly rows: Int32Array;
  /** The signal's strength in each, scaled. */
  readonly strengths: Float64Array;
}

/** What likeness to the training tickets contributes to a ticket's score. */
export interface LikenessAnswer {
  /** The training tickets' relevances, each times its likeness, added up. */
  readonly total: number;
  /** For each signal: by how much the total would differ without it, and 0 for one that is not there. */
  readonly effects: Float64Array;
}

/**
 * Likeness of a ticket to the training tickets in meaning and in signals: `exp(-(|z - z_i|^2 + |s - s_i|^2))`, where z are the
 * places along the embedding's principal directions and s the scaled signal strengths. A product of both: a training ticket
 * counts for this one only if it is about a similar matter with similar signals.
 */
export class Likeness {
  /** Numbers of one training ticket in `#meanings`: the components, filled up with zeros to a multiple of four. */
  readonly #stride: number;
  readonly #meanings: Float64Array;
  /** Squared length of each training ticket's place and scaled signals. */
  readonly #squares: Float64Array;
  readonly #relevances: Float64Array;
  /** Factors on each place and on each signal's strength. */
  readonly #meaningFactor: number;
  readonly #signalFactors: Float64Array;
  readonly #finders: readonly Finders[];
  /** Reused by every call: per training ticket what the signals have in common, then relevance times likeness. */
  readonly #common: Float64Array;
  readonly #spoken: Float64Array;

  constructor(head: TrainedUrgencyHead) {
    const { components, tickets, signals, signalScales, meaningWidth, signalWidth } = head;
    const width = signalScales.length;
    const squares = new Float64Array(tickets);
    const stride = Math.ceil(components / 4) * 4;
    const meaningFactor = Math.sqrt(meaningWidth);
    const meanings = new Float64Array(tickets * stride);
    head.meanings.forEach((place, at) => {
      const row = Math.floor(at / components);
      const scaled = place * meaningFactor;
      meanings[row * stride + (at % components)] = scaled;
      squares[row] = (squares[row] as number) + scaled * scaled;
    });
    const factors = Float64Array.from(signalScales, (scale) => scale * Math.sqrt(signalWidth));
    this.#finders = signalScales.map((_, signal) => {
      const rows: number[] = [];
      const strengths: number[] = [];
      for (let row = 0; row < tickets; row++) {
        const strength = (signals[row * width + signal] as number) * (factors[signal] as number);
        if (strength === 0) continue;
        rows.push(row);
        strengths.push(strength);
        squares[row] = (squares[row] as number) + strength * strength;
      }
      return { rows: Int32Array.from(rows), strengths: Float64Array.from(strengths) };
    });
    this.#stride = stride;
    this.#meanings = meanings;
    this.#squares = squares;
    this.#relevances = head.relevances;
    this.#meaningFactor = meaningFactor;
    this.#signalFactors = factors;
    this.#common = new Float64Array(tickets);
    this.#spoken = new Float64Array(tickets);
  }

  /**
   * @param meaning - places along the principal directions
   * @param strengths - of the signals, as `signalStrengths` gives them
   */
  ask(meaning: Float64Array, strengths: Float64Array): LikenessAnswer {
    const signals = strengths.map((strength, signal) => strength * (this.#signalFactors[signal] as number));
    const place = new Float64Array(this.#stride);
    meaning.forEach((value, k) => (place[k] = value * this.#meaningFactor));
    this.#compareSignals(signals);
    const total = this.#compare(place, sumOfSquares(place) + sumOfSquares(signals));
    const effects = signals.map((own, signal) => (own === 0 ? 0 : total - this.#without(signal, own, total)));
    return { total, effects };
  }

  /** Notes what the signals have in common with each training ticket's: the sum of products. */
  #compareSignals(signals: Float64Array): void {
    const common = this.#common.fill(0);
    for (let signal = 0; signal < signals.length; signal++) {
      const own = signals[signal] as number;
      if (own === 0) continue;
      const { rows, strengths } = this.#finders[signal] as Finders;
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        common[row] = (common[row] as number) + own * (strengths[i] as number);
      }
    }
  }

  /** The sum of what all say. Squared distances by `|a|^2 + |b|^2 - 2 a b`, the products in four running sums. */
  #compare(place: Float64Array, ownSquares: number): number {
    const meanings = this.#meanings;
    const spoken = this.#spoken;
    const squares = this.#squares;
    const common = this.#common;
    const relevances = this.#relevances;
    const stride = this.#stride;
    let total = 0;
    for (let row = 0, at = 0; row < spoken.length; row++, at += stride) {
      let first = common[row] as number;
      let second = 0;
      let third = 0;
      let fourth = 0;
      for (let k = 0; k < stride; k += 4) {
        first += (place[k] as number) * (meanings[at + k] as number);
        second += (place[k + 1] as number) * (meanings[at + k + 1] as number);
        third += (place[k + 2] as number) * (meanings[at + k + 2] as number);
        fourth += (place[k + 3] as number) * (meanings[at + k + 3] as number);
      }
      const products = first + second + (third + fourth);
      const distance = Math.max(0, ownSquares + (squares[row] as number) - 2 * products);
      const weight = (relevances[row] as number) * Math.exp(-distance);
      spoken[row] = weight;
      total += weight;
    }
    return total;
  }

  /**
   * The total without one signal. Its square no longer parts this ticket from the others, and those that have it too are
   * no longer nearer by it: only they need to be looked at again.
   */
  #without(signal: number, own: number, total: number): number {
    const spoken = this.#spoken;
    const { rows, strengths } = this.#finders[signal] as Finders;
    let rest = total;
    for (let i = 0; i < rows.length; i++) {
      rest += (spoken[rows[i] as number] as number) * (Math.exp(-2 * own * (strengths[i] as number)) - 1);
    }
    return rest * Math.exp(own * own);
  }
}

const sumOfSquares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);
