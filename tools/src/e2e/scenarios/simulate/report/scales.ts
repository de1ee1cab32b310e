/** From a value to a place in the drawing. */
export type Scale = (value: number) => number;

/** Evenly from one range to another. A range without any length is drawn at its beginning. */
export function linear([from, to]: readonly [number, number], [start, end]: readonly [number, number]): Scale {
  const length = to - from;
  return (value) => (length === 0 ? start : start + ((value - from) / length) * (end - start));
}

/** By the logarithm; what is below the range is drawn at its beginning. @param from - above 0 */
export function logarithmic([from, to]: readonly [number, number], range: readonly [number, number]): Scale {
  const scale = linear([Math.log10(from), Math.log10(to)], range);
  return (value) => scale(Math.log10(Math.max(from, value)));
}

/** Round numbers from 0 to at least `most`, about as many as asked for. */
export function roundTicks(most: number, about: number): readonly number[] {
  const rough = Math.max(most, 1) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10));
  return Array.from({ length: Math.ceil(Math.max(most, 1) / step) + 1 }, (_, index) => index * step);
}

/** Powers of ten from 1 to at least `most`, two at least. */
export function decades(most: number): readonly number[] {
  const last = Math.max(1, Math.ceil(Math.log10(Math.max(1, most))));
  return Array.from({ length: last + 1 }, (_, power) => 10 ** power);
}
