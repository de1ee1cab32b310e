import { wordsOf } from './words';

/** What a monitor puts in for one host, one measurement or one moment: whatever has a digit, and names with dots, such as of a host. */
const PARTICULAR = /\p{N}|[\p{L}\p{M}]\.\p{L}/u;

/**
 * What a program's message is about, with hosts, numbers and moments put aside: the same for the same trouble on another machine.
 * @returns the words without them; the text as it is, if it has no others
 */
export function withoutParticulars(text: string): string {
  const general: string[] = [];
  for (const { word } of wordsOf(text)) if (!PARTICULAR.test(word)) general.push(word);
  return general.length > 0 ? general.join(' ') : text;
}
