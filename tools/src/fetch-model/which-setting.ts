import { z } from 'zod';

/** The settings that take a model directory. */
export type ModelSetting = 'MODEL_DIR' | 'CLASSIFIER_MODEL_DIR' | 'URGENCY_MODEL_DIR';

const configSchema = z.object({
  architectures: z.array(z.string()).nullish(),
  id2label: z.record(z.string(), z.string()).nullish(),
});

/** What a model is for, by its `config.json`. */
export interface ModelKind {
  /** Undefined when no setting accepts such a model. */
  readonly setting: ModelSetting | undefined;
  /** The labels of a classifier, in their order. */
  readonly labels: readonly string[];
  readonly architecture: string | undefined;
}

/**
 * Finds the setting for a model by its `config.json`: a classifier with an entailment label scores urgency, another one categories,
 * and a bare encoder, or one with a pooling recipe, gives embeddings.
 * @param hasPooling - whether `1_Pooling/config.json` is there, as in sentence-transformers models
 */
export function findSetting(config: unknown, hasPooling: boolean): ModelKind {
  const parsed = configSchema.safeParse(config);
  const { architectures, id2label } = parsed.success ? parsed.data : {};
  const architecture = architectures?.[0];
  if (architecture?.endsWith('ForSequenceClassification')) {
    const labels = Object.values(id2label ?? {});
    const entails = labels.some((label) => label.toLowerCase().startsWith('entail'));
    return { setting: entails ? 'URGENCY_MODEL_DIR' : 'CLASSIFIER_MODEL_DIR', labels, architecture };
  }
  const embeds = hasPooling || architecture?.endsWith('Model') === true;
  return { setting: embeds ? 'MODEL_DIR' : undefined, labels: [], architecture };
}
