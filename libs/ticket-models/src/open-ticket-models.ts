import {
  createClassifierBaseline,
  createClassifierHead,
  createFailureBaseline,
  createFailureHead,
  createSequenceClassifier,
  createWordVectoriser,
} from '@smart-support/classifier';
import { SmartSupportError, type TimerClock, systemClock } from '@smart-support/contracts';
import {
  type EmbeddingModel,
  type RehearsedFault,
  openEmbedder,
  openTextClassifier,
  openZeroShotClassifier,
} from '@smart-support/inference';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import type { TicketModels, TransformerModels } from '@smart-support/pipeline';
import { createUrgencyBaseline, createUrgencyHead, createZeroShotUrgency } from '@smart-support/urgency';
import { type ModelStatus, OpenedModels, type TicketModelsObserver } from './opened-models';
import type { TicketModelSettings } from './settings';

/** The models of one process, open and warm. */
export interface OpenTicketModels {
  /** What a pipeline takes. */
  readonly models: TicketModels;
  /** Every heavy model; empty while switched off. */
  status(): readonly ModelStatus[];
  /**
   * Rehearses a fault in every heavy model; `null` ends it.
   * @throws SmartSupportError `invalid_input` for a delay out of range
   */
  rehearse(fault: RehearsedFault | null): void;
  /** Waits for the runs in flight, then lets the threads go. What still waits is refused as `closed`. */
  close(): Promise<void>;
}

/** The models of one process, of which the light ones are there at once and the heavy ones when they are wanted. */
export interface PreparedTicketModels extends OpenTicketModels {
  /**
   * Opens and warms the heavy models, once; further calls wait for the first. Until then `models.transformer` is `warming`.
   * After an error the next call tries again.
   * @throws SmartSupportError `invalid_model` that names the file and what was expected; `invalid_config`; `closed`
   */
  open(): Promise<void>;
}

/**
 * Opens and warms the models that the settings name, each behind a guard of its own. The embedder is opened only where a head
 * reads its vectors.
 * @throws SmartSupportError `invalid_model` that names the file and what was expected; `invalid_config`
 */
export async function openTicketModels(
  settings: TicketModelSettings,
  observer: TicketModelsObserver,
  clock: TimerClock = systemClock,
): Promise<OpenTicketModels> {
  const prepared = prepareTicketModels(settings, observer, clock);
  await prepared.open();
  return prepared;
}

/** The same, but the heavy models stay closed until they are wanted: for a process that seldom needs them. */
export function prepareTicketModels(
  settings: TicketModelSettings,
  observer: TicketModelsObserver,
  clock: TimerClock = systemClock,
): PreparedTicketModels {
  const onDemand = new ModelsOnDemand(settings, observer, clock);
  return {
    models: onDemand.models,
    open: () => onDemand.open(),
    status: () => onDemand.status(),
    rehearse: (fault) => onDemand.rehearse(fault),
    close: () => onDemand.close(),
  };
}

class ModelsOnDemand {
  readonly models: TicketModels;
  private transformer: TicketModels['transformer'];
  private opened: OpenedModels;
  private opening: Promise<void> | undefined;
  /** What is rehearsed now, also by models that are opened later. */
  private fault: RehearsedFault | null = null;
  private closed = false;

  constructor(
    private readonly settings: TicketModelSettings,
    private readonly observer: TicketModelsObserver,
    private readonly clock: TimerClock,
  ) {
    this.transformer = settings.models.fallback ? 'switched_off' : 'warming';
    this.opened = this.none();
    const transformer = (): TicketModels['transformer'] => this.transformer;
    this.models = {
      baseline: {
        classifier: createClassifierBaseline(),
        urgency: createUrgencyBaseline(),
        words: createWordVectoriser(),
        failure: createFailureBaseline(),
      },
      get transformer() {
        return transformer();
      },
    };
  }

  async open(): Promise<void> {
    if (this.closed) throw new SmartSupportError('closed', 'The models were closed');
    if (this.transformer !== 'warming') return;
    this.opening ??= this.openAll().finally(() => {
      this.opening = undefined;
    });
    await this.opening;
  }

  status(): readonly ModelStatus[] {
    return this.opened.status();
  }

  rehearse(fault: RehearsedFault | null): void {
    this.fault = fault;
    this.opened.rehearse(fault);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.opening?.catch(() => undefined);
    await this.opened.close();
  }

  private async openAll(): Promise<void> {
    try {
      const transformers = await openTransformers(this.settings, this.opened);
      this.opened.rehearse(this.fault);
      this.transformer = transformers;
    } catch (error) {
      await this.opened.close();
      this.opened = this.none();
      throw error;
    }
  }

  private none(): OpenedModels {
    return new OpenedModels(this.settings, this.observer, this.clock);
  }
}

async function openTransformers({ models }: TicketModelSettings, opened: OpenedModels): Promise<TransformerModels> {
  const { directory = MODEL_DIRECTORY, classifierDirectory, urgencyDirectory } = models;
  const headsAreAsked = classifierDirectory === undefined || urgencyDirectory === undefined;
  const [embedder, ownClassifier, ownUrgency] = await allOrFirstError([
    headsAreAsked ? opened.open(openEmbedder, directory) : null,
    classifierDirectory === undefined ? null : opened.open(openTextClassifier, classifierDirectory),
    urgencyDirectory === undefined ? null : opened.open(openZeroShotClassifier, urgencyDirectory),
  ]);
  return {
    embedder,
    classifier: ownClassifier
      ? { reads: 'text', guard: ownClassifier.guard, model: createSequenceClassifier(ownClassifier.model) }
      : { reads: 'vector', model: trainedOn(embedder?.model, createClassifierHead()) },
    urgency: ownUrgency
      ? { reads: 'text', guard: ownUrgency.guard, model: createZeroShotUrgency(ownUrgency.model) }
      : { reads: 'vector', model: trainedOn(embedder?.model, createUrgencyHead()) },
    failure: embedder && trainedOn(embedder.model, createFailureHead()),
  };
}

/** Vectors of another embedding model mean nothing to a head. */
function trainedOn<Head extends { readonly embedder: { readonly name: string; readonly version: string } }>(
  model: EmbeddingModel | undefined,
  head: Head,
): Head {
  // A head exists only with an open embedder.
  if (model && model.version !== head.embedder.version) {
    throw new SmartSupportError(
      'invalid_config',
      `The embedding model ${model.name} (${model.version}) is not the one that the category and urgency heads are trained for, ` +
        `${head.embedder.name} (${head.embedder.version}). Use that one, train the heads for yours (tools:train -- --model=<directory>), ` +
        'or give a classifier and an urgency model of your own.',
    );
  }
  return head;
}

/** Waits for all of them even when one fails: what opens late must be closed too. */
async function allOrFirstError<Values extends readonly unknown[]>(promises: {
  readonly [Index in keyof Values]: Values[Index] | Promise<Values[Index]>;
}): Promise<Values> {
  const results = await Promise.allSettled(promises);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return (await Promise.all(promises)) as unknown as Values;
}
