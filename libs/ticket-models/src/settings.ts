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
    /** Threads for each model; by default one a core. */
    readonly threads?: number | undefined;
    /** Milliseconds after which a ticket gets the baseline's answer. */
    readonly deadlineMs: number;
  };
  readonly breaker: {
    /** A run longer than this many milliseconds is slow. */
    readonly latencyMs: number;
    /** Slow runs in a row that open a breaker. */
    readonly openCount: number;
    /** A run shorter than this many milliseconds is fast. */
    readonly fastMs: number;
    /** Fast runs in a row that close it. */
    readonly closeCount: number;
    /** Milliseconds between two tries of a model in the shadow. */
    readonly probeMs: number;
  };
}
