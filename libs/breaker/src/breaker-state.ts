/**
 * The state of a circuit breaker. Each state has its own data, so that no open breaker lacks the time it opened.
 * Closed: calls go to the model. Open: the baseline answers in its place.
 */
export type BreakerState =
  | {
      readonly status: 'closed';
      /** Slow calls since the last one that was not slow. */
      readonly slowInARow: number;
    }
  | {
      readonly status: 'open';
      /** Milliseconds since 1970. */
      readonly openedAt: number;
      /** Fast calls since it opened or since the last one that was not fast. */
      readonly fastInARow: number;
    };

/** How a call went that counts: the time from the start of its run to the answer, an error, or a run still going when it became slow. */
export type CallOutcome =
  | {
      /** Milliseconds, 0 or more. */
      readonly latencyMs: number;
    }
  | { readonly failed: true }
  | { readonly overdue: true };

/** How a rule judges a call. `between` is neither slow nor fast and breaks a run of either. */
export type Verdict = 'slow' | 'fast' | 'between';
