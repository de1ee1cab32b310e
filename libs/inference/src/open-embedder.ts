import type { Embedder } from '@smart-support/contracts';
import { OpenModel } from './open-model';
import type { ModelOptions } from './options';
import type { RunningModel } from './running-model';

/** An embedder with its own threads. */
export interface EmbeddingModel extends Embedder, RunningModel {}

/**
 * Opens a sentence-embedding model. The network's own `sentence_embedding` is taken if it has one; else `last_hidden_state`
 * is pooled as `1_Pooling/config.json` says, by default to the mean. Vectors have length 1.
 * Resolves when every thread is warm. Text beyond 64 Ki characters is not read.
 * @throws SmartSupportError `invalid_model` with a sentence that names the file and what was expected; `invalid_config` for wrong options
 */
export async function openEmbedder(options: ModelOptions): Promise<EmbeddingModel> {
  const { model } = await OpenModel.open(options, ({ pooling }) => ({ task: { type: 'embedding', pooling } }));
  return {
    ...model.running,
    dimensions: model.width,
    embed: async (text, runOptions) => {
      const { values, report } = await model.ask(text, runOptions);
      return { vector: values, ...report };
    },
  };
}
