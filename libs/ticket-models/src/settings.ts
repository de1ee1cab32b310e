/** Which models are to answer for tickets, and how patient to be with them: `config.models` and `config.breaker`. */
export interface TicketModelSettings {
  readonly models: {
    /** The operator's switch: no transformer is loaded, the baseline answers everything. */
    readonly fallback: boolean;
    /** Directory of the embedding model; by default the bundled one. */
    readonly directory?: string | undefined;
    /** Directory of a sequence classifier of the user's own, in place of the category head. */
    readonly classifierDirectory?: string | undefined;
    /** Directory of an NLI model of the user's own, in place of the urgency head. */
    readonly urgencyDirectory?: string | undefined;
    /** Threads for each model, 1 to 256; by default one a core. */
    readonly threads?: number | undefined;
    /** Milliseconds, above 0, after which a ticket gets the baseline's answer. */
    readonly deadlineMs: number;
  };
  readonly breaker: {
    /** A run longer than this many milliseconds is slow; above 0. */
    readonly latencyMs: number;
    /** Slow runs in a row that open a breaker; a whole number from 1. */
    readonly openCount: number;
    /** A run shorter than this many milliseconds is fast; above 0, not above `latencyMs`. */
    readonly fastMs: number;
    /** Fast runs in a row that close it; a whole number from 1. */
    readonly closeCount: number;
    /** Milliseconds, above 0, between two tries of a model in the shadow. */
    readonly probeMs: number;
  };
}
