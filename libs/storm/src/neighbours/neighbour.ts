/** What is similar to a newcomer. */
export interface Neighbour<Key> {
  readonly key: Key;
  /** Cosine. */
  readonly similarity: number;
}
