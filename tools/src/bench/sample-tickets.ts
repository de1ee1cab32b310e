import { join } from 'node:path';
import { type LabelledTicket, loadTickets } from '../train/dataset';

/** Length to which the texts of the model bench are cut: about two sentences. */
export const SHORT_TEXT = 130;

/** Reads the training tickets. @param root - absolute path of the workspace */
export function readSampleTickets(root: string): readonly LabelledTicket[] {
  return loadTickets(join(root, 'data', 'tickets'));
}

/** Reads the texts of the training tickets: realistic, and all different. @param root - absolute path of the workspace */
export function readSampleTexts(root: string): readonly string[] {
  return readSampleTickets(root).map(({ text }) => text);
}

/**
 * Picks different texts, evenly spread over all of them, for the files are sorted by category.
 * @throws RangeError when there are too few different ones
 */
export function spreadOver(texts: readonly string[], count: number): readonly string[] {
  const different = [...new Set(texts)];
  if (different.length < count) throw new RangeError(`there are only ${different.length} different texts`);
  return Array.from({ length: count }, (_, index) => different[Math.floor((index * different.length) / count)] ?? '');
}

/** Every n-th of some items, from a first one on: the parts from every first one below n together are all items, each once. */
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
