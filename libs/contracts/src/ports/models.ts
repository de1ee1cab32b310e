import type {
  CategoryPrediction,
  CategoryReasons,
  Embedding,
  LabelScores,
  ModelInfo,
  ModelInput,
  SparseVector,
  UrgencyPrediction,
} from '../prediction';
import type { Category } from '../categories';

/** A value now or later: light models answer at once, heavy ones do not. */
export type MaybePromise<T> = T | Promise<T>;

/** Options of one call of a heavy model. */
export interface RunOptions {
  /** Aborts the call while it waits for a thread; a run that has started is not stopped. */
  readonly signal?: AbortSignal;
  /** Called when the run starts in its thread. Not called for an answer from the cache, nor for a call that joins another's run. */
  readonly onStart?: () => void;
  /** Called when the run of an equal text, which this call shares, is in progress: the wait is over, but the run counts for its first caller. */
  readonly onJoin?: () => void;
}

/** Which reasons are asked for. */
export interface ReasonsWanted {
  /** The category that won and the one it is compared with; by default the two best by this model. */
  readonly between?: readonly [Category, Category];
  /** At most so many terms; 10 by default. */
  readonly limit?: number;
}

/** Sorts a ticket into a category. */
export interface Classifier {
  readonly model: ModelInfo;
  /**
   * A light classifier answers at once and never throws for any text, however odd; a heavy one may fail like the model behind it.
   * @throws SmartSupportError `invalid_input` where a vector is needed and missing or not sound; `overloaded`, `model_failed`, `closed`;
   * the signal's reason when aborted before the run starts
   */
  classify(input: ModelInput, options?: RunOptions): MaybePromise<CategoryPrediction>;
  /** What moved the decision for one category against another. Computes what `classify` would need too, but runs no heavy model. */
  explain(input: ModelInput, wanted?: ReasonsWanted): MaybePromise<CategoryReasons>;
}

/** Scores how soon a ticket needs an agent. */
export interface UrgencyScorer {
  readonly model: ModelInfo;
  /**
   * A light scorer answers at once and never throws for any text, however odd; a heavy one may fail like the model behind it.
   * @throws SmartSupportError `invalid_input` where a vector is needed and missing or not sound; `overloaded`, `model_failed`, `closed`;
   * the signal's reason when aborted before the run starts
   */
  score(input: ModelInput, options?: RunOptions): MaybePromise<UrgencyPrediction>;
}

/** Turns text into a hashed TF-IDF vector: the cheap view of a ticket, which needs no model. */
export interface Vectoriser {
  /**
   * The text's vector, of length 1; without any entry if nothing is left of the text after cleaning.
   * Features that the vocabulary does not know are in it too, with the weight of the rarest.
   */
  vectorise(text: string): SparseVector;
}

/** What is known of a model that was loaded from a directory. */
export interface LoadedModel {
  /** Name of the model, for example `all-MiniLM-L6-v2`. */
  readonly name: string;
  /** Short hash of the weights. */
  readonly version: string;
  /** Tokens it reads at most, special tokens included; the rest of a text is cut off. */
  readonly maxTokens: number;
}

/** Turns a text into a vector whose cosine to another is their similarity in meaning. */
export interface Embedder extends LoadedModel {
  /** Length of the vectors. */
  readonly dimensions: number;
  /** @throws SmartSupportError `overloaded`, `model_failed`, `closed`; the signal's reason when aborted before the run starts */
  embed(text: string, options?: RunOptions): Promise<Embedding>;
}

/** Tells which of the labels it was trained with fits a text. */
export interface TextClassifier extends LoadedModel {
  /** In the order of the model's outputs. */
  readonly labels: readonly string[];
  /** @throws SmartSupportError `overloaded`, `model_failed`, `closed`; the signal's reason when aborted before the run starts */
  classify(text: string, options?: RunOptions): Promise<LabelScores>;
}

/** What a {@link ZeroShotClassifier} is asked about a text. */
export interface ZeroShotQuestion {
  /** At least one, each once. */
  readonly labels: readonly string[];
  /** The sentence whose `{}` each label fills; `This ticket is {}.` by default. */
  readonly hypothesis?: string;
  /** Judges every label by itself instead of against the others. */
  readonly multiLabel?: boolean;
}

/** Tells which of any labels fits a text, by asking whether the text entails a sentence about the label. */
export interface ZeroShotClassifier extends LoadedModel {
  /**
   * @throws SmartSupportError `overloaded`, `model_failed`, `closed`; `invalid_input` for a question without labels;
   * the signal's reason when aborted before the run starts
   */
  classify(text: string, question: ZeroShotQuestion, options?: RunOptions): Promise<LabelScores>;
}
