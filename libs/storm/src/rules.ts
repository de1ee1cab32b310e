/** When tickets are one storm. The rules in force stand in the log itself, so that workers with different settings still agree. */
export interface StormRules {
  /** Look-alikes count together if they arrived within so many milliseconds. */
  readonly windowMs: number;
  /** An incident opens at strictly more requesters than this, the newcomer included. */
  readonly ticketThreshold: number;
  /** Similar is a cosine strictly above this, in [0, 1), of two embeddings of one model. */
  readonly similarity: number;
  /** The same for TF-IDF vectors, where one of the two tickets has no embedding. */
  readonly baselineSimilarity: number;
  /** After so many milliseconds without a new member an incident is quiet, and look-alikes of a rejected one may open another. */
  readonly quietMs: number;
}

/** How much longer than the window arrivals stay in milliseconds: a late or repeated ticket still counts. */
export const LATE_MS = 900_000;

/** For so many milliseconds a new burst goes on with a quiet incident, and a new incident names the one that it continues. */
export const CONTINUED_MS = 86_400_000;
