import { createFailureBaseline, createFailureHead } from '@smart-support/classifier';
import type { RunReport, Vectoriser } from '@smart-support/contracts';
import { exclusionOf } from '@smart-support/pipeline';
import { type ArrivedEntry, type QuantisedSparseVector, quantise, quantiseSparse } from '@smart-support/storm';
import { type TicketVectors, cosine, sparseCosine } from '@smart-support/storm/tuning';
import { identifiersIn } from '@smart-support/ticket-text';
import { embedTexts } from '../train/embed-tickets';

/** What the storm log has of a text. */
export interface SeenText {
  readonly vectors: TicketVectors;
  /** Probability that it reports that something does not work, in [0, 1]. */
  readonly failure: number;
  /** A digest of its identifiers; '' without any. */
  readonly identifiers: string;
}

/** A ticket as in the storm log. */
export interface SeenTicket extends SeenText {
  readonly id: string;
  /** Its topic or its outage. */
  readonly about: string;
}

const NO_WORDS: QuantisedSparseVector = quantiseSparse({ indices: new Uint32Array(), values: new Float32Array() });

/** Texts as in the storm log while the model is unavailable. */
export function seeWords({ vectorise }: Vectoriser, texts: readonly string[]): SeenText[] {
  const failures = createFailureBaseline();
  return texts.map((text) => {
    const vectors = { embedding: null, words: quantiseSparse(vectorise(text)) };
    return { vectors, failure: failures.probability(text), identifiers: identifiersIn(text) };
  });
}

/** Texts as in the storm log with the model in a directory. */
export async function seeMeanings(directory: string, texts: readonly string[]): Promise<SeenText[]> {
  const { vectors, reports, embedder } = await embedTexts(directory, texts);
  const failures = createFailureHead();
  return texts.map((text, at) => {
    const meaning = vectors[at] as Float32Array;
    const isCompared = exclusionOf(text, reports[at] as RunReport) === null;
    const embedding = isCompared ? { model: embedder.name, vector: quantise(meaning) } : null;
    const failure = Math.round(100 * failures.probability(meaning)) / 100;
    return { vectors: { embedding, words: NO_WORDS }, failure, identifiers: identifiersIn(text) };
  });
}

/** The entry of a ticket without a known requester. */
export function entryOf(
  { vectors: { embedding, words }, failure, identifiers }: SeenTicket,
  place: { readonly id: string; readonly at_ms: number; readonly ticket_id: string },
): ArrivedEntry {
  return {
    ...place,
    kind: 'arrived',
    received_ms: place.at_ms,
    requester: null,
    embedding: embedding && { model: embedding.model, numbers: embedding.vector.numbers },
    words,
    severe_signal: null,
    failure,
    identifiers,
    is_machine: false,
  };
}

/** The similarity of two tickets for the storm detector: by embedding if both have one, else by words. */
export function similarityOf({ vectors: a }: SeenTicket, { vectors: b }: SeenTicket): number {
  return a.embedding && b.embedding ? cosine(a.embedding.vector, b.embedding.vector) : sparseCosine(a.words, b.words);
}
