/**
 * From feature numbers to their positions in a list: open addressing with linear probing in two typed arrays. Several times
 * quicker than a `Map`, which keeps numbers of more than 31 bits as objects. 0 is no feature: it marks free places.
 */
export class FeaturePositions {
  readonly #mask: number;
  readonly #features: Int32Array;
  readonly #positions: Int32Array;
  /** Whether each feature came once, and none was 0. */
  readonly distinct: boolean;

  /** @param features - signed 32-bit numbers */
  constructor(features: ArrayLike<number>) {
    let places = 16;
    while (places < 2 * features.length) places *= 2;
    this.#mask = places - 1;
    this.#features = new Int32Array(places);
    this.#positions = new Int32Array(places);
    let distinct = true;
    for (let position = 0; position < features.length; position++) {
      const feature = features[position] as number;
      const place = this.#placeOf(feature);
      if (feature === 0 || this.#features[place] !== 0) distinct = false;
      this.#features[place] = feature;
      this.#positions[place] = position;
    }
    this.distinct = distinct;
  }

  /** The position of a feature, or -1. */
  of(feature: number): number {
    const place = this.#placeOf(feature);
    return this.#features[place] === 0 ? -1 : (this.#positions[place] as number);
  }

  /** Where a feature lies, or the free place where it would. */
  #placeOf(feature: number): number {
    const features = this.#features;
    const mask = this.#mask;
    let place = feature & mask;
    while (features[place] !== 0 && features[place] !== feature) place = (place + 1) & mask;
    return place;
  }
}
