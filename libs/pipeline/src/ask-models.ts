import type { GuardedAnswer, ModelCall, ModelGuard } from '@smart-support/breaker';
import {
  isSmartSupportError,
  type CategoryPrediction,
  type Embedding,
  type FallbackReason,
  type MaybePromise,
  type ModelInfo,
  type ModelInput,
  type ModelUse,
  type RunOptions,
  type RunReport,
  type StormArrival,
  type UrgencyPrediction,
} from '@smart-support/contracts';
import type { Answerer, TicketModels, TransformerModels } from './models';
import { type PipelineObserver, STAGES, type Stage } from './observer';

/** What the models answered for a text, and where a baseline answered instead. */
export interface ModelAnswers {
  readonly category: CategoryPrediction;
  readonly urgency: UrgencyPrediction;
  /** What the embedder made of the text, and which one; `null` where none answered. */
  readonly embedding: StormArrival['embedding'];
  /** How the embedder's run went; `null` where none answered. */
  readonly embedded: RunReport | null;
  /** How probable it is that the text reports that something does not work, in [0, 1]. */
  readonly failure: number;
  /** The heavy models that were asked. */
  readonly uses: readonly ModelUse[];
  /** Why a baseline answered where a transformer was meant to; `null` if it did not have to. */
  readonly fallback: FallbackReason | null;
}

/** The surroundings of one question. */
export interface AskContext {
  readonly models: TicketModels;
  readonly observer: PipelineObserver;
  /** See `UnderstandingDependencies`. */
  readonly beforeStage: () => MaybePromise<void>;
  /** Runs and times a stage. */
  readonly timed: <T>(stage: Stage, work: () => MaybePromise<T>) => Promise<T>;
  /** The baseline's urgency: the prescore where there is one, else scored now as part of this stage. */
  readonly baselineUrgency: (stage: Stage) => Promise<UrgencyPrediction>;
}

const STAND_IN_REASONS = { switched_off: 'model_fallback', warming: 'warming' } as const;

/** Asks for category and urgency: the transformers, and wherever one of them does not answer in time, the baseline. */
export async function askModels(text: string, context: AskContext): Promise<ModelAnswers> {
  const { baseline, transformer } = context.models;
  if (transformer === null || typeof transformer === 'string') {
    const category = await context.timed('classify', () => baseline.classifier.classify({ text }));
    const urgency = await context.baselineUrgency('score_urgency');
    const fallback = transformer === null ? null : STAND_IN_REASONS[transformer];
    await context.beforeStage();
    const failure = baseline.failure.probability(text);
    return { category, urgency, embedding: null, embedded: null, failure, uses: [], fallback };
  }
  return new Transformers(text, transformer, context).answers();
}

/** One text on its way through the transformers. */
class Transformers {
  private readonly uses = new Map<Stage, ModelUse>();
  private headFailed = false;

  constructor(
    private readonly text: string,
    private readonly transformer: TransformerModels,
    private readonly context: AskContext,
  ) {}

  async answers(): Promise<ModelAnswers> {
    const { classifier, urgency } = this.transformer;
    // Not waited for here: a model that reads the text itself has no need of it.
    const vector = this.vector();
    const [category, score] = await Promise.all([
      this.answer(classifier, vector, 'classify', (model, input, options) => model.classify(input, options)),
      this.answer(urgency, vector, 'score_urgency', (model, input, options) => model.score(input, options)),
    ]);
    // In the order of the stages, not of the answers.
    const uses = STAGES.flatMap((stage) => this.uses.get(stage) ?? []);
    const { models, timed, baselineUrgency, beforeStage } = this.context;
    const known = await vector;
    await beforeStage();
    const failure = this.failureOf(known);
    const standIn = (): Promise<CategoryPrediction> =>
      timed('fall_back', () => models.baseline.classifier.classify({ text: this.text }));
    return {
      category: category ?? (await standIn()),
      urgency: score ?? (await baselineUrgency('fall_back')),
      embedding: this.embeddingOf(known),
      embedded: this.uses.get('embed')?.run ?? null,
      failure,
      uses,
      fallback: uses.find(({ fallback }) => fallback !== null)?.fallback ?? (this.headFailed ? 'failed' : null),
    };
  }

  private embeddingOf(vector: Float32Array | undefined): StormArrival['embedding'] {
    const model = this.transformer.embedder?.model;
    return model && vector ? { model: `${model.name} ${model.version}`, vector } : null;
  }

  private failureOf(vector: Float32Array | undefined): number {
    const { failure } = this.transformer;
    if (!vector || !failure) return this.context.models.baseline.failure.probability(this.text);
    try {
      return failure.probability(vector);
    } catch {
      // A vector that no head can read: the other heads say so.
      return this.context.models.baseline.failure.probability(this.text);
    }
  }

  private async vector(): Promise<Float32Array | undefined> {
    const { embedder } = this.transformer;
    if (embedder === null) return undefined;
    const call: ModelCall<Embedding> = (options) => embedder.model.embed(this.text, options);
    const embedding = await this.throughGuard(embedder.guard, embedder.model.name, 'embed', call, (answer) => answer);
    return embedding?.vector;
  }

  /** The answerer's answer; `undefined` where the baseline must answer. */
  private async answer<Model extends { readonly model: ModelInfo }, Answer extends { readonly run?: RunReport }>(
    answerer: Answerer<Model>,
    vector: Promise<Float32Array | undefined>,
    stage: Stage,
    ask: (model: Model, input: ModelInput, options?: RunOptions) => MaybePromise<Answer>,
  ): Promise<Answer | undefined> {
    const { text } = this;
    if (answerer.reads === 'text') {
      const { model, guard } = answerer;
      const call: ModelCall<Answer> = async (options) => ask(model, { text }, options);
      return this.throughGuard(guard, model.model.name, stage, call, ({ run }) => run);
    }
    const known = await vector;
    if (known === undefined) return undefined;
    try {
      return await this.context.timed(stage, () => ask(answerer.model, { text, vector: known }));
    } catch (error) {
      // A vector that no head can read, from a model that was changed underneath: better a light answer than none.
      this.headFailed = true;
      this.context.observer.fallback?.(answerer.model.model.name, 'failed', error);
      return undefined;
    }
  }

  /** Asks a heavy model through its guard and notes how it went. */
  private async throughGuard<Answer>(
    guard: ModelGuard,
    name: string,
    stage: Stage,
    call: ModelCall<Answer>,
    reportOf: (answer: Answer) => RunReport | undefined,
  ): Promise<Answer | undefined> {
    const reply = await this.context.timed(stage, () => guard.ask(call).catch(answerRefused));
    if (reply.answered) {
      this.uses.set(stage, { name, breaker: guard.state, fallback: null, run: summaryOf(reportOf(reply.value)) });
      return reply.value;
    }
    this.uses.set(stage, { name, breaker: guard.state, fallback: reply.reason, run: null });
    this.context.observer.fallback?.(name, reply.reason, reply.error);
    return undefined;
  }
}

/** What a guard passes on as the caller's own fault, such as a question that the model cannot be asked, must not cost a ticket its answer. */
function answerRefused(error: unknown): GuardedAnswer<never> {
  if (isSmartSupportError(error, 'closed')) throw error;
  return { answered: false, reason: 'failed', error };
}

/** The report alone: an embedding carries its vector beside it, which no explanation keeps. */
function summaryOf(report: RunReport | undefined): RunReport | null {
  if (report === undefined) return null;
  const { tokens, unknown_tokens, truncated, cached, timings } = report;
  return { tokens, unknown_tokens, truncated, cached, timings };
}
