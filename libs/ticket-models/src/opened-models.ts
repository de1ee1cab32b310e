import { CircuitBreaker, type BreakerListener, ModelGuard, latencyRule } from '@smart-support/breaker';
import { type LoadedModel, SmartSupportError, type TimerClock } from '@smart-support/contracts';
import type { ModelOptions, ModelStats, PoolEvent, InjectedFault, RunningModel } from '@smart-support/inference';
import type { Guarded } from '@smart-support/pipeline';
import type { TicketModelSettings } from './settings';

/** Observes models, for logs and metrics. Every method is optional. */
export interface TicketModelsObserver {
  /** A breaker counted a call, opened or closed; the event carries the model's name. */
  readonly onBreakerEvent?: BreakerListener;
  /** A thread of a model was lost or replaced. */
  readonly onThreadEvent?: (model: string, event: PoolEvent) => void;
}

/** How one heavy model is doing. */
export interface ModelStatus {
  readonly name: string;
  readonly breaker: 'closed' | 'open';
  readonly stats: ModelStats;
}

type HeavyModel = LoadedModel & RunningModel;

/** The heavy models opened so far: watched, given faults and closed together. */
export class OpenedModels {
  private readonly opened: Guarded<HeavyModel>[] = [];

  constructor(
    private readonly settings: TicketModelSettings,
    private readonly observer: TicketModelsObserver,
    private readonly clock: TimerClock,
  ) {}

  /** Opens a model and puts it behind a guard of its own: a slow one must not switch another off. */
  async open<Model extends HeavyModel>(
    opener: (options: ModelOptions) => Promise<Model>,
    directory: string,
  ): Promise<Guarded<Model>> {
    const { threads } = this.settings.models;
    let name = directory;
    const model = await opener({
      directory,
      clock: this.clock,
      onEvent: (event) => this.observer.onThreadEvent?.(name, event),
      ...(threads === undefined ? {} : { threads }),
    });
    name = model.name;
    if (this.opened.some((other) => other.model.name === name)) {
      await model.close();
      throw new SmartSupportError(
        'invalid_config',
        `Two models are called "${name}": metrics, logs and explanations could not distinguish them. ` +
          'Rename the directory of one, or the name in its manifest.json.',
      );
    }
    const guarded = { model, guard: this.guardOf(model) };
    this.opened.push(guarded);
    return guarded;
  }

  /** How each of them is doing, by name. */
  status(): ModelStatus[] {
    return this.opened
      .map(({ model, guard }) => ({ name: model.name, breaker: guard.state, stats: model.stats() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Injects a fault into all of them; `null` ends it. */
  injectFault(fault: InjectedFault | null): void {
    for (const { model } of this.opened) model.injectFault(fault);
  }

  /** Rejects waiting calls, lets the runs in flight finish, and ends the threads. */
  async close(): Promise<void> {
    for (const { guard } of this.opened) guard.close();
    await Promise.all(this.opened.map(({ model }) => model.close()));
  }

  /** Its probe is the model's own health check: a short fixed text past the cache. */
  private guardOf(model: HeavyModel): ModelGuard {
    const { clock, observer, settings } = this;
    const { probeMs, ...rule } = settings.breaker;
    return new ModelGuard({
      breaker: new CircuitBreaker({
        name: model.name,
        rule: latencyRule(rule),
        clock,
        ...(observer.onBreakerEvent && { listener: observer.onBreakerEvent }),
      }),
      clock,
      deadlineMs: settings.models.deadlineMs,
      probeMs,
      probe: (options) => model.health(options),
    });
  }
}
