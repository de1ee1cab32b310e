/** Where weights come from and how good they are, so that a version found in a log can be traced. */
export interface WeightsManifest {
  /** SHA-256 of the training tickets (id, text, topic, urgency). */
  readonly data_sha256: string;
  /** SHA-256 of `describeSignals()`: weights belong to the patterns they were fitted with. */
  readonly patterns_sha256: string;
  readonly tickets: number;
  readonly topics: number;
  readonly seed: number;
  /** Strength of the ridge penalty that did best. */
  readonly ridge: number;
  /** Measured on topics left out of the fit: rank correlation with its 95 % topic-bootstrap interval, and mean absolute error. */
  readonly out_of_topic: {
    readonly spearman: number;
    readonly spearman_interval: readonly [number, number];
    readonly mean_absolute_error: number;
  };
}

/** Fitted weights of the baseline, as `tools/train` writes them to `weights.ts` beside this file. */
export interface UrgencyWeights {
  /** First 12 hex digits of the SHA-256 of bias, weights and patterns. */
  readonly version: string;
  /** Logit of the score of a text without any signal. */
  readonly bias: number;
  /** By signal name: change of the logit per unit of the signal's number; at least 0 for signals that raise, at most 0 for those that lower. */
  readonly weights: Readonly<Record<string, number>>;
  readonly manifest: WeightsManifest;
}
