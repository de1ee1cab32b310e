/**
 * Whether a character belongs to a word of a normalised text: digits, and letters of the Latin script.
 * Signs and emoji do not, so a word may follow them without a blank.
 */
export const isWordCharacter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 95 || (code >= 0xc0 && code <= 0x24f);

/** Words that begin in a part of a text. */
export function countWords(text: string, start: number, end: number): number {
  let words = 0;
  let inWord = start > 0 && isWordCharacter(text.charCodeAt(start - 1));
  for (let at = start; at < end; at++) {
    const isWord = isWordCharacter(text.charCodeAt(at));
    if (isWord && !inWord) words += 1;
    inWord = isWord;
  }
  return words;
}
