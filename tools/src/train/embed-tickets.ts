import { openEmbedder } from '@smart-support/inference';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';

/** The vectors of some texts, and which model made them. */
export interface EmbeddedTexts {
  /** In the order of the texts. */
  readonly vectors: readonly Float32Array[];
  readonly embedder: { readonly name: string; readonly version: string };
}

/** Embeds texts with the bundled model exactly as the engine does: one text a run. */
export async function embedTexts(texts: readonly string[]): Promise<EmbeddedTexts> {
  const model = await openEmbedder({ directory: MODEL_DIRECTORY, maxWaiting: Math.max(1, texts.length) });
  try {
    const answers = await Promise.all(texts.map((text) => model.embed(text)));
    return { vectors: answers.map(({ vector }) => vector), embedder: { name: model.name, version: model.version } };
  } finally {
    await model.close();
  }
}
