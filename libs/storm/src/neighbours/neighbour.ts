/** An indexed vector that is similar to a query. */
export interface Neighbour<Key> {
  readonly key: Key;
  /** Cosine. */
  readonly similarity: number;
}
