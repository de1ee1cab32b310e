import { wordsOf } from './words';

/** What a monitor puts in for one host, one measurement or one moment: whatever has a digit, and names with dots, such as of a host. */
const PARTICULAR = /\p{N}|\p{L}\.\p{L}/u;

/**
 * What a program's message is about, with hosts, numbers and moments put aside: the same for the same trouble on another machine.
 * @returns the words without them; the text as it is, if it has no others
 */
export function withoutParticulars(text: string): string {
  const general: string[] = [];
  for (const { word } of wordsOf(text)) if (!PARTICULAR.test(word)) general.push(word);
  return general.length > 0 ? general.join(' ') : text;
}

const RECOVERY =
  /\b(?:resolved|recovery|recovered|recovers|back (?:up|online|to normal|in service)|(?:is|are) (?:up|ok|healthy|normal)|up again|cleared|closed|all clear)\b|^\W{0,3}(?:ok|up)\b/iu;

/** Said of a trouble that is not over, though a word of recovery is in it. */
const NOT_OVER =
  /\b(?:not|never|isn'?t|hasn'?t|failed to|cannot|can'?t|could not) (?:yet |been |be ){0,2}(?:resolved|recover(?:ed)?|cleared|closed|back|up|ok|healthy|normal)\b|\bunresolved\b/iu;

/** A subject or first line is enough: what follows may quote the trouble. */
const LOOKED_AT = 300;

/** Whether a program's message says that a trouble is over. */
export function isRecovery(text: string): boolean {
  const beginning = text.slice(0, LOOKED_AT);
  return RECOVERY.test(beginning) && !NOT_OVER.test(beginning);
}
