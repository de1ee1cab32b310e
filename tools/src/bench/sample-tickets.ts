import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Length to which the texts of the model bench are cut: about two sentences. */
export const SHORT_TEXT = 130;

/**
 * Reads the texts of the training tickets, so that a bench sees what people write, each text different.
 * @param root - absolute path of the workspace
 * @throws Error when there are none
 */
export function readSampleTexts(root: string): readonly string[] {
  return readSampleTickets(root).map(({ text }) => text);
}

/** As much of a training ticket as a bench may want to know. */
export interface SampleTicket {
  /** Begins with the round of writing that it is from, see `data/README.md`. */
  readonly id: string;
  readonly text: string;
}

/** Reads the training tickets themselves. @throws Error when there are none */
export function readSampleTickets(root: string): readonly SampleTicket[] {
  const directory = join(root, 'data', 'tickets');
  const tickets = readdirSync(directory)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => readFileSync(join(directory, name), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as SampleTicket);
  if (tickets.length === 0) throw new Error(`there are no tickets in ${directory}`);
  return tickets;
}

/**
 * Takes so many of the texts, evenly spread over all of them, each once: the files are sorted by category.
 * @throws RangeError when there are not so many different ones
 */
export function spreadOver(texts: readonly string[], count: number): readonly string[] {
  const different = [...new Set(texts)];
  if (different.length < count) throw new RangeError(`there are only ${different.length} different texts`);
  return Array.from({ length: count }, (_, index) => different[Math.floor((index * different.length) / count)] ?? '');
}

/** Every so many-th of some items, from a first one on: all of these parts together are all items, each once. */
export function everyNth<Item>(items: readonly Item[], step: number, first: number): readonly Item[] {
  return items.filter((_, index) => index % step === first);
}

/** Cuts a text to at most {@link SHORT_TEXT} characters, at the end of a word where there is one. */
export function cutAtWord(text: string): string {
  if (text.length <= SHORT_TEXT) return text;
  const end = text.lastIndexOf(' ', SHORT_TEXT);
  return text.slice(0, end > 0 ? end : SHORT_TEXT);
}

/**
 * Texts of about {@link SHORT_TEXT} characters: longer tickets are cut, shorter ones are joined with those that follow.
 */
export function shortTexts(texts: readonly string[]): readonly string[] {
  const result: string[] = [];
  let collected = '';
  for (const text of texts) {
    collected = collected === '' ? text : `${collected} ${text}`;
    if (collected.length < SHORT_TEXT) continue;
    result.push(cutAtWord(collected));
    collected = '';
  }
  return result;
}
