import type { RunReport } from '@smart-support/contracts';
import { openEmbedder } from '@smart-support/inference';

/** The vectors of some texts, and which model made them. */
export interface EmbeddedTexts {
  /** In the order of the texts. */
  readonly vectors: readonly Float32Array[];
  /** How the model read each. */
  readonly reports: readonly RunReport[];
  readonly embedder: { readonly name: string; readonly version: string };
}

/** Embeds texts with a model exactly as the engine does: one text a run. */
export async function embedTexts(directory: string, texts: readonly string[]): Promise<EmbeddedTexts> {
  const model = await openEmbedder({ directory, maxWaiting: Math.max(1, texts.length) });
  try {
    const answers = await Promise.all(texts.map((text) => model.embed(text)));
    return {
      vectors: answers.map(({ vector }) => vector),
      reports: answers,
      embedder: { name: model.name, version: model.version },
    };
  } finally {
    await model.close();
  }
}
