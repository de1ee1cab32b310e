/** The model has no words of more characters: all of them are the same unknown one to it. */
const UNREADABLE = /[\p{L}\p{N}]{101,}/gu;
const READABLE = /[\p{L}\p{N}]/gu;

/** Characters that are read; more adds nothing. */
const LOOKED_AT = 4_000;

/** Whether most letters and digits of a text stand in words too long to be words: attachments and keys that somebody pasted as text. */
export function isMostlyLongWords(text: string): boolean {
  const beginning = text.slice(0, LOOKED_AT);
  const inLongWords = (beginning.match(UNREADABLE) ?? []).reduce((sum, { length }) => sum + length, 0);
  return inLongWords > 0 && 2 * inLongWords >= (beginning.match(READABLE) ?? []).length;
}
