/** A stretch of the day in seconds from its beginning. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A stretch in which so many tickets come beside the everyday ones. */
export interface Rush extends Stretch {
  readonly tickets: number;
}

/** The times of all scenarios, in seconds, and their numbers of tickets. */
export interface Timetable {
  readonly seconds: number;
  /** Everyday tickets a second at the busiest hour. */
  readonly everyday: number;
  readonly spike: Rush;
  readonly verbatim: Rush & { readonly resolvedAt: number };
  readonly angry: Rush;
  readonly paraphrased: Rush;
  readonly slow: Stretch & { readonly delayMs: number };
  /** The worker is killed in the middle of a rush. */
  readonly kill: Rush & { readonly at: number };
  readonly letters: Rush & { readonly rejectedAt: number };
  readonly redis: Stretch;
}

/** The whole day. The incident of the form letters is open while Redis is away: it must survive that. */
export const WHOLE_DAY: Timetable = {
  seconds: 120,
  everyday: 6,
  spike: { from: 8, to: 15, tickets: 150 },
  verbatim: { from: 23, to: 34, tickets: 240, resolvedAt: 50 },
  angry: { from: 39, to: 48, tickets: 40 },
  paraphrased: { from: 54, to: 64, tickets: 48 },
  slow: { from: 67, to: 74, delayMs: 700 },
  kill: { from: 85.6, to: 88, at: 86, tickets: 60 },
  letters: { from: 92, to: 99, tickets: 60, rejectedAt: 113 },
  redis: { from: 101, to: 108 },
};

/** All scenarios in the shortest time, as a smoke test. */
export const SHORT_DAY: Timetable = {
  seconds: 24,
  everyday: 3,
  spike: { from: 1, to: 2, tickets: 20 },
  verbatim: { from: 2, to: 5, tickets: 40, resolvedAt: 8 },
  angry: { from: 5, to: 7, tickets: 15 },
  paraphrased: { from: 5, to: 8, tickets: 16 },
  slow: { from: 8, to: 11, delayMs: 700 },
  kill: { from: 14.6, to: 16, at: 15, tickets: 40 },
  letters: { from: 16, to: 18, tickets: 20, rejectedAt: 23 },
  redis: { from: 19, to: 21 },
};
