import { createFailureBaseline, createFailureHead } from '@smart-support/classifier';
import type { RunReport, Vectoriser } from '@smart-support/contracts';
import { exclusionOf } from '@smart-support/pipeline';
import { type ArrivedEntry, type QuantisedSparseVector, quantise, quantiseSparse } from '@smart-support/storm';
import { type TicketVectors, cosine, sparseCosine } from '@smart-support/storm/tuning';
import { identifiersIn } from '@smart-support/ticket-text';
import { embedTexts } from '../train/embed-tickets';

/** What the storm log holds of a text. */
export interface SeenText {
  readonly likeness: TicketVectors;
  /** How probable it is that it reports that something does not work, in [0, 1]. */
  readonly failure: number;
  /** A digest of what it names; '' if it names nothing. */
  readonly identifiers: string;
}

/** A ticket as the storm log would hold it. */
export interface SeenTicket extends SeenText {
  readonly id: string;
  /** Its topic or its outage. */
  readonly about: string;
}

const NO_WORDS: QuantisedSparseVector = quantiseSparse({ indices: new Uint32Array(), values: new Float32Array() });

/** Texts as they look while the model is away. */
export function seeWords({ vectorise }: Vectoriser, texts: readonly string[]): SeenText[] {
  const failures = createFailureBaseline();
  return texts.map((text) => {
    const likeness = { embedding: null, words: quantiseSparse(vectorise(text)) };
    return { likeness, failure: failures.probability(text), identifiers: identifiersIn(text) };
  });
}

/** Texts as they look with the model in a directory. */
export async function seeMeanings(directory: string, texts: readonly string[]): Promise<SeenText[]> {
  const { vectors, reports, embedder } = await embedTexts(directory, texts);
  const failures = createFailureHead();
  return texts.map((text, at) => {
    const meaning = vectors[at] as Float32Array;
    const isCompared = exclusionOf(text, reports[at] as RunReport) === null;
    const embedding = isCompared ? { model: embedder.name, vector: quantise(meaning) } : null;
    const failure = Math.round(100 * failures.probability(meaning)) / 100;
    return { likeness: { embedding, words: NO_WORDS }, failure, identifiers: identifiersIn(text) };
  });
}

/** The entry of a ticket, by a requester of its own. */
export function entryOf(
  { likeness: { embedding, words }, failure, identifiers }: SeenTicket,
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

/** How alike two tickets are for the storm detector: by embedding if both have one, else by words. */
export function similarityOf({ likeness: a }: SeenTicket, { likeness: b }: SeenTicket): number {
  return a.embedding && b.embedding ? cosine(a.embedding.vector, b.embedding.vector) : sparseCosine(a.words, b.words);
}
