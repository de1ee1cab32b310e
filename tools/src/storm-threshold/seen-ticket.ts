import type { Vectoriser } from '@smart-support/contracts';
import { type Likeness, cosine, quantise, quantiseSparse, sparseCosine } from '@smart-support/storm';
import { embedTexts } from '../train/embed-tickets';

/** A ticket as the storm log would hold it. */
export interface SeenTicket {
  readonly id: string;
  /** Its topic or its outage. */
  readonly about: string;
  readonly likeness: Likeness;
}

/** Texts as they look while the model is away. */
export function seeWords({ vectorise }: Vectoriser, texts: readonly string[]): Likeness[] {
  return texts.map((text) => ({ embedding: null, words: quantiseSparse(vectorise(text)) }));
}

/** Texts as they look with the model in a directory. */
export async function seeMeanings(directory: string, texts: readonly string[]): Promise<Likeness[]> {
  const { vectors, embedder } = await embedTexts(directory, texts);
  const words = quantiseSparse({ indices: new Uint32Array(), values: new Float32Array() });
  return vectors.map((vector) => ({ embedding: { model: embedder.name, vector: quantise(vector) }, words }));
}

/** How alike two tickets are for the storm detector: by embedding if both have one, else by words. */
export function similarityOf({ likeness: a }: SeenTicket, { likeness: b }: SeenTicket): number {
  return a.embedding && b.embedding ? cosine(a.embedding.vector, b.embedding.vector) : sparseCosine(a.words, b.words);
}
