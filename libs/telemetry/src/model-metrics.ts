import { FALLBACK_REASONS, type FallbackReason } from '@smart-support/contracts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { cappedLabel, labelOf } from './bounded-label';

/** Seconds: from a millisecond, a tiny model, to the breaker's default limit for a slow run. Slower ones are counted, not timed. */
const RUN_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5];

/** The state of one heavy model at a scrape. Counts are since it was opened. */
export interface ModelGauges {
  readonly name: string;
  readonly breaker: 'closed' | 'open';
  readonly stats: {
    readonly threads: {
      readonly ready: number;
      readonly busy: number;
      /** Given up as hung, and not back yet: each may still use a core. */
      readonly abandoned: number;
      readonly replaced: number;
    };
    /** Runs that wait for a thread. */
    readonly waiting: number;
    readonly runs: number;
    readonly cacheHits: number;
    readonly joined: number;
    readonly refused: number;
    readonly failed: number;
  };
}

/** What the heavy models of this process do. A model is labelled by its name. */
export class ModelMetrics {
  private readonly runSeconds: Histogram<'model'>;
  private readonly judged: Counter<'model' | 'verdict'>;
  private readonly changes: Counter<'model' | 'to'>;
  private readonly fallbacks: Counter<'model' | 'reason'>;
  private readonly answers: Counter<'model' | 'how'>;
  private readonly replaced: Counter<'model'>;
  private readonly open: Gauge<'model'>;
  private readonly threads: Gauge<'model' | 'state'>;
  private readonly waiting: Gauge<'model'>;
  private readonly modelLabel = cappedLabel();
  private readonly reasonLabel = labelOf(FALLBACK_REASONS);
  private report: () => readonly ModelGauges[] = () => [];

  /** Adds the metrics to a registry. */
  constructor(registry: Registry) {
    const registers = [registry];
    this.runSeconds = new Histogram({
      name: 'smart_support_model_run_duration_seconds',
      help: "Duration of a model's runs that were not slow, from the start in the thread to the answer.",
      labelNames: ['model'],
      buckets: RUN_BUCKETS,
      registers,
    });
    this.judged = new Counter({
      name: 'smart_support_model_runs_judged_total',
      help: 'Runs that the circuit breaker counted, by what it thought of them.',
      labelNames: ['model', 'verdict'],
      registers,
    });
    this.changes = new Counter({
      name: 'smart_support_breaker_changes_total',
      help: 'How often a circuit breaker opened and closed.',
      labelNames: ['model', 'to'],
      registers,
    });
    this.fallbacks = new Counter({
      name: 'smart_support_fallbacks_total',
      help: 'Answers of a baseline where this model was meant to answer.',
      labelNames: ['model', 'reason'],
      registers,
    });
    this.answers = new Counter({
      name: 'smart_support_model_answers_total',
      help: 'What became of calls of a model.',
      labelNames: ['model', 'how'],
      registers,
    });
    this.replaced = new Counter({
      name: 'smart_support_model_threads_replaced_total',
      help: 'Threads that took the place of a lost one.',
      labelNames: ['model'],
      registers,
    });
    this.open = new Gauge({
      name: 'smart_support_breaker_open',
      help: "1 while the model's circuit breaker is open and the baseline answers.",
      labelNames: ['model'],
      registers,
    });
    this.threads = new Gauge({
      name: 'smart_support_model_threads',
      help: 'Threads of a model: ready to run a text, busy with one, and given up as hung.',
      labelNames: ['model', 'state'],
      registers,
    });
    this.waiting = new Gauge({
      name: 'smart_support_model_waiting',
      help: 'Runs that wait for a thread.',
      labelNames: ['model'],
      registers,
    });
  }

  /** Counts a run as the breaker judged it; `seconds` is `null` where it failed or still goes on. */
  observeRun(model: string, verdict: 'slow' | 'fast' | 'between', seconds: number | null): void {
    const label = this.modelLabel(model);
    this.judged.inc({ model: label, verdict });
    if (seconds !== null && seconds >= 0) this.runSeconds.observe({ model: label }, seconds);
  }

  /** Counts a breaker that opened or closed. */
  countChange(model: string, to: 'opened' | 'closed'): void {
    this.changes.inc({ model: this.modelLabel(model), to });
  }

  /** Counts an answer of the baseline in this model's place. */
  countFallback(model: string, reason: FallbackReason): void {
    this.fallbacks.inc({ model: this.modelLabel(model), reason: this.reasonLabel(reason) });
  }

  /** From now on each scrape shows what `report` answers. */
  watchModels(report: () => readonly ModelGauges[]): void {
    this.report = report;
  }

  /** Asks for a report and shows it. */
  refresh(): void {
    for (const metric of [this.answers, this.replaced, this.open, this.threads, this.waiting]) metric.reset();
    for (const { name, breaker, stats } of this.report()) {
      const model = this.modelLabel(name);
      this.open.set({ model }, breaker === 'open' ? 1 : 0);
      this.threads.set({ model, state: 'ready' }, stats.threads.ready);
      this.threads.set({ model, state: 'busy' }, stats.threads.busy);
      this.threads.set({ model, state: 'abandoned' }, stats.threads.abandoned);
      this.waiting.set({ model }, stats.waiting);
      this.replaced.inc({ model }, stats.threads.replaced);
      const { runs, cacheHits, joined, refused, failed } = stats;
      for (const [how, count] of Object.entries({ run: runs, cache: cacheHits, joined, refused, failed })) {
        this.answers.inc({ model, how }, count);
      }
    }
  }
}
