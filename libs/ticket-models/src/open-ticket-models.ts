import { createClassifierBaseline, createClassifierHead, createSequenceClassifier } from '@smart-support/classifier';
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
  /** Waits for the runs in hand, then lets the threads go. What still waits is refused as `closed`. */
  close(): Promise<void>;
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
  const baseline = { classifier: createClassifierBaseline(), urgency: createUrgencyBaseline() };
  const opened = new OpenedModels(settings, observer, clock);
  let transformer: TicketModels['transformer'];
  try {
    transformer = settings.models.fallback ? 'switched_off' : await openTransformers(settings, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
  return {
    models: { baseline, transformer },
    status: () => opened.status(),
    rehearse: (fault) => opened.rehearse(fault),
    close: () => opened.close(),
  };
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
  };
}

/** Vectors of another embedding model mean nothing to a head. */
function trainedOn<Head extends { readonly embedder: { readonly name: string; readonly version: string } }>(
  model: EmbeddingModel | undefined,
  head: Head,
): Head {
  // Whoever asks a head has opened an embedder.
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
